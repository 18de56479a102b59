"""What waits for whoever pays out of wallets and funds."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.money.benefits.models import Batch, Draw, Pledge, Relief
from toadlane.money.benefits.permissions import OFFICERS
from toadlane.money.benefits.queries.batches import total
from toadlane.money.benefits.queries.terms import is_open
from toadlane.money.benefits.queries.wallets import of_person, state
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting


def mine(by: Principal, at: datetime) -> dict[str, Any] | None:
    """Return what somebody's desk shows of their wallet, if they have one."""
    wallet = of_person(by.person_id) if by.person_id and is_open() else None
    return {"wallet": state(wallet)} if wallet else None


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    if not by.person_id or not by.roles & OFFICERS or not is_open():
        return []
    url, found = reverse("benefits:batches", urlconf=COOP_URLS), []
    for batch in Batch.objects.filter(approved_at=None, dropped_at=None).exclude(prepared_by_id=by.person_id)[:5]:
        title = _("Approve days off and emergency help: %(amount)s") % {"amount": formats.money(total(batch))}
        detail = _("Put together by somebody else. Nothing of it is paid before you look.")
        found.append(Waiting(title, detail, url, _("Look"), "clock", batch.prepared_at))
    asked = sum(model.objects.filter(state="asked", batch=None).count() for model in (Draw, Relief))
    if asked:
        title = ngettext("%(n)s payment was asked for", "%(n)s payments were asked for", asked) % {"n": asked}
        found.append(Waiting(title, _("Days off and emergency help. Put a batch together."), url, _("Look"), "coins"))
    if "board" in by.roles and (pledges := Pledge.objects.filter(state=Pledge.State.ASKED).count()):
        title = ngettext("%(n)s pledge to read", "%(n)s pledges to read", pledges) % {"n": pledges}
        url = reverse("benefits:pledges", urlconf=COOP_URLS)
        found.append(Waiting(title, _("They want to be shown as keeping the code of good work."), url, _("Read"), "paper"))
    return found

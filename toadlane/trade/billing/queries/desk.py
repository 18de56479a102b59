"""What waits about invoices and the yearly report: for a member who has to say something, and for the office."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.money.invoicing import queries as invoicing
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members import queries as members
from toadlane.trade.billing.models import SellerRequest
from toadlane.trade.billing.queries import asking
from toadlane.trade.orders.models import Order
from toadlane.ui.shapes import Waiting


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    found = [one for pk in sorted(by.memberships) for one in _of_member(pk, at)]
    if by.roles & {"treasurer", "board"}:
        found += _of_the_office(at)
    return found


def _of_member(pk: int, at: datetime) -> list[Waiting]:
    address = reverse("invoicing:particulars", urlconf=COOP_URLS) + f"?membership={pk}"
    if asking.requests().filter(membership_id=pk).exists():
        lack = next(iter(asking.lacking([pk], at)), None)
        if lack and lack.is_withheld:
            detail = _("It is paid as soon as you have said: %(what)s.") % {"what": lack.words}
            return [Waiting(_("Your pay is held back"), detail, address, _("Say it"), "warn")]
        if lack:
            detail = _("Still missing: %(what)s.") % {"what": lack.words}
            return [Waiting(_("The yearly report on sellers needs something of you"), detail, address, _("Say it"), "coins")]
    sold = Order.objects.filter(provider_id=pk, released_at__isnull=False, total_minor__gt=0)
    if invoicing.particulars_of(pk) is None and sold.exists():
        detail = _("Your invoices wait until you say what stands on them.")
        return [Waiting(_("Invoices without a name"), detail, address, _("Say it"), "coins")]
    return []


def _of_the_office(at: datetime) -> list[Waiting]:
    found = []
    if invoicing.particulars_of(None) is None and Order.objects.filter(released_at__isnull=False, total_minor__gt=0).exists():
        address = reverse("invoicing:index", urlconf=COOP_URLS)
        detail = _("Nothing is issued before you say what stands on the co-op’s invoices.")
        found.append(Waiting(_("Invoices wait for the co-op’s own name"), detail, address, _("Say it"), "coins"))
    if warned := asking.requests().exclude(warned_at=None).count():
        title = ngettext("%(n)s seller has not answered", "%(n)s sellers have not answered", warned) % {"n": warned}
        address = reverse("billing:sellers", urlconf=COOP_URLS)
        detail = _("They were asked three times for what the yearly report needs.")
        found.append(Waiting(title, detail, address, _("Look"), "coins"))
    return found


def own_data(*, person_id: int) -> list[dict[str, Any]]:
    """Return when somebody was asked for the yearly report, for the export of their own data."""
    mine = members.of_person(person_id).values("pk")
    names = ("asked_at", "reminded_at", "warned_at", "ended_at")
    return [
        {name: value.isoformat() for name in names if (value := getattr(row, name))}
        for row in SellerRequest.objects.filter(membership__in=mine).order_by("asked_at")
    ]

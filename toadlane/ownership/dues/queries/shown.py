"""How dues show elsewhere: on the desk, in the books, in what a person takes along."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.ownership.dues.models import Claim, Remittance
from toadlane.ownership.dues.queries.claims import WHOSE, claims, open_claims, remittances, waivers
from toadlane.ownership.dues.queries.late import late_since
from toadlane.ownership.dues.queries.terms import currency
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries as members
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits about dues: one's own to be paid, and for an office how many are late."""
    found = []
    if by.memberships and (own := list(open_claims(membership_ids=by.memberships)[:50])):
        left = Money(sum(one.left.minor for one in own), currency())
        words = {"amount": formats.money(left), "day": formats.day(own[0].due_on)}
        title = _("Your dues: %(amount)s") % words
        detail = _("Due on %(day)s") % words
        found.append(Waiting(title=title, detail=detail, url=reverse("dues:mine"), action=_("Pay them"), icon="coins"))
    if by.roles & {"treasurer", "board"} and Claim.objects.exists():
        late = late_since(timezone.localdate(at))
        if count := len(late):
            detail = ngettext("One member", "%(count)s members", count) % {"count": count}
            title = _("Late with what they owe")
            found.append(Waiting(title=title, detail=detail, url=reverse("dues:owing"), action=_("Look at them"), icon="coins"))
    return found


def own_data(*, person_id: int) -> dict[str, list[dict[str, object]]]:
    """Return a person's dues, for themselves to take along."""
    mine = [row.pk for row in members.of_person(person_id)]
    of_claims = ("period", "amount_minor", "paid_minor", "waived_minor", "waived_because", "currency", "due_on")
    of_waivers = ("from_on", "until_on", "reason", "ended_on")
    of_payments = ("amount_minor", "returned_minor", "reversed_minor", "currency", "state", "asked_at", "paid_at")
    return {
        "claims": _told(claims(membership_ids=mine), of_claims),
        "waivers": _told(waivers(membership_ids=mine), of_waivers),
        "payments": _told(remittances(membership_ids=mine), of_payments),
    }


def _told(rows: Any, names: tuple[str, ...]) -> list[dict[str, object]]:
    return [{name: getattr(row, name) for name in names} for row in rows]


def named(ids: list[str], _by: Principal | None) -> dict[str, Any]:
    """Name the subjects of this room in the books."""
    rows = Remittance.objects.select_related(*WHOSE).filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(row.pk): books.Named(_("Dues of %(name)s") % {"name": row.membership.name}) for row in rows}


def named_periods(ids: list[str], _by: Principal | None) -> dict[str, Any]:
    return {period: books.Named(_("Dues for %(period)s") % {"period": period}) for period in ids}


def named_returns(ids: list[str], by: Principal | None) -> dict[str, Any]:
    """Name what goes back of dues: it is known by the payment that it was left of, and by what had gone back of it before."""
    whose = named([text.partition(":")[0] for text in ids], by)
    return {
        text: books.Named(_("Paid ahead: %(dues)s") % {"dues": whose[pk].label})
        for text in ids if (pk := text.partition(":")[0]) in whose
    }  # fmt: skip

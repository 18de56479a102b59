"""What was entered by hand, and which days were closed."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.ownership.bookkeeping.models import Closing, Draft
from toadlane.ownership.bookkeeping.permissions import SEE_DRAFTS
from toadlane.ownership.bookkeeping.policies import sides
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.people import queries as people
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting


def drafts(*, state: str = "") -> QuerySet[Draft]:
    rows = Draft.objects.select_related("supplier__person", "supplier__organisation").order_by("-pk")
    return rows.filter(state=state) if state else rows


def draft(pk: int) -> Draft | None:
    return Draft.objects.filter(pk=pk).first()


def left_of_bill(bill: Draft) -> sides.Bought:
    """Return what of a bill was not credited, nor is about to be."""
    whole = sides.parts_of(bill.legs)
    gone = [sides.parts_of(one.legs) for one in bill.credits.exclude(state=Draft.State.DECLINED)]
    return sides.Bought(whole.code, whole.net - sum(one.net for one in gone), whole.tax - sum(one.tax for one in gone))


def duties(currency: str) -> dict[str, Money]:
    """Return what is owed on each account of taxes and contributions."""
    stand = {row.code: -row.minor for row in ledger.balances() if row.currency == currency}
    return {code: Money(max(0, stand.get(code, 0)), currency) for code in sides.DUTIES}


def seen_by(rows: Sequence[Draft]) -> list[tuple[Draft, list[str]]]:
    """Return entries with who entered each and who decided on it, by name."""
    known = people.names({pk for row in rows for pk in (row.made_by, row.decided_by) if pk})
    return [(row, [known[pk] for pk in (row.made_by, row.decided_by) if pk in known]) for row in rows]


def closings() -> QuerySet[Closing]:
    return Closing.objects.order_by("-until_on", "-pk")


def closing(pk: int) -> Closing | None:
    return Closing.objects.filter(pk=pk).first()


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits for whoever keeps the books: what another person has entered or wants to close."""
    if not by.may(SEE_DRAFTS):
        return []
    url = reverse("bookkeeping:drafts", urlconf=COOP_URLS)
    found = [
        Waiting(title=_("To book: %(what)s") % {"what": formats.apart(row.text)}, detail=formats.money(row.amount), url=url,
                action=_("Look at it"), icon="coins", at=row.made_at)
        for row in drafts(state=Draft.State.WAITING).exclude(made_by=by.person_id or 0)[:5]
    ]  # fmt: skip
    found += [
        Waiting(title=_("Close the books up to %(day)s?") % {"day": formats.day(row.until_on)}, url=url, action=_("Look at it"),
                detail=_("Somebody asked for it. A second person confirms it."), icon="lock", at=row.asked_at)
        for row in closings().filter(closed_at=None).exclude(asked_by=by.person_id or 0)[:2]
    ]  # fmt: skip
    return found


def draft_names(ids: list[str], _by: Principal | None) -> dict[str, ledger.Named]:
    """Name what the books say an entry by hand is about."""
    rows = Draft.objects.filter(pk__in=[pk for pk in ids if pk.isdigit()])
    kind = Draft.Kind
    called = {kind.BILL: _("Bill"), kind.PAID: _("Bill"), kind.CREDIT: _("Credited bill"), kind.RECEIPT: _("Receipt")}
    plain = _("Entry by hand")
    return {str(row.pk): ledger.Named(f"{called.get(kind(row.kind), plain)} {row.reference}".strip()) for row in rows}


def drafts_are_booked() -> Finding:
    """What was entered and booked by hand stands in the books with the same sides, and nothing else does."""
    rows = list(Draft.objects.filter(state=Draft.State.BOOKED))
    faults = []
    for row in rows:
        entry = ledger.entries(subject=row.subject).first()
        sides = sorted((p.account.code, p.minor) for p in entry.postings.select_related("account")) if entry else []
        if sides != sorted((code, minor) for code, minor in row.legs):
            faults.append(f"draft {row.pk} is not in the books as it was seen")
    return Finding(len(rows), faults)

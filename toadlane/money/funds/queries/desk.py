"""What waits for whoever handles the co-op's money."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.money.funds.models import Disbursement, Expense
from toadlane.money.funds.permissions import OFFICERS
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

MOST = 10


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return payments that a second officer has to make, expenses to look at, and receipts to bring."""
    return [*_officers(by), *_own(by)] if by.person_id else []


def _officers(by: Principal) -> Iterator[Waiting]:
    if not by.roles & OFFICERS:
        return
    prepared = Disbursement.objects.filter(paid_at=None, dropped_at=None).exclude(prepared_by_id=by.person_id)
    for row in prepared.exclude(expense__person_id=by.person_id).select_related("expense")[:MOST]:
        title = _("Pay %(amount)s: %(purpose)s") % {"amount": formats.money(row.amount), "purpose": row.expense.purpose}
        yield Waiting(title, _("Prepared; a second officer pays it."), _page(row.expense), _("Look"), "clock", row.prepared_at)
    asked = Expense.objects.filter(state=Expense.State.OPEN).exclude(
        pk__in=Disbursement.objects.filter(paid_at=None, dropped_at=None).values("expense_id")
    )
    for one in asked.order_by("claimed_at", "pk")[:MOST]:
        title = _("Expense %(number)s: %(purpose)s") % {"number": one.number, "purpose": one.purpose}
        yield Waiting(title, formats.money(one.amount), _page(one), _("Look"), "paper", one.claimed_at)


def _own(by: Principal) -> Iterator[Waiting]:
    for one in Expense.objects.filter(person_id=by.person_id, state=Expense.State.ADVANCED).order_by("claimed_at")[:MOST]:
        yield Waiting(
            one.purpose, _("It was paid in part. Bring the receipt."), _page(one), _("Bring it"), "paper", one.claimed_at
        )


def _page(expense: Expense) -> str:
    return reverse("funds:expense", urlconf=COOP_URLS, args=[expense.number])

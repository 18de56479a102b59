"""How the books call an expense, who may open its receipts, and what is kept about a person."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.money.funds.models import Expense
from toadlane.money.funds.permissions import SEE_CLOSELY, SEE_EXPENSES
from toadlane.money.ledger.queries.names import Named
from toadlane.plumbing.access.principals import Principal


def named(ids: list[str], by: Principal | None) -> Mapping[str, Named]:
    """Name `expense:12` in the books: number, purpose and the decision it rests on."""
    rows = Expense.objects.filter(pk__in=[pk for pk in ids if pk.isdigit()]).select_related("approval__decision")
    may_read = by is not None and bool(by.may(SEE_EXPENSES))
    found = {}
    for row in rows:
        known = {"number": row.number, "purpose": row.purpose, "decision": row.approval.decision.name if row.approval else ""}
        text = (
            _("Expense %(number)s, decision %(decision)s: %(purpose)s") if row.approval else _("Expense %(number)s: %(purpose)s")
        )
        found[str(row.pk)] = Named(text % known, reverse("funds:expense", args=[row.number]) if may_read else "")
    return found


def reads(by: Principal, subject_id: str) -> bool:
    """Whether somebody may open the receipts of an expense."""
    row = Expense.objects.filter(pk=int(subject_id)).first() if subject_id.isdigit() else None
    return row is not None and bool(by.may(SEE_CLOSELY, row))


def own_data(*, person_id: int) -> list[dict[str, Any]]:
    """Return what somebody asked to be paid for, for the export of their own data."""
    return [
        {"expense": one.number, "purpose": one.purpose, "note": one.note, "amount": str(one.amount), "payee": one.payee,
         "account": one.payee_account, "state": one.state, "claimed_at": one.claimed_at.isoformat()}
        for one in Expense.objects.filter(person_id=person_id).order_by("number")
    ]  # fmt: skip

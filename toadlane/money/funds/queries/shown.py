"""An expense as people read it: what happened to it, and what can be done now."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.funds.models import Disbursement, Expense
from toadlane.money.funds.permissions import OFFICERS, OWN, SEE_CLOSELY
from toadlane.money.funds.policies import most_in_advance
from toadlane.money.funds.queries.spending import advanced, limits, receipts, remaining
from toadlane.money.funds.rules import ADVANCE
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files.models import Document
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.people import queries as people
from toadlane.ui import formats
from toadlane.ui.shapes import Decided, Moment


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that somebody may see and do of an expense.

    :param prepared: a payment that waits for a second officer
    :param decided: the decision it rests on, for the mark
    :param deeds: what the reader can do now, by name
    """

    expense: Expense
    receipts: list[Document]
    sees_closely: bool
    story: list[Moment]
    prepared: Disbursement | None
    decided: Decided | None
    left: Money | None
    advanced: Money
    owed_back: Money
    most_in_advance: Money
    rest: Money
    within_limit: bool
    deeds: frozenset[str]


def page(expense: Expense, by: Principal) -> Page:
    rows = list(expense.disbursements.all())
    prepared = next((row for row in rows if row.paid_at is None and row.dropped_at is None), None)
    files, out = receipts(expense), advanced(expense)
    book, unit = bylaws.book(), expense.currency
    used = expense.amount_minor if expense.state == Expense.State.PAID else 0
    most = most_in_advance(expense.amount_minor, book.maybe(ADVANCE) or Fraction(0)) - out if expense.approval else 0
    found: dict[str, Any] = {
        "expense": expense, "receipts": files, "sees_closely": bool(by.may(SEE_CLOSELY, expense)), "prepared": prepared,
        "story": _story(expense, rows), "decided": _decided(expense), "advanced": Money(out, unit),
        "owed_back": Money(max(out - used, 0), unit), "most_in_advance": Money(max(most, 0), unit),
        "rest": Money(max(expense.amount_minor - out, 0), unit),
        "left": Money(remaining(expense.approval), unit) if expense.approval else None,
        "within_limit": expense.approval is None and expense.amount_minor <= limits(book, unit).one.minor,
    }  # fmt: skip
    return Page(**found, deeds=_deeds(expense, by, found))


def _deeds(expense: Expense, by: Principal, found: dict[str, Any]) -> frozenset[str]:
    own, officer = bool(by.may(OWN, expense)), bool(by.roles & OFFICERS)
    prepared, out = found["prepared"], found["advanced"]
    assert isinstance(prepared, Disbursement | None) and isinstance(out, Money)
    deeds = set()
    if expense.is_open and prepared is None:
        rests = expense.approval is not None
        deeds |= {"correct"} if own else set()
        deeds |= {"under", "ask"} if (own or officer) and not rests else set()
        deeds |= {"withdraw"} if own and not out.minor else set()
        deeds |= {"decline"} if officer and not out.minor else set()
        if officer and found["receipts"] and expense.amount_minor > out.minor and (rests or found["within_limit"]):
            deeds.add("prepare")
        if officer and found["receipts"] and out.minor and expense.amount_minor <= out.minor:
            deeds.add("settle")
        if officer and rests and found["most_in_advance"].minor:
            deeds.add("advance")
    if officer and prepared is not None:
        deeds.add("drop")
        if by.person_id not in (prepared.prepared_by_id, expense.person_id):
            deeds.add("pay")
    if own and expense.is_open:
        deeds.add("receipt")
    if officer and prepared is None and found["owed_back"].minor:
        deeds.add("back")
    return frozenset(deeds)


def _decided(expense: Expense) -> Decided | None:
    if expense.approval is None:
        return None
    decision = expense.approval.decision
    title = _("Up to %(amount)s for: %(purpose)s") % {
        "amount": formats.money(expense.approval.amount), "purpose": expense.approval.purpose
    }  # fmt: skip
    return Decided(decision.name, title, formats.listed([decision.get_outcome_display(), formats.day(decision.decided_at)]))


def _story(expense: Expense, rows: list[Disbursement]) -> list[Moment]:
    names = people.names({pk for row in rows for pk in (row.prepared_by_id, row.paid_by_id) if pk})
    told: list[tuple[datetime, Moment]] = [
        (expense.claimed_at, Moment(expense.claimed_at, _("asked for it to be paid."), who=expense.name))
    ]
    for row in rows:
        amount = {"amount": formats.money(row.amount)}
        who = names.get(row.prepared_by_id, "")
        told.append((row.prepared_at, Moment(row.prepared_at, _("prepared the payment of %(amount)s.") % amount, who=who)))
        if row.paid_at:
            words = _("paid %(amount)s in advance.") if row.is_advance else _("paid %(amount)s.")
            told.append((row.paid_at, Moment(row.paid_at, words % amount, who=names.get(row.paid_by_id or 0, ""))))
        if row.dropped_at:
            told.append((row.dropped_at, Moment(row.dropped_at, _("The payment of %(amount)s was dropped.") % amount)))
    if expense.ended_at and expense.state == Expense.State.DECLINED:
        told.append((expense.ended_at, Moment(expense.ended_at, _("Declined: %(reason)s") % {"reason": expense.reason})))
    if expense.ended_at and expense.state == Expense.State.WITHDRAWN:
        told.append((expense.ended_at, Moment(expense.ended_at, _("taken back."), who=expense.name)))
    return [moment for _at, moment in sorted(told, key=lambda one: one[0])]

"""The client's money: in one piece, in parts, too much of it, or never."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries as paying
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.trade.assignments import queries, rules
from toadlane.trade.assignments.events import AssignmentDefaulted, AssignmentPaid, AssignmentPaidInPart
from toadlane.trade.assignments.models import Assignment, Contract, Receipt
from toadlane.trade.assignments.permissions import FUND, RUN
from toadlane.trade.assignments.services.charging import RECEIVABLE, SET_ASIDE, VAT, locked
from toadlane.trade.assignments.services.errors import NothingLeft, OtherClient, ReasonNeeded, WagesFirst, WrongMoment

HELD, BAD_DEBTS = "2100", "6210"
STATE = Assignment.State


@transaction.atomic
def receive(*, assignment: Assignment, payment_id: str, minor: int, by: Principal, at: datetime) -> Assignment:
    """Book money of the client's. Told twice, it happens once. Money for what was given up undoes that first.

    Of a part, the guarantee fund gets back what the part has for labor, and the activity the rest once all is paid. What is
    more than was owed is the client's, until somebody decides what becomes of it.
    """
    by.must(RUN)
    assignment = locked(assignment)
    key = f"payment:{payment_id}"
    if assignment.invoice_id is None or Receipt.objects.filter(key=key).exists():
        return assignment
    if assignment.state == STATE.DEFAULTED:
        _revive(assignment, by=by, at=at)
    return _received(assignment, minor, key=key, out_of=ledger.debit(HELD, _of(assignment, minor)), by=by, at=at)


def _of(assignment: Assignment, minor: int) -> Money:
    return Money(minor, assignment.currency)


def _received(
    assignment: Assignment, minor: int, *, key: str, out_of: ledger.Leg, by: Principal, at: datetime
) -> Assignment:  # fmt: skip
    came = queries.standing(assignment).receive(minor)
    legs = [out_of]
    if came.applied:
        legs.append(ledger.credit(RECEIVABLE, _of(assignment, came.applied), holder=assignment.subject))
    if came.over:
        legs.append(ledger.credit(queries.CREDIT, _of(assignment, came.over), holder=assignment.subject))
    legs += [*repaid(assignment, came.repaid), *released(assignment, came.released)]
    ledger.post(
        key=f"{assignment.subject}:paid:{key}"[:120], narration=_("Paid by a client"), subject=assignment.subject, postings=legs,
        by=by, at=at,
    )  # fmt: skip
    Receipt.objects.create(assignment=assignment, key=key, applied_minor=came.applied, over_minor=came.over, at=at)
    assignment.received_minor += came.applied
    assignment.released_minor += came.released
    settles = assignment.state == STATE.INVOICED and not assignment.to_pay
    if settles:
        assignment.state, assignment.paid_at = STATE.PAID, at
    assignment.save(update_fields=["received_minor", "released_minor", "state", "paid_at"])
    about: dict[str, Any] = {
        "assignment_id": assignment.pk,
        "activity_id": assignment.activity_id,
        "currency": assignment.currency,
    }
    if settles:
        events.publish(AssignmentPaid(**about, minor=assignment.received_minor))
    elif came.applied:
        events.publish(AssignmentPaidInPart(**about, minor=came.applied, owed_minor=assignment.to_pay.minor))
    return assignment


def repaid(assignment: Assignment, minor: int) -> list[ledger.Leg]:
    """Take what the fund has out for an order off both of its sides: it is out no longer."""
    if not minor:
        return []
    return [
        ledger.debit(queries.ADVANCES, _of(assignment, minor), holder=assignment.subject),
        ledger.credit(queries.ADVANCES, _of(assignment, minor), holder=queries.FUNDS_SIDE),
    ]


def released(assignment: Assignment, minor: int) -> list[ledger.Leg]:
    """Put what has come for labor into the budget of its activity."""
    if not minor:
        return []
    amount = _of(assignment, minor)
    return [ledger.debit(SET_ASIDE, amount), ledger.credit(queries.BUDGETS, amount, holder=assignment.activity.holder)]


@transaction.atomic
def give_up(*, assignment: Assignment, reason: str, by: Principal, at: datetime) -> Assignment:
    """Say that the client will never pay what is still owed. The guarantee fund bears what it advanced, the co-op the rest.

    :raises WagesFirst: while wages are to be paid that the fund answers for
    :raises WrongMoment, ReasonNeeded:
    """
    by.must(FUND, assignment)
    if not reason.strip():
        raise ReasonNeeded
    assignment = locked(assignment)
    if assignment.state != STATE.INVOICED:
        raise WrongMoment
    planned = assignment.contracts.filter(state=Contract.State.PLANNED)
    if planned.exists() and not queries.why_not_guaranteed(assignment):
        raise WagesFirst
    planned.update(state=Contract.State.CANCELLED)
    assignment.vat_relieved = queries.terms.flag(rules.VAT_RELIEF)
    lost = queries.standing(assignment).give_up(is_relieved=assignment.vat_relieved)
    if shared := [*repaid(assignment, lost.repaid), *released(assignment, lost.released)]:
        ledger.post(
            key=f"{_given_up(assignment)}:shared", narration=_("Shared: what a client paid"), subject=assignment.subject,
            postings=shared, by=by, at=at,
        )  # fmt: skip
    legs = [ledger.credit(RECEIVABLE, _of(assignment, lost.owed), holder=assignment.subject)]
    if lost.vat:
        legs.append(ledger.debit(VAT, _of(assignment, lost.vat), rule=rules.VAT_RELIEF))
    if lost.fund:
        legs.append(ledger.debit(queries.FUND, _of(assignment, lost.fund), purpose="client_default"))
        legs += repaid(assignment, lost.fund)
    if lost.lost:
        legs.append(ledger.debit(BAD_DEBTS, _of(assignment, lost.lost)))
    ledger.post(
        key=_given_up(assignment), narration=_("Given up: a client does not pay"), subject=assignment.subject, postings=legs,
        by=by, at=at,
    )  # fmt: skip
    assignment.state, assignment.defaulted_at, assignment.defaulted_because = STATE.DEFAULTED, at, reason.strip()[:400]
    assignment.released_minor += lost.released
    assignment.save(update_fields=["state", "defaulted_at", "defaulted_because", "vat_relieved", "released_minor"])
    events.publish(AssignmentDefaulted(
        assignment_id=assignment.pk, activity_id=assignment.activity_id, minor=lost.owed, currency=assignment.currency,
    ))  # fmt: skip
    return assignment


def _given_up(assignment: Assignment) -> str:
    """Return the key under which it is given up: between one time and the next money came, or it would not be owed again."""
    times = assignment.receipts.count()
    return f"{assignment.subject}:given-up" + (f":{times}" if times else "")


def _revive(assignment: Assignment, *, by: Principal, at: datetime) -> None:
    """Put back what was given up, each part where it came from: the client owes it again."""
    key = _given_up(assignment)
    ledger.post(
        key=f"{key}:undone", narration=_("Not given up after all"), subject=assignment.subject, by=by, at=at,
        postings=queries.undoing(key),
    )  # fmt: skip
    assignment.state = STATE.INVOICED
    assignment.save(update_fields=["state"])


@transaction.atomic
def set_off(*, assignment: Assignment, target: Assignment, key: str, by: Principal, at: datetime) -> Assignment:
    """Put what a client has with the co-op against another invoice of theirs, as far as it is owed. Returns that one.

    :param key: of the intent: the same key sets off once
    :raises OtherClient: when it is not theirs
    :raises NothingLeft, WrongMoment:
    """
    by.must(FUND, assignment)
    kept = f"set-off:{assignment.pk}:{key}"[:120]
    first, second = sorted((assignment, target), key=lambda one: one.activity_id)
    by_pk = {one.pk: one for one in (locked(first), locked(second))}
    assignment, target = by_pk[assignment.pk], by_pk[target.pk]
    if Receipt.objects.filter(key=kept).exists():
        return target
    theirs = (assignment.client_email.casefold(), assignment.currency)
    if assignment.pk == target.pk or theirs != (target.client_email.casefold(), target.currency):
        raise OtherClient
    if target.state != STATE.INVOICED:
        raise WrongMoment
    minor = min(queries.credit_of(assignment).minor, target.to_pay.minor)
    if minor <= 0:
        raise NothingLeft
    out_of = ledger.debit(queries.CREDIT, _of(assignment, minor), holder=assignment.subject)
    target = _received(target, minor, key=kept, out_of=out_of, by=by, at=at)
    ask_for_rest(target, by=by, at=at)
    return target


def give_back(*, assignment: Assignment, by: Principal, at: datetime) -> Money:
    """Send a client back what they have with the co-op. A person sends it, and another one confirms: never in a transaction.

    :returns: how much that is
    :raises NothingLeft: when there is nothing, or it is on its way
    """
    by.must(FUND, assignment)
    left = total = queries.credit_of(assignment).minor
    for payment in paying.paid_for(assignment.subject):
        part = min(left, payment.captured_minor - payment.refunded_minor)
        if part > 0:
            amount = _of(assignment, part)
            payments.refund(
                payment=payment, amount=amount, key=f"{assignment.subject}:back:{payment.pk}:{payment.refunded_minor}", by=by,
                at=at, debits=[ledger.debit(queries.CREDIT, amount, holder=assignment.subject)],
            )  # fmt: skip
            left -= part
    if left == total:
        raise NothingLeft
    return _of(assignment, total - left)


def ask_for_rest(assignment: Assignment, *, by: Principal, at: datetime) -> None:
    """Ask the client for what is still owed, and for nothing more."""
    waiting = paying.waiting_for(assignment.subject)
    rest = assignment.to_pay if assignment.state == STATE.INVOICED else _of(assignment, 0)
    if sum(one.amount_minor for one in waiting) == rest.minor:
        return
    for number, payment in enumerate(waiting):
        payments.ask_instead(payment=payment, amounts=[rest] if rest and not number else [], by=by, at=at)

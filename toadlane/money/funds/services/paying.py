"""Paying for an expense: one officer prepares it, another pays, and the books name the decision."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.funds import policies, queries
from toadlane.money.funds.events import ExpensePaid
from toadlane.money.funds.models import Approval, Disbursement, Expense
from toadlane.money.funds.permissions import HANDLE, PAY
from toadlane.money.funds.rules import ADVANCE, LIMIT
from toadlane.money.funds.services.errors import (
    BelongsToOthers,
    NoReceipt,
    NotAnAmount,
    NotDecided,
    NothingAdvanced,
    NotOpen,
    OneByOne,
    OverDecided,
    OverMonth,
    OwnExpense,
    SecondPersonNeeded,
    TooMuchInAdvance,
)
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments.services import payouts as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.services import Halted
from toadlane.society.coops import queries as coops
from toadlane.ui import formats


@transaction.atomic
def prepare(
    *, expense: Expense, key: str, by: Principal, at: datetime, advance: Money | None = None
) -> Disbursement:  # fmt: skip
    """Prepare the payment of an expense, or an advance on it. Another officer pays it.

    Without a decision it is possible up to the officers' limit, in one payment, and out of what no fund restricts.

    :param key: from the intent; the same key prepares once
    :raises NotDecided, OverDecided, OverMonth, TooMuchInAdvance, NoReceipt: saying what stands in the way
    """
    by.must(PAY, expense)
    # One after the other in a co-op: the sums of a month and of a decision are taken once.
    Tenant.lock_current()
    if known := Disbursement.objects.filter(key=key[:120]).first():
        return known
    expense = Expense.objects.select_for_update(of=("self",)).select_related("approval").get(pk=expense.pk)
    if not expense.is_open:
        raise NotOpen
    if expense.disbursements.filter(paid_at=None, dropped_at=None).exists():
        raise OneByOne
    wanted = _advance(expense, advance) if advance else _rest(expense)
    return Disbursement.objects.create(
        expense=expense, key=key[:120], prepared_by_id=by.person_id, prepared_at=at, is_advance=advance is not None,
        amount_minor=wanted.minor, currency=wanted.currency, **_basis(expense, wanted, at),
    )  # fmt: skip


def _advance(expense: Expense, advance: Money) -> Money:
    if expense.approval is None:
        raise NotDecided(_("Only what members decided is paid in advance."))
    part = bylaws.book().maybe(ADVANCE) or Fraction(0)
    most = policies.most_in_advance(expense.amount_minor, part) - queries.advanced(expense)
    if advance.currency != expense.currency or advance.minor <= 0:
        raise NotAnAmount
    if advance.minor > most:
        raise TooMuchInAdvance(hint=_("At most %(most)s.") % {"most": formats.money(Money(max(most, 0), expense.currency))})
    return advance


def _rest(expense: Expense) -> Money:
    if not queries.receipts(expense):
        raise NoReceipt
    rest = expense.amount_minor - queries.advanced(expense)
    if rest <= 0:
        raise NothingAdvanced(_("Nothing is left to pay. Account for the advance."))
    return Money(rest, expense.currency)


def _basis(expense: Expense, wanted: Money, at: datetime) -> dict[str, Any]:
    """Return what a payment rests on: the decision, or the officers' limit as the bylaws say it now."""
    if expense.approval is not None:
        _still_allowed(expense.approval, at)
        left = queries.remaining(Approval.objects.select_for_update(no_key=True).get(pk=expense.approval.pk))
        if wanted.minor > left:
            raise OverDecided(hint=_("%(left)s of it are left.") % {"left": formats.money(Money(left, wanted.currency))})
        return {"approval": expense.approval}
    known = queries.limits(bylaws.book(), expense.currency)
    if wanted.currency != known.one.currency or wanted.minor > known.one.minor or policies.SOURCES[expense.source]:
        raise NotDecided
    if queries.month_so_far(at, wanted.currency) + wanted.minor > known.month.minor:
        raise OverMonth
    return {"limit_minor": known.one.minor, "rule_version": known.version}


def _still_allowed(approval: Approval, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(coops.of_scope(current_coop_id()).time_zone)).date()
    if approval.until and today > approval.until:
        raise NotDecided(_("The members let it be spent until %(day)s.") % {"day": formats.day(approval.until)})


@transaction.atomic
def drop(*, disbursement: Disbursement, by: Principal, at: datetime) -> Disbursement:
    """Leave a prepared payment be. It stays on the list as dropped."""
    by.must(PAY, disbursement.expense)
    if not Disbursement.objects.filter(pk=disbursement.pk, paid_at=None, dropped_at=None).update(dropped_at=at):
        raise NotOpen
    disbursement.refresh_from_db()
    return disbursement


@transaction.atomic
def pay(*, disbursement: Disbursement, by: Principal, at: datetime) -> Disbursement:
    """Pay what another officer prepared, and book it. Asked again it answers with the payment that was made.

    :raises SecondPersonNeeded, OwnExpense: two officers pay, and neither for themselves
    :raises BelongsToOthers: when it would be paid with money that is held for others
    :raises Halted: while guardians hold payments back
    """
    by.must(PAY, disbursement.expense)
    Tenant.lock_current()
    disbursement = Disbursement.objects.select_related("approval__decision").get(pk=disbursement.pk)
    if disbursement.paid_at:
        return disbursement
    if disbursement.dropped_at:
        raise NotOpen
    expense = Expense.objects.select_for_update(of=("self",)).select_related("approval__decision").get(pk=disbursement.expense_id)
    _may_pay(disbursement, expense, by, at)
    if disbursement.approval is not None:
        Approval.objects.select_for_update(no_key=True).get(pk=disbursement.approval.pk)
    # Conditional: of two who press at once, one pays and the other sees it paid.
    paid = Disbursement.objects.filter(pk=disbursement.pk, paid_at=None, dropped_at=None)
    if not paid.update(paid_by=by.person_id, paid_at=at):
        raise NotOpen
    disbursement.refresh_from_db()
    _book(disbursement, expense, by, at)
    state = Expense.State.ADVANCED if disbursement.is_advance else Expense.State.PAID
    ended_at = None if disbursement.is_advance else at
    Expense.objects.filter(pk=expense.pk).update(state=state, ended_at=ended_at)
    events.publish(ExpensePaid(
        expense_id=expense.pk, disbursement_id=disbursement.pk, number=expense.number, decision=_decision(expense),
        amount_minor=disbursement.amount_minor, currency=disbursement.currency,
    ))  # fmt: skip
    return disbursement


def _may_pay(disbursement: Disbursement, expense: Expense, by: Principal, at: datetime) -> None:
    if by.person_id == disbursement.prepared_by_id:
        raise SecondPersonNeeded
    if by.person_id == expense.person_id:
        raise OwnExpense
    if halt := bylaws.halted("payouts.batch", at):
        raise Halted(hint=halt.reasons[:300])
    if disbursement.approval is not None:
        _still_allowed(disbursement.approval, at)
    if disbursement.amount_minor > queries.own_money(disbursement.currency).minor:
        raise BelongsToOthers


def _decision(expense: Expense) -> str:
    return expense.approval.decision.name if expense.approval else ""


def _narration(expense: Expense) -> str:
    """Return what stands in the books: the decision it rests on, and what it is for."""
    about = f"Decision {_decision(expense)}" if expense.approval else "Below the officers’ limit"
    return f"{about}: {expense.purpose}"[:200]


def _book(disbursement: Disbursement, expense: Expense, by: Principal, at: datetime) -> None:
    rule: dict[str, Any] = {} if expense.approval else {"rule": LIMIT, "rule_version": disbursement.rule_version}
    if disbursement.is_advance:
        legs = [ledger.debit(policies.ADVANCES, disbursement.amount, holder=expense.subject)]
    else:
        purpose = policies.SOURCES[expense.source]
        legs = [ledger.debit(expense.source, expense.amount, purpose=purpose, **rule), *_off_the_advance(expense)]
    ledger.post(
        key=f"expense-payment:{disbursement.pk}", narration=_narration(expense), subject=expense.subject, by=by, at=at,
        postings=[*legs, ledger.credit(policies.BANK, disbursement.amount, **rule), *payments.into_the_bank(disbursement.amount)],
    )  # fmt: skip


def _off_the_advance(expense: Expense) -> list[ledger.Leg]:
    used = min(queries.advanced(expense), expense.amount_minor)
    return [ledger.credit(policies.ADVANCES, Money(used, expense.currency), holder=expense.subject)] if used else []


@transaction.atomic
def settle(*, expense: Expense, by: Principal, at: datetime) -> Expense:
    """Account for an advance that was enough: the receipt is there, and no more is paid."""
    by.must(HANDLE, expense)
    expense = Expense.objects.select_for_update(of=("self",)).select_related("approval__decision").get(pk=expense.pk)
    if expense.state == Expense.State.PAID:
        return expense
    if expense.state != Expense.State.ADVANCED or expense.amount_minor > queries.advanced(expense):
        raise NothingAdvanced
    if not queries.receipts(expense):
        raise NoReceipt
    ledger.post(
        key=f"expense-settled:{expense.pk}", narration=_narration(expense), subject=expense.subject, by=by, at=at,
        postings=[
            ledger.debit(expense.source, expense.amount, purpose=policies.SOURCES[expense.source]), *_off_the_advance(expense),
        ],
    )  # fmt: skip
    expense.state, expense.ended_at = Expense.State.PAID, at
    expense.save(update_fields=["state", "ended_at"])
    return expense


@transaction.atomic
def take_back(*, expense: Expense, amount: Money, key: str, by: Principal, at: datetime) -> Expense:
    """Book what came back of an advance.

    :param key: from the intent; the same key books once
    :raises NothingAdvanced: when not that much of an advance is out
    """
    by.must(HANDLE, expense)
    expense = Expense.objects.select_for_update(of=("self",)).select_related("approval__decision").get(pk=expense.pk)
    known = f"expense-returned:{expense.pk}:{key}"[:120]
    if JournalEntry.objects.filter(key=known).exists():
        return expense
    used = expense.amount_minor if expense.state == Expense.State.PAID else 0
    if amount.currency != expense.currency or not 0 < amount.minor <= queries.advanced(expense) - used:
        raise NothingAdvanced
    ledger.post(
        key=known, narration=_narration(expense), subject=expense.subject, by=by, at=at,
        postings=[ledger.debit(policies.BANK, amount), ledger.credit(policies.ADVANCES, amount, holder=expense.subject)],
    )  # fmt: skip
    expense.returned_minor += amount.minor
    if expense.state == Expense.State.ADVANCED and not queries.advanced(expense):
        expense.state = Expense.State.OPEN
    expense.save(update_fields=["returned_minor", "state"])
    return expense

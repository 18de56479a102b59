"""Asking that something be paid for, up to the point where officers may pay it."""

from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.money import Money
from toadlane.money.funds import queries
from toadlane.money.funds.events import ExpenseClaimed
from toadlane.money.funds.models import Approval, Expense
from toadlane.money.funds.permissions import CLAIM, HANDLE, OWN
from toadlane.money.funds.policies import MOST_MINOR
from toadlane.money.funds.services.errors import (
    Decided,
    NotAnAccount,
    NotAnAmount,
    NothingAdvanced,
    NotOpen,
    OneByOne,
    OverDecided,
    PayeeDiffers,
)
from toadlane.money.payments.policies import accounts
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import services as files
from toadlane.plumbing.files.models import Document
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members import queries as members
from toadlane.society.people import queries as people


@transaction.atomic
def claim(
    *, purpose: str, amount: Money, payee: str, by: Principal, at: datetime, payee_account: str = "", note: str = "",
    approval: Approval | None = None,
) -> Expense:  # fmt: skip
    """Ask that something be paid for.

    :param payee: who is to have the money: whoever bought it, or whoever sells it
    :param approval: what members decided to spend, where this is part of it
    :param payee_account: an IBAN, or nothing
    :raises OverDecided, PayeeDiffers: when the decision does not allow it
    :raises NotAnAccount: when what is said to be an account is none
    """
    by.must(CLAIM)
    _sound(amount)
    account = accounts.iban(payee_account)
    if payee_account.strip() and not account:
        raise NotAnAccount
    Tenant.lock_current()
    voice = members.register().filter(pk__in=by.memberships).order_by("pk")[0]
    person = people.names({by.person_id or 0}).get(by.person_id or 0, "")
    made = Expense(
        number=(Expense.objects.aggregate(last=Max("number"))["last"] or 0) + 1, membership=voice, person_id=by.person_id or 0,
        name=(f"{person}, {voice.name}" if voice.organisation_id else person)[:160], purpose=purpose.strip()[:200],
        note=note.strip()[:2000], amount_minor=amount.minor, currency=amount.currency, payee=payee.strip()[:160],
        payee_account=account, claimed_at=at,
    )  # fmt: skip
    if approval is not None:
        _fits(made, approval)
        made.approval, made.source = approval, approval.source
    made.save()
    events.publish(ExpenseClaimed(expense_id=made.pk, number=made.number))
    return made


def add_receipt(*, expense: Expense, file: IO[bytes], name: str, by: Principal, at: datetime) -> Document:
    """Attach a receipt: a PDF or a photo."""
    by.must(OWN, expense)
    if not expense.is_open:
        raise NotOpen
    return files.add_document(file=file, name=name, subject=expense.subject, by=by, at=at)


@transaction.atomic
def put_under(*, expense: Expense, approval: Approval, by: Principal, at: datetime) -> Expense:
    """Say which decision allows it.

    :raises Decided: when it rests on one already; OneByOne: when it is about to be paid
    """
    by.must(OWN if by.person_id == expense.person_id else HANDLE, expense)
    expense = _locked(expense)
    if expense.approval_id:
        raise Decided
    _fits(expense, approval)
    expense.approval, expense.source = approval, approval.source
    expense.save(update_fields=["approval", "source"])
    return expense


@transaction.atomic
def correct(*, expense: Expense, amount: Money, by: Principal, at: datetime) -> Expense:
    """Say what it really cost, as the receipt shows."""
    by.must(OWN, expense)
    _sound(amount)
    expense = _locked(expense)
    if amount.currency != expense.currency:
        raise NotAnAmount
    before, expense.amount_minor = expense.amount_minor, amount.minor
    if expense.approval is not None and amount.minor > before:
        _fits(expense, expense.approval)
    expense.save(update_fields=["amount_minor"])
    return expense


@transaction.atomic
def withdraw(*, expense: Expense, by: Principal, at: datetime) -> Expense:
    """Take it back. What was paid in advance has to come back first."""
    by.must(OWN, expense)
    return _end(expense, Expense.State.WITHDRAWN, "", at)


@transaction.atomic
def decline(*, expense: Expense, reason: str, by: Principal, at: datetime) -> Expense:
    """Say no, and why."""
    by.must(HANDLE, expense)
    return _end(expense, Expense.State.DECLINED, reason.strip()[:400] or _("No reason was given."), at)


@transaction.atomic
def ask_members(*, expense: Expense, by: Principal, at: datetime) -> Any:
    """Begin a proposal that this be paid; return the draft, which its author reads over and brings forward."""
    by.must(OWN if by.person_id == expense.person_id else HANDLE, expense)
    if expense.approval_id or not expense.is_open:
        raise Decided
    payload = {
        "amount": expense.amount_minor, "currency": expense.currency, "purpose": expense.purpose, "source": expense.source,
        "payee": expense.payee, "expense": expense.number,
    }  # fmt: skip
    words = {"title": expense.purpose[:160], "text": expense.note}
    return proposals.begin_draft(part={"kind": "spend", "payload": payload}, words=words, by=by, at=at)


def _sound(amount: Money) -> None:
    if not 0 < amount.minor <= MOST_MINOR:
        raise NotAnAmount


def _fits(expense: Expense, approval: Approval) -> None:
    approval = Approval.objects.select_for_update(no_key=True).get(pk=approval.pk)
    taken = queries.advanced(expense) if expense.pk else 0
    if expense.currency != approval.currency or expense.amount_minor - taken > queries.remaining(approval):
        raise OverDecided
    if not approval.pays(expense.payee):
        raise PayeeDiffers(hint=_("Decided was: %(payee)s.") % {"payee": approval.payee})


def _locked(expense: Expense) -> Expense:
    expense = Expense.objects.select_for_update(of=("self",)).select_related("approval").get(pk=expense.pk)
    if not expense.is_open:
        raise NotOpen
    if expense.disbursements.filter(paid_at=None, dropped_at=None).exists():
        raise OneByOne
    return expense


def _end(expense: Expense, state: str, reason: str, at: datetime) -> Expense:
    expense = _locked(expense)
    if queries.advanced(expense):
        raise NothingAdvanced(_("It was paid in part. Account for that first, or give it back."))
    expense.state, expense.reason, expense.ended_at = state, reason, at
    expense.save(update_fields=["state", "reason", "ended_at"])
    return expense

"""Settling an account of credit: paying what one owes in money, leaving to the co-op what one has, and closing by decision."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.policies.chart import COOP, CREDIT, CREDIT_OF_THE_COOP
from toadlane.money.payments import queries
from toadlane.money.payments.models import CreditClosing, CreditLine, Method, Payment, State
from toadlane.money.payments.permissions import CLOSE_CREDIT, SETTLE, SPEND
from toadlane.money.payments.queries import credit
from toadlane.money.payments.services.charging import begin
from toadlane.money.payments.services.errors import NotPossible, SecondPersonNeeded, TooMuch
from toadlane.money.payments.services.in_credit import MONEY_HELD
from toadlane.money.payments.services.refunds import owe_by_hand
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members.models import Membership

SUBJECT, GIFTS, FORGIVEN = "credit", "4300", "6210"


class NothingToSettle(Expected):
    words = gettext_lazy("There is nothing to settle: this account of credit is at nothing.")


class StillHeld(Expected):
    words = gettext_lazy("An order under way has been promised credit of this account. Wait until it is done or called off.")


class NotOnesOwn(Expected):
    words = gettext_lazy("Somebody else decides about your own account.")
    status = 403


def pay_off(*, holder: str, method: str, by: Principal, at: datetime) -> Payment:
    """Begin to pay in money what a member owes in credit. Asked again while it waits, it is the same payment.

    :param method: `transfer` or `cash`; two people confirm it, or the bank does
    :raises NothingToSettle: when nothing is owed
    """
    by.must(SPEND, holder)
    stands = credit.account(holder, credit.currency())
    if method not in (Method.TRANSFER, Method.CASH):
        raise NotPossible(gettext_lazy("This is paid by transfer or in cash."))
    if stands.balance.minor >= 0:
        raise NothingToSettle
    subject, owed = f"{SUBJECT}:{holder.partition(':')[2]}", -stands.balance
    waiting = queries.waiting_for(subject)
    for one in waiting:
        if one.doing or (one.method, one.amount) == (method, owed):
            return one
    number = Payment.objects.filter(subject=subject).count() + 1
    return begin(
        subject=subject, amount=owed, method=method, key=f"{subject}:{number}", by=by, at=at, capture_at_once=True
    )  # fmt: skip


@transaction.atomic
def book_paid_off(*, payment_id: UUID | str, by: Principal, at: datetime) -> None:
    """Book that a member paid in money what they owed: the co-op owes it to the others in their place. Once.

    Nobody buys credit: what they earned, or were forgiven, while the money was on its way is not paid off, and goes back to them.
    """
    by.must(SETTLE)
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != State.CAPTURED:
        raise NotPossible(gettext_lazy("It has not come in."))
    holder, unit = f"membership:{payment.subject.partition(':')[2]}", payment.currency
    _locked(holder, unit)
    key, back = f"credit:paid_off:{payment.pk}", f"credit:too_much:{payment.pk}"
    if books.entries(subject=payment.subject).filter(key=key).exists() or payment.refunds.filter(key=back).exists():
        return
    owed = max(0, -credit.account(holder, unit).balance.minor)
    amount = Money(min(owed, payment.captured_minor), unit)
    if amount.minor:
        ledger.post(
            key=key, narration=_("Credit paid off in money"), subject=payment.subject, by=by, at=at,
            postings=[
                ledger.debit(MONEY_HELD, amount), ledger.credit(CREDIT_OF_THE_COOP, amount),
                ledger.debit(CREDIT, amount, holder=COOP), ledger.credit(CREDIT, amount, holder=holder),
            ],
        )  # fmt: skip
    if over := payment.captured - amount:
        owe_by_hand(payment=payment, amount=over, key=back, by=by, at=at)


@transaction.atomic
def leave_to_the_coop(*, holder: str, amount: Money, key: str, by: Principal, at: datetime) -> None:
    """Give credit of one's own to the co-op: it is never paid out in money.

    :param key: from the intent; the same key gives once
    :raises TooMuch: when that much is not there
    """
    by.must(SPEND, holder)
    _locked(holder, amount.currency)
    stands = credit.account(holder, amount.currency)
    if not 0 < amount.minor <= (stands.balance - stands.held).minor:
        raise TooMuch
    _give(f"credit:given:{holder}:{key}"[:120], holder, amount, by, at)


@transaction.atomic
def ask_to_close(*, membership: Membership, reason: str, by: Principal, at: datetime) -> CreditClosing:
    """Ask that an account is brought to nothing: what is owed is forgiven, what is there is left to the co-op.

    :raises NothingToSettle: when it is at nothing
    :raises NotOnesOwn: for one's own account
    :raises NotPossible: when somebody has asked already, or no reason is given
    """
    by.must(CLOSE_CREDIT, membership)
    _must_be_anothers(membership, by)
    stands = credit.account(membership.holder, credit.currency())
    if not stands.balance:
        raise NothingToSettle
    if not reason.strip() or by.person_id is None:
        raise NotPossible(gettext_lazy("Say why, or which decision says so."))
    try:
        with transaction.atomic():
            return CreditClosing.objects.create(
                membership=membership, currency=stands.balance.currency, amount_minor=stands.balance.minor,
                reason=reason.strip()[:300], asked_by=by.person_id, asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotPossible(gettext_lazy("Somebody has asked for that already. Another person agrees, or drops it.")) from error


@transaction.atomic
def agree_to_close(*, closing: CreditClosing, by: Principal, at: datetime) -> CreditClosing:
    """Agree, as a second person: from now on the account is at nothing.

    :raises SecondPersonNeeded: for whoever asked
    :raises StillHeld: while an order under way counts on it
    :raises NotPossible: when the account has moved since, or it was settled
    """
    by.must(CLOSE_CREDIT, closing)
    _must_be_anothers(closing.membership, by)
    if by.person_id is None or by.person_id == closing.asked_by:
        raise SecondPersonNeeded
    holder = closing.membership.holder
    _locked(holder, closing.currency)
    stands = credit.account(holder, closing.currency)
    if stands.held:
        raise StillHeld
    if stands.balance != closing.amount:
        raise NotPossible(gettext_lazy("The account has moved since. Drop this, and ask anew."))
    waiting = CreditClosing.objects.filter(pk=closing.pk, agreed_at=None, dropped_at=None)
    if not waiting.update(agreed_by=by.person_id, agreed_at=at):
        raise NotPossible(gettext_lazy("This was agreed to, or dropped, already."))
    key, amount = f"credit:closed:{closing.pk}", closing.amount
    if amount.minor > 0:
        _give(key, holder, amount, by, at)
    else:
        ledger.post(
            key=key, narration=_("Credit forgiven"), subject=f"{SUBJECT}:{closing.membership_id}", by=by, at=at,
            postings=[
                ledger.debit(FORGIVEN, -amount), ledger.credit(CREDIT, -amount, holder=holder),
                *ledger.credit_of_the_coop(-amount),
            ],
        )  # fmt: skip
    closing.refresh_from_db()
    return closing


@transaction.atomic
def drop_closing(*, closing: CreditClosing, by: Principal, at: datetime) -> CreditClosing:
    by.must(CLOSE_CREDIT, closing)
    if not CreditClosing.objects.filter(pk=closing.pk, agreed_at=None, dropped_at=None).update(dropped_at=at):
        raise NotPossible(gettext_lazy("This was agreed to, or dropped, already."))
    closing.refresh_from_db()
    return closing


def _give(key: str, holder: str, amount: Money, by: Principal, at: datetime) -> None:
    ledger.post(
        key=key, narration=_("Credit left to the co-op"), subject=f"{SUBJECT}:{holder.partition(':')[2]}", by=by, at=at,
        postings=[
            ledger.debit(CREDIT, amount, holder=holder), ledger.credit(GIFTS, amount),
            *ledger.credit_of_the_coop(-amount),
        ],
    )  # fmt: skip


def _locked(holder: str, currency: str) -> None:
    """Wait for whoever pays from this account just now, and let nobody do so until this is done."""
    CreditLine.objects.get_or_create(holder=holder, currency=currency)
    CreditLine.objects.select_for_update(of=("self",)).get(holder=holder, currency=currency)


def _must_be_anothers(membership: Membership, by: Principal) -> None:
    if membership.pk in by.memberships or membership.person_id == by.person_id:
        raise NotOnesOwn

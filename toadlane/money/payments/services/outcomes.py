"""The one completion path: browser, webhook, sweep and retry all settle here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.policies.chart import CREDIT
from toadlane.money.ledger.services import Leg
from toadlane.money.payments.events import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentEvent,
    PaymentFailed,
    PaymentVoided,
)
from toadlane.money.payments.models import Errand, Method, Payment, Provider, State
from toadlane.money.payments.permissions import SETTLE
from toadlane.money.payments.services import in_credit
from toadlane.money.payments.services.asking import provider_of
from toadlane.money.payments.services.providers import RELEASED, Answer, Result
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.prepared import update


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a provider answered to the call with this key."""

    call_key: str
    result: Result
    minor: int = 0
    provider_ref: str = ""
    reason: str = ""
    url: str = ""
    fee_minor: int | None = None
    card_hint: str = ""

    @classmethod
    def of(cls, call_key: str, answer: Answer) -> "Outcome":
        return cls(
            call_key=call_key, result=answer.result, minor=answer.minor, provider_ref=answer.ref, reason=answer.reason[:40],
            url=answer.url, fee_minor=answer.fee_minor, card_hint=answer.hint,
        )  # fmt: skip


def call_key(payment: Payment, doing: str) -> str:
    """Return the key of a call: equal when the same intent is tried again, another one for another intent."""
    return f"{payment.pk}:{doing}:{payment.attempt}"


def settle(*, payment: Payment, outcome: Outcome, by: Principal, at: datetime) -> Payment:
    """Record an answer, once, however many times and ways it arrives.

    The row is changed on the condition that this very call is still open: of a webhook and a browser at once, the second
    finds nothing to change and returns what the first has made of it.
    """
    by.must(SETTLE, payment)
    with transaction.atomic(savepoint=False):
        changes = _changes(payment, outcome, at)
        if not update(Payment, changes, id=payment.pk, call_key=outcome.call_key, unlike={"doing": ""}):
            payment.refresh_from_db()
            return payment
        for name, value in changes.items():
            setattr(payment, name, value)
        _follow(payment, outcome, by=by, at=at)
    return payment


def _changes(payment: Payment, outcome: Outcome, at: datetime) -> dict[str, object]:
    """Return what the answer changes. What was being done is in the key: the row at hand may be older than the call."""
    _pk, doing, attempt = outcome.call_key.split(":")
    retry = int(attempt) + 1
    done: dict[str, object] = {"doing": "", "reason": outcome.reason, "settled_at": at, "doing_minor": 0}
    if outcome.result == "unknown":
        return {"state": State.UNKNOWN, "reason": outcome.reason or "no_answer"}
    if outcome.result == "requires_action":
        # A page that could not be asked about stays where it is.
        url = {"action_url": outcome.url} if outcome.url else {}
        return done | url | {"state": State.REQUIRES_ACTION, "attempt": retry, "provider_ref": outcome.provider_ref}
    if outcome.result == "declined":
        # A new try is a new intent, with a new key.
        return done | {"state": _after_a_no(payment, doing, outcome.reason), "attempt": retry}
    done |= {"action_url": ""} | ({"card_hint": outcome.card_hint} if outcome.card_hint else {})
    if doing == "void":
        return done | {"state": State.VOIDED}
    if doing == "authorise" and not payment.capture_at_once:
        return done | {"state": State.AUTHORISED, "provider_ref": outcome.provider_ref}
    taken = done | {"state": State.CAPTURED, "captured_minor": outcome.minor or payment.amount_minor}
    return taken | ({"provider_ref": outcome.provider_ref} if doing != "capture" else {})


def _after_a_no(payment: Payment, doing: str, reason: str) -> State:
    if doing not in ("capture", "void") or reason == RELEASED:
        return State.FAILED
    # What cannot be let go because it was taken at once is looked at again, as if the payer had just come back.
    return State.REQUIRES_ACTION if payment.capture_at_once else State.AUTHORISED


def _follow(payment: Payment, outcome: Outcome, *, by: Principal, at: datetime) -> None:
    """Book what has become true, and tell it."""
    happened: type[PaymentEvent] | None = None
    if outcome.result == "succeeded":
        if payment.state == State.CAPTURED:
            _book_capture(payment, by=by, at=at)
            book_fee(payment, outcome.fee_minor, by=by, at=at)
        happened = {
            State.CAPTURED: PaymentCaptured, State.AUTHORISED: PaymentAuthorised, State.VOIDED: PaymentVoided
        }[State(payment.state)]  # fmt: skip
    if outcome.result == "declined":
        told = PaymentFailed(**about(payment, payment.amount_minor), reason=payment.reason)
        events.publish(told)
    elif happened:
        minor = payment.captured_minor if payment.state == State.CAPTURED else payment.amount_minor
        events.publish(happened(**about(payment, minor)))


def about(payment: Payment, minor: int) -> dict[str, Any]:
    """Return what every event about a payment says."""
    return {"payment_id": str(payment.pk), "subject": payment.subject, "minor": minor, "currency": payment.currency}


IN_CASH = f"{Provider.MANUAL}:{Method.CASH}"


def clearing(payment: Payment) -> str:
    """Return the sub-ledger of 1100 that the money is in: a card company, or what came by hand."""
    return payment.provider if payment.provider != Provider.MANUAL else f"manual:{payment.method}"


def goes_back(payment: Payment, amount: Money, legs: Sequence[Leg]) -> list[Leg]:
    """Return out of what money goes back to a payer. A company pays what it holds, or refuses; elsewhere what was paid out by way
    of the bank is not there any more, and what is there for other orders is not touched: the rest comes from the bank.

    :param legs: what else the entry takes away, of which some may have been held for the order
    """
    holder, unit, provider = clearing(payment), amount.currency, provider_of(payment.provider)
    if provider.stays_inside:
        return [ledger.credit(CREDIT, amount, holder=in_credit.payer(payment))]
    if provider.sends_home:
        return [ledger.credit("1100", amount, holder=holder)]
    held = -books.balance("2100", unit).minor - sum(leg.amount.minor for leg in legs if leg.code == "2100")
    free, left, parts = books.balance("1100", unit).minor - max(0, held), amount.minor, []
    # What came in cash beside vouchers goes back first: they are given back whole, or not at all.
    for place, most in ((IN_CASH, _cash_left(payment, amount)), (holder, amount.minor)):
        there = max(0, min(left, most, free, books.balance("1100", unit, holder=place).minor)) if most else 0
        if there:
            parts.append(ledger.credit("1100", Money(there, unit), holder=place))
            left, free = left - there, free - there
    return [*parts, ledger.credit("1000", Money(left, unit))] if left else parts


def _cash_left(payment: Payment, amount: Money) -> int:
    """Return what is left of the cash that came beside vouchers, before a refund that is being booked."""
    if not payment.in_cash.minor:
        return 0
    gone = payment.refunds.filter(state=Errand.DONE).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return max(0, payment.in_cash.minor - (gone - amount.minor))


def capture_of(payment: Payment) -> ledger.Entry:
    """Return the entry that books what a payment brought."""
    taken, cash = Money(payment.captured_minor, payment.currency), payment.in_cash
    provider = provider_of(payment.provider)
    if provider.stays_inside:
        came = [ledger.debit(CREDIT, taken, holder=in_credit.payer(payment))]
    else:
        came = [ledger.debit("1100", taken - cash, holder=clearing(payment))]
        if cash.minor:
            came.append(ledger.debit("1100", cash, holder=IN_CASH))
    legs = [*came, in_credit.held(payment, -taken)]
    return ledger.Entry(f"payment:{payment.pk}:captured", _("Paid"), legs, payment.subject)


def _book_capture(payment: Payment, *, by: Principal, at: datetime) -> None:
    one = capture_of(payment)
    ledger.post(key=one.key, narration=one.narration, postings=one.postings, subject=one.subject, by=by, at=at)
    provider_of(payment.provider).booked(charge=payment.provider_ref)


def book_fee(payment: Payment, fee_minor: int | None, *, by: Principal, at: datetime) -> None:
    """Book what the provider kept for itself, once it says how much that is. Once, however often it says so."""
    if fee_minor is None or not Payment.objects.filter(pk=payment.pk, fee_minor=None).update(fee_minor=fee_minor):
        return
    payment.fee_minor = fee_minor
    if fee_minor:
        fee = Money(fee_minor, payment.currency)
        ledger.post(
            key=f"fee:{payment.pk}", narration=_("Kept by the card company"), subject=payment.subject, by=by, at=at,
            postings=[ledger.debit("6100", fee), ledger.credit("1100", fee, holder=clearing(payment))],
        )  # fmt: skip

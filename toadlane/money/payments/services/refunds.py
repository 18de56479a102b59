"""Money on its way back to who paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import KeyReused, Leg
from toadlane.money.payments import queries
from toadlane.money.payments.events import PaymentRefunded
from toadlane.money.payments.models import BY_THE_BANK, CHARGED_BACK, DisputeState, Errand, Method, Payment, Provider, Refund
from toadlane.money.payments.permissions import RECORD, REFUND, SETTLE
from toadlane.money.payments.services import in_credit
from toadlane.money.payments.services.asking import answer_of, outside_transactions, provider_of
from toadlane.money.payments.services.errors import NotPossible, TooMuch
from toadlane.money.payments.services.once import first
from toadlane.money.payments.services.outcomes import about, clearing, goes_back
from toadlane.money.payments.services.providers import RETURNED, Answer
from toadlane.money.payments.services.taking_back import LOSS, bear_rest, plan, take_back
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant

# What we owe payers whose bank sent their refund back.
CAME_BACK = "2260"


def refund(
    *, payment: Payment, amount: Money, key: str, by: Principal, at: datetime, debits: Sequence[Leg] = ()
) -> Refund:  # fmt: skip
    """Give back a captured payment, whole or in part. Never inside a transaction.

    Asked again with the same key, it returns the refund that is there and calls nobody.

    :param debits: the accounts it comes out of, summing to the amount; what is held for orders when nothing is said
    :raises TooMuch: when more would go back than came
    :raises KeyReused: when the key was used for another refund
    """
    by.must(REFUND, payment)
    outside_transactions()
    taken_from = [said_of(leg) for leg in debits] or [said_of(in_credit.held(payment, amount))]
    if sum(leg["minor"] for leg in taken_from) != amount.minor or amount.minor <= 0 or amount.currency != payment.currency:
        raise TooMuch(gettext_lazy("What is given back has to come out of accounts that add up to it."))
    wanted = Refund(
        id=ids.new(), payment=payment, key=key, amount_minor=amount.minor, debits=taken_from, asked_by=str(by), asked_at=at
    )  # fmt: skip
    with transaction.atomic(durable=True):
        asked, is_new = first(wanted)
        if is_new:
            room = Payment.objects.filter(pk=payment.pk, captured_minor__gte=F("refunded_minor") + amount.minor)
            if not room.update(refunded_minor=F("refunded_minor") + amount.minor):
                raise TooMuch(gettext_lazy("That is more than is left of this payment."))
            plan(cause=f"refund:{asked.pk}", debits=taken_from, currency=payment.currency, by=by, at=at)
    if (asked.payment_id, asked.amount_minor, asked.debits) != (payment.pk, amount.minor, taken_from):
        raise KeyReused
    if is_new:
        asked = send_refund(asked, by=by, at=at)
    payment.refresh_from_db()
    return asked


def owe_by_hand(*, payment: Payment, amount: Money, key: str, by: Principal, at: datetime) -> Refund:
    """Owe a payer who paid by hand a part of it that was held: two people send it. Part of the caller's transaction; once a key.

    :raises TooMuch: when more would go back than came
    """
    by.must(SETTLE, payment)
    assert payment.provider == Provider.MANUAL, "a company is asked, and in no transaction"
    held = [said_of(in_credit.held(payment, amount))]
    wanted = Refund(
        id=ids.new(), payment=payment, key=key, amount_minor=amount.minor, debits=held, state=Errand.UNKNOWN, reason="by_hand",
        asked_by=str(by), asked_at=at,
    )  # fmt: skip
    asked, is_new = first(wanted)
    if is_new:
        room = Payment.objects.filter(pk=payment.pk, captured_minor__gte=F("refunded_minor") + amount.minor)
        if not room.update(refunded_minor=F("refunded_minor") + amount.minor):
            raise TooMuch(gettext_lazy("That is more than is left of this payment."))
    return asked


def send_refund(asked: Refund, *, by: Principal, at: datetime) -> Refund:
    """Make the call. Safe to repeat: the provider knows the key."""
    payment = asked.payment
    take_back(cause=f"refund:{asked.pk}", by=Principal.job(by.coop_id), at=at)
    provider = provider_of(payment.provider)
    answer = answer_of(
        lambda: provider.refund(key=f"{asked.pk}:refund", charge=payment.provider_ref, amount=asked.amount, at=at)
    )  # fmt: skip
    return settle_refund(asked=asked, answer=answer, by=by, at=at)


def settle_refund(*, asked: Refund, answer: Answer, by: Principal, at: datetime, **more: Any) -> Refund:
    """Record what became of a refund, once."""
    by.must(SETTLE, asked)
    if answer.reason == RETURNED:
        return _send_another_way(asked, answer.ref, by=by, at=at)
    state = {"succeeded": Errand.DONE, "declined": Errand.FAILED}.get(answer.result, Errand.UNKNOWN)
    with transaction.atomic(savepoint=False):
        if asked.payment.provider == Provider.MANUAL:
            Tenant.lock_current()  # Out of what money it goes is read from what is there: one after the other.
        reason = answer.reason[:40]
        if reason == CHARGED_BACK and asked.amount_minor <= _lost_for_refunds(asked.payment_id):
            state, reason = Errand.FAILED, BY_THE_BANK
        is_over = state in (Errand.DONE, Errand.FAILED)
        waiting = Refund.objects.filter(pk=asked.pk, state__in=(Errand.ASKED, Errand.UNKNOWN))
        changes = {
            "state": state,
            "reason": reason,
            "provider_ref": answer.ref,
            "settled_at": at if is_over else None,
        }
        if waiting.update(**changes, **more):
            if state == Errand.FAILED:
                Payment.objects.filter(pk=asked.payment_id).update(refunded_minor=F("refunded_minor") - asked.amount_minor)
            if reason == BY_THE_BANK:
                _book_what_the_bank_took(asked, by=by, at=at)
            elif state == Errand.DONE:
                _book(asked, by=by, at=at)
    asked.refresh_from_db()
    return asked


def returned(*, call_key: str, ref: str, by: Principal, at: datetime) -> None:
    """Take in that a refund did not stay where it was sent. Another co-op on the same account has refunds of its own."""
    by.must(SETTLE)
    try:
        pk = UUID(call_key.partition(":")[0])
    except ValueError:
        return
    if asked := Refund.objects.filter(pk=pk).select_related("payment").first():
        _send_another_way(asked, ref, by=by, at=at)


def _send_another_way(asked: Refund, ref: str, *, by: Principal, at: datetime) -> Refund:
    """Record, once, that the provider has the money again. The decision stands: the payer is owed it, and people send it.

    Whoever bore the refund still bears it, so that nothing of it is paid out a second time meanwhile.
    """
    with transaction.atomic(savepoint=False):
        now = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=asked.pk)
        was_sent = now.state == Errand.DONE and now.provider_ref == ref
        if was_sent or now.state in (Errand.ASKED, Errand.UNKNOWN):
            Refund.objects.filter(pk=now.pk).update(
                state=Errand.RETURNED, reason=RETURNED, provider_ref=ref, settled_at=None
            )  # fmt: skip
            if not was_sent:
                _book(now, by=by, at=at)
            ledger.post(
                key=f"refund:{now.pk}:returned", narration=_("Refund sent back by the payer’s bank"), subject=now.payment.subject,
                by=by, at=at, postings=[
                    ledger.debit("1100", now.amount, holder=clearing(now.payment)), ledger.credit(CAME_BACK, now.amount),
                ],
            )  # fmt: skip
    asked.refresh_from_db()
    return asked


def sent_another_way(*, asked: Refund, confirmed_by: int | None, by: Principal, at: datetime) -> None:
    """Book, once, that what had come back was sent from the co-op's bank."""
    by.must(SETTLE, asked)
    with transaction.atomic(savepoint=False):
        changes = {"state": Errand.DONE, "reason": "", "provider_ref": "by hand", "settled_at": at, "confirmed_by": confirmed_by}
        if Refund.objects.filter(pk=asked.pk, state=Errand.RETURNED).update(**changes):
            bank = f"{Provider.MANUAL}:{Method.TRANSFER}"
            ledger.post(
                key=f"refund:{asked.pk}:sent", narration=_("Refunded another way"), subject=asked.payment.subject, by=by, at=at,
                postings=[ledger.debit(CAME_BACK, asked.amount), ledger.credit("1100", asked.amount, holder=bank)],
            )  # fmt: skip
    asked.refresh_from_db()


@transaction.atomic
def owe_refused(*, refund: Refund, by: Principal, at: datetime) -> Refund:
    """Take up a refund that its company or bank refuses for good: the payer is owed it, and people send it another way.

    Whoever bears it bears it from now on. Asked again it answers with the refund as it is.

    :raises NotPossible: when it was not refused, or the payer has the money otherwise
    """
    by.must(RECORD, refund)
    asked = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund.pk)
    if asked.state == Errand.RETURNED:
        return asked
    payment = asked.payment
    room = Payment.objects.filter(pk=payment.pk, captured_minor__gte=F("refunded_minor") + asked.amount_minor)
    if not queries.refused_refunds().filter(pk=asked.pk).exists() or not room.update(
        refunded_minor=F("refunded_minor") + asked.amount_minor
    ):
        raise NotPossible(gettext_lazy("This refund does not wait to be sent another way."))
    Refund.objects.filter(pk=asked.pk).update(state=Errand.RETURNED, settled_at=None, recorded_by=None, confirmed_by=None)
    legs = [leg_of(said, payment.currency) for said in asked.debits]
    ledger.post(
        key=f"refund:{asked.pk}", narration=_("Refund refused, owed to the payer"), subject=payment.subject, by=by, at=at,
        postings=[*legs, ledger.credit(CAME_BACK, asked.amount)],
    )  # fmt: skip
    bear_rest(cause=f"refund:{asked.pk}", debits=asked.debits, currency=payment.currency, by=by, at=at)
    events.publish(PaymentRefunded(**about(payment, asked.amount_minor), refund_key=asked.key))
    asked.refresh_from_db()
    return asked


def _book(asked: Refund, *, by: Principal, at: datetime) -> None:
    payment = asked.payment
    legs = [leg_of(said, payment.currency) for said in asked.debits]
    ledger.post(
        key=f"refund:{asked.pk}", narration=_("Refunded"), subject=payment.subject, by=by, at=at,
        postings=[*legs, *goes_back(payment, asked.amount, legs)],
    )  # fmt: skip
    bear_rest(cause=f"refund:{asked.pk}", debits=asked.debits, currency=payment.currency, by=by, at=at)
    events.publish(PaymentRefunded(**about(payment, asked.amount_minor), refund_key=asked.key))


def _lost_for_refunds(payment_id: UUID) -> int:
    """Return what a payer's bank took for good that was on its way back to them already, so that nobody else bore it.

    It was booked as a loss that no rule of the bylaws lays on the co-op, for as long as it was not decided which of the two
    ways the money goes.
    """
    payment = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment_id)
    lost = payment.disputes.filter(state=DisputeState.LOST).values_list("debits", flat=True)
    minor: int = sum(leg["minor"] for debits in lost for leg in debits if leg["code"] == LOSS and not leg["rule"])
    return minor - (payment.refunds.filter(reason=BY_THE_BANK).aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def _book_what_the_bank_took(asked: Refund, *, by: Principal, at: datetime) -> None:
    """Let those bear it who would have borne the refund: it has gone the other way, once."""
    payment = asked.payment
    legs = [leg_of(said, payment.currency) for said in asked.debits]
    ledger.post(
        key=f"refund:{asked.pk}", narration=_("Was to be refunded, and the payer’s bank took it"), subject=payment.subject,
        by=by, at=at, postings=[*legs, ledger.credit(LOSS, asked.amount)],
    )  # fmt: skip
    bear_rest(cause=f"refund:{asked.pk}", debits=asked.debits, currency=payment.currency, by=by, at=at)


def said_of(leg: Leg) -> dict[str, Any]:
    """Return a leg as it is kept with the intent."""
    return {
        "code": leg.code, "minor": leg.amount.minor, "holder": leg.holder, "purpose": leg.purpose, "rule": leg.rule,
        "rule_version": leg.rule_version,
    }  # fmt: skip


def leg_of(said: dict[str, Any], currency: str, *, sign: int = 1) -> Leg:
    more = {name: said[name] for name in ("holder", "purpose", "rule", "rule_version")}
    return Leg(said["code"], Money(sign * said["minor"], currency), **more)

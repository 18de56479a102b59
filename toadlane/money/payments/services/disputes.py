"""Chargebacks: the payer's bank takes the money back first and asks later."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments.events import DisputeClosed, PaymentDisputed
from toadlane.money.payments.models import Dispute, DisputeState, Payment, State
from toadlane.money.payments.permissions import SETTLE
from toadlane.money.payments.services.once import first
from toadlane.money.payments.services.outcomes import about, clearing, goes_back
from toadlane.money.payments.services.refunds import leg_of, said_of
from toadlane.money.payments.services.taking_back import bear_no_more, bear_rest, plan
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.scope import current_coop_id


class Bearers(Protocol):
    """Say who bears a chargeback: debits that sum to the amount, the same again for the same `ref`."""

    def __call__(self, *, subject: str, ref: str, amount: Money, by: Principal, at: datetime) -> Sequence[Leg]: ...


class Winners(Protocol):
    """Say where the money goes when a chargeback is won: credits that sum to what was debited."""

    def __call__(self, *, subject: str, ref: str, debits: Sequence[Leg], by: Principal, at: datetime) -> Sequence[Leg]: ...


# Asked by the kind of the subject: `checkout:9` is kind `checkout`.
_bearers: dict[str, Bearers] = {}
_winners: dict[str, Winners] = {}


def declare_bearers(kind: str, bearers: Bearers, winners: Winners | None = None) -> None:
    """Let the room whose order was paid say out of which accounts a chargeback comes. Called in its `wiring`.

    :param winners: says where it goes when it is won; where a room has no say, to where it came from
    """
    _bearers[kind] = bearers
    if winners is not None:
        _winners[kind] = winners


def can_be_taken_back(subject: str) -> bool:
    """Whether the room whose order was paid knows what becomes of it when the payer's bank takes the money back."""
    return subject.partition(":")[0] in _bearers


def open_dispute(
    *, payment: Payment, provider_ref: str, amount: Money, fee: Money, by: Principal, at: datetime
) -> Dispute:  # fmt: skip
    """Book a chargeback and its fee, once, however often it is told. Without a bearer it comes out of 2100."""
    by.must(SETTLE, payment)
    bearers = _bearers.get(payment.subject.partition(":")[0])
    with transaction.atomic():
        debits = [ledger.debit("2100", amount)]
        if bearers:
            job = Principal.job(current_coop_id())
            debits = list(bearers(subject=payment.subject, ref=provider_ref, amount=amount, by=job, at=at))
        dispute, is_new = first(
            Dispute(payment=payment, provider_ref=provider_ref, amount_minor=amount.minor, fee_minor=fee.minor,
                    debits=[said_of(leg) for leg in debits], opened_at=at), unique="provider_ref",
        )  # fmt: skip
        if not is_new:
            return dispute
        dispute = Dispute.objects.get(provider_ref=provider_ref)
        Payment.objects.filter(pk=payment.pk).update(state=State.DISPUTED)
        holder = clearing(payment)
        ledger.post(
            key=f"dispute:{dispute.pk}:opened", narration=_("Charged back"), subject=payment.subject, by=by, at=at,
            postings=[*debits, *goes_back(payment, amount, debits)],
        )  # fmt: skip
        if fee:
            ledger.post(
                key=f"dispute:{dispute.pk}:fee", narration=_("Fee for a chargeback"), subject=payment.subject, by=by, at=at,
                postings=[ledger.debit("6110", fee), ledger.credit("1100", fee, holder=holder)],
            )  # fmt: skip
        taken = {"cause": f"dispute:{dispute.pk}", "debits": dispute.debits, "currency": payment.currency}
        plan(**taken, by=by, at=at)
        bear_rest(**taken, by=by, at=at)
        events.publish(PaymentDisputed(**about(payment, amount.minor), ref=provider_ref))
    payment.refresh_from_db()
    return dispute


def _won(dispute: Dispute, payment: Payment, at: datetime) -> list[Leg]:
    if winners := _winners.get(payment.subject.partition(":")[0]):
        debits, job = [leg_of(said, payment.currency) for said in dispute.debits], Principal.job(current_coop_id())
        return list(winners(subject=payment.subject, ref=dispute.provider_ref, debits=debits, by=job, at=at))
    return [leg_of(said, payment.currency, sign=-1) for said in dispute.debits]


def close_dispute(*, payment: Payment, provider_ref: str, won: bool, by: Principal, at: datetime) -> Dispute | None:
    """Record how a chargeback ended. Won, the same entry is booked the other way round; the fee stays paid."""
    by.must(SETTLE, payment)
    with transaction.atomic():
        state = DisputeState.WON if won else DisputeState.LOST
        waiting = Dispute.objects.filter(provider_ref=provider_ref, state=DisputeState.OPEN)
        if not waiting.update(state=state, closed_at=at):
            return Dispute.objects.filter(provider_ref=provider_ref).first()
        dispute = Dispute.objects.get(provider_ref=provider_ref)
        if won:
            Payment.objects.filter(pk=payment.pk).update(state=State.CAPTURED)
            amount = Money(dispute.amount_minor, payment.currency)
            legs = _won(dispute, payment, at)
            ledger.post(
                key=f"dispute:{dispute.pk}:won", narration=_("Chargeback won"), subject=payment.subject, by=by, at=at,
                postings=[ledger.debit("1100", amount, holder=clearing(payment)), *legs],
            )  # fmt: skip
            bear_no_more(cause=f"dispute:{dispute.pk}", currency=payment.currency, by=by, at=at)
        events.publish(DisputeClosed(**about(payment, dispute.amount_minor), ref=provider_ref, won=won))
    payment.refresh_from_db()
    return dispute

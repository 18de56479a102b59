"""Money that people move: one says that it came or went, another has seen it too."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toadlane.money.ledger import services as ledger
from toadlane.money.payments.events import PaymentCaptured
from toadlane.money.payments.models import Errand, Method, Payment, Payout, Provider, Refund, State
from toadlane.money.payments.permissions import BANK, CONFIRM, RECORD
from toadlane.money.payments.queries import in_files, waits_for_people
from toadlane.money.payments.services import vouchers
from toadlane.money.payments.services.errors import NotPossible, SecondPersonNeeded
from toadlane.money.payments.services.outcomes import Outcome, about, call_key, capture_of, settle
from toadlane.money.payments.services.payouts import settle_payout
from toadlane.money.payments.services.providers import Answer
from toadlane.money.payments.services.refunds import sent_another_way, settle_refund
from toadlane.money.payments.services.vouchers import Vouchers
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant

# Rows that one statement changes.
MANY = 1_000
MOVED = Answer("succeeded", ref="by hand")


@transaction.atomic
def record_receipt(*, payment: Payment, by: Principal, at: datetime, handed: Vouchers | None = None) -> Payment:
    """Say that a transfer, cash or vouchers came in. Nothing is booked until a second person confirms it.

    :param handed: which vouchers, where it is paid with them; what they are short of may come in cash
    :raises VoucherTaken: when one of them has paid for something else
    :raises WorthUnknown: when it is not said what they are worth, or they are short of the price
    """
    by.must(RECORD, payment)
    ready = Payment.objects.filter(
        pk=payment.pk, provider=Provider.MANUAL, doing="", state__in=(State.CREATED, State.FAILED), attempt=payment.attempt
    )
    key = call_key(payment, "confirm")
    if not ready.update(
        doing="confirm", doing_minor=payment.amount_minor, call_key=key, called_at=at, recorded_by=by.person_id,
        confirmed_by=None, state=State.REQUIRES_ACTION,
    ):  # fmt: skip
        payment.refresh_from_db()
        if payment.doing != "confirm":
            raise NotPossible(_("This payment does not wait for money."))
        return payment
    if payment.method == Method.VOUCHER or handed is not None:
        vouchers.take(payment=payment, handed=handed or Vouchers(()), by=by, at=at)
    payment.refresh_from_db()
    return payment


@transaction.atomic
def confirm_receipt(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Confirm what another person recorded. Books the payment, on the same path as any card.

    :raises SecondPersonNeeded: when the same person recorded it
    """
    by.must(CONFIRM, payment)
    _second_person(payment.recorded_by, by)
    if payment.state == State.CAPTURED:
        return payment
    if payment.doing != "confirm" or payment.recorded_by is None:
        raise NotPossible(_("Nobody has recorded this payment yet."))
    Payment.objects.filter(pk=payment.pk, doing="confirm").update(confirmed_by=by.person_id)
    outcome = Outcome(call_key=payment.call_key, result="succeeded", minor=payment.amount_minor, provider_ref="by hand")
    return settle(payment=payment, outcome=outcome, by=by, at=at)


@transaction.atomic
def reject_receipt(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Say that the money did not come after all."""
    by.must(CONFIRM, payment)
    if payment.doing != "confirm":
        raise NotPossible(_("Nobody has recorded this payment yet."))
    if payment.method == Method.VOUCHER:
        vouchers.let_go(payment=payment, by=by, at=at)
    outcome = Outcome(call_key=payment.call_key, result="declined", reason="not_received")
    return settle(payment=payment, outcome=outcome, by=by, at=at)


@transaction.atomic
def receive_by_bank(*, payment: Payment, reference: str, by: Principal, at: datetime) -> Payment:
    """Book a transfer that the bank's own statement shows: the bank is the second pair of eyes. Repeating it is harmless."""
    by.must(BANK, payment)
    key = call_key(payment, "confirm")
    ready = Payment.objects.filter(
        Q(doing="", state__in=(State.CREATED, State.FAILED)) | Q(doing="confirm"), pk=payment.pk, provider=Provider.MANUAL
    )
    if not ready.update(
        doing="confirm", doing_minor=payment.amount_minor, call_key=key, called_at=at, state=State.REQUIRES_ACTION
    ):
        payment.refresh_from_db()
        if payment.state != State.CAPTURED:
            raise NotPossible(_("This payment does not wait for money."))
        return payment
    payment.refresh_from_db()
    outcome = Outcome(call_key=key, result="succeeded", minor=payment.amount_minor, provider_ref=reference[:80])
    return settle(payment=payment, outcome=outcome, by=by, at=at)


@transaction.atomic
def receive_all_by_bank(*, payment_ids: Sequence[UUID], reference: str, by: Principal, at: datetime) -> int:
    """Book many transfers that came together, as `receive_by_bank` does one; return how many. Repeating it is harmless.

    :raises NotPossible: when one of them waits for no money and has not come either
    """
    by.must(BANK)
    came: list[Payment] = []
    waits = Q(doing="", state__in=(State.CREATED, State.FAILED)) | Q(doing="confirm")
    for n in range(0, len(payment_ids), MANY):
        part = Payment.objects.filter(pk__in=payment_ids[n : n + MANY], provider=Provider.MANUAL)
        rows = list(part.select_for_update(of=("self",), no_key=True).filter(waits).order_by("pk"))
        part.filter(pk__in=[row.pk for row in rows]).update(
            state=State.CAPTURED, captured_minor=F("amount_minor"), provider_ref=reference[:80], reason="", action_url="",
            doing="", doing_minor=0, called_at=at, settled_at=at,
        )  # fmt: skip
        if part.filter(state__in=(State.CREATED, State.FAILED, State.REQUIRES_ACTION)).exists():
            raise NotPossible(_("This payment does not wait for money."))
        for row in rows:
            row.state, row.captured_minor, row.provider_ref = State.CAPTURED, row.amount_minor, reference[:80]
        came += rows
    ledger.post_all(entries=[capture_of(row) for row in came], by=by, at=at)
    events.publish(*(PaymentCaptured(**about(row, row.captured_minor)) for row in came))
    return len(came)


def sent_by_bank(*, payout: Payout, reference: str, by: Principal, at: datetime) -> Payout:
    """Book a payout that the bank's own statement shows. Repeating it is harmless."""
    by.must(BANK, payout)
    return settle_payout(payout=payout, answer=Answer("succeeded", ref=reference[:80]), by=by, at=at)


@transaction.atomic
def record_sent(*, errand: Refund | Payout, by: Principal, at: datetime) -> None:
    """Say that a refund or a payout was sent by hand.

    :raises NotPossible: when it does not wait for that, or the bank sends it from a file
    """
    by.must(RECORD, errand)
    if isinstance(errand, Payout):
        Tenant.lock_current()  # Against a file that is approved at the same time.
        if str(errand.pk) in in_files():
            hint = _("Drop the file, or say of it that the bank has carried it out or has not.")
            raise NotPossible(_("A file for the bank pays this."), hint=hint)
    ready = type(errand).objects.filter(waits_for_people(), pk=errand.pk)
    if not ready.update(recorded_by=by.person_id, confirmed_by=None):
        raise NotPossible(_("This does not wait for anybody to send it."))
    errand.refresh_from_db()


def confirm_sent(*, errand: Refund | Payout, by: Principal, at: datetime) -> None:
    """Confirm that it was sent, as a second person. Only now it counts as paid.

    :raises SecondPersonNeeded: when the same person recorded it
    """
    by.must(CONFIRM, errand)
    if errand.recorded_by is None:
        raise NotPossible(_("Nobody has recorded yet that it was sent."))
    _second_person(errand.recorded_by, by)
    if isinstance(errand, Refund) and errand.state == Errand.RETURNED:
        sent_another_way(asked=errand, confirmed_by=by.person_id, by=by, at=at)
    elif isinstance(errand, Refund):
        _refunded(errand, by=by, at=at)
    else:
        settle_payout(payout=errand, answer=MOVED, by=by, at=at, confirmed_by=by.person_id)


@transaction.atomic
def _refunded(asked: Refund, *, by: Principal, at: datetime) -> None:
    settle_refund(asked=asked, answer=MOVED, by=by, at=at, confirmed_by=by.person_id)
    paid = Payment.objects.get(pk=asked.payment_id)
    is_all_back = (
        paid.refunded_minor == paid.captured_minor and not paid.refunds.exclude(state__in=(Errand.DONE, Errand.FAILED)).exists()
    )
    if paid.method == Method.VOUCHER and is_all_back:
        vouchers.let_go(payment=paid, by=by, at=at)


def _second_person(recorded_by: int | None, by: Principal) -> None:
    if recorded_by is not None and recorded_by == by.person_id:
        raise SecondPersonNeeded

"""Finding out what became of calls whose answer never came, and how things stand that somebody else moves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from toadlane.kernel.money import Money
from toadlane.money.payments import queries
from toadlane.money.payments.models import Carried, Errand, Payment, Payout, Provider, Refund, State, TakeBack
from toadlane.money.payments.permissions import RECONCILE
from toadlane.money.payments.services.asking import outside_transactions, provider_of
from toadlane.money.payments.services.carrying import send_home, settle_carried
from toadlane.money.payments.services.charging import authorise, hosted, send_capture, send_void, void
from toadlane.money.payments.services.outcomes import Outcome, book_fee, settle
from toadlane.money.payments.services.payouts import send_payout, settle_payout
from toadlane.money.payments.services.providers import RELEASED, Answer, NoAnswer
from toadlane.money.payments.services.refunds import send_refund, settle_refund
from toadlane.money.payments.services.taking_back import send_take_back, settle_take_back
from toadlane.plumbing.access.principals import Principal

# A call that is this old has been answered, or its caller is no more.
PATIENCE = timedelta(seconds=60)
# How often we look by ourselves at a page of a provider that a payer was sent to: its notice may be lost.
LOOK_AGAIN = timedelta(minutes=15)
# What a provider keeps for itself is known within days; after that it is not asked any more.
FEE_WITHIN = timedelta(days=10)
AT_ONCE = 200


def sweep(*, by: Principal, at: datetime) -> int:
    """Settle every call that is open for too long; return how many payments were looked at. Never inside a transaction."""
    by.must(RECONCILE)
    outside_transactions()
    late = at - PATIENCE
    payments = Payment.objects.exclude(doing="").exclude(provider=Provider.MANUAL).filter(called_at__lt=late)
    found = list(payments.order_by("called_at")[:AT_ONCE])
    for payment in found:
        reconcile(payment=payment, by=by, at=at)
    for payment in _to_look_at(at):
        follow(payment=payment, by=by, at=at)
    for taken in list(TakeBack.objects.filter(settled_at=None).select_related("payout").order_by("asked_at")[:AT_ONCE]):
        _finish_take_back(taken, by, at)
    open_errands = {"state__in": (Errand.ASKED, Errand.UNKNOWN), "asked_at__lt": late}
    refunds = Refund.objects.filter(~queries.waits_for_a_bank(), **open_errands).exclude(payment__provider=Provider.MANUAL)
    refunds = refunds.select_related("payment")
    for asked in list(refunds.order_by("asked_at")[:AT_ONCE]):
        _finish_refund(asked, by, at)
    payouts = Payout.objects.filter(**open_errands).exclude(provider=Provider.MANUAL)
    for payout in list(payouts.order_by("asked_at")[:AT_ONCE]):
        _finish_payout(payout, by, at)
    for carried in list(Carried.objects.filter(settled_at=None, agreed_at__lt=late).order_by("agreed_at")[:AT_ONCE]):
        _finish_carried(carried, by, at)
    return len(found)


def _to_look_at(at: datetime) -> list[Payment]:
    """Return payments whose payer may have been on a page of a provider, and those whose fee is not known yet."""
    elsewhere = Q(state=State.REQUIRES_ACTION, settled_at__lt=at - LOOK_AGAIN) & ~Q(action_url="")
    without_fee = Q(state=State.CAPTURED, fee_minor=None, settled_at__lt=at - PATIENCE, settled_at__gt=at - FEE_WITHIN)
    rows = Payment.objects.exclude(provider__in=(Provider.MANUAL, Provider.SANDBOX)).filter(elsewhere | without_fee, doing="")
    return list(rows.order_by("settled_at")[:AT_ONCE])


def _looked_up(name: str, key: str, charge: str, at: datetime) -> tuple[bool, Answer | None]:
    """Return whether the provider could be asked about a call, and what it says."""
    try:
        return True, provider_of(name).look_up(key=key, charge=charge, at=at)
    except (NoAnswer, OSError):
        return False, None


def _finish_refund(asked: Refund, by: Principal, at: datetime) -> None:
    heard, answer = _looked_up(asked.payment.provider, f"{asked.pk}:refund", asked.payment.provider_ref, at)
    if answer:
        settle_refund(asked=asked, answer=answer, by=by, at=at)
    elif heard:
        send_refund(asked, by=by, at=at)


def _finish_payout(payout: Payout, by: Principal, at: datetime) -> None:
    heard, answer = _looked_up(payout.provider, f"{payout.pk}:payout", "", at)
    if answer:
        settle_payout(payout=payout, answer=answer, by=by, at=at)
    elif heard:
        send_payout(payout, by=by, at=at)


def _finish_take_back(taken: TakeBack, by: Principal, at: datetime) -> None:
    heard, answer = _looked_up(taken.payout.provider, f"{taken.pk}:take_back", taken.payout.provider_ref, at)
    if answer:
        settle_take_back(taken=taken, answer=answer, by=by, at=at)
    elif heard:
        send_take_back(taken, by=by, at=at)


def _finish_carried(carried: Carried, by: Principal, at: datetime) -> None:
    heard, answer = _looked_up(carried.provider, f"{carried.pk}:carry", "", at)
    if answer:
        settle_carried(carried=carried, answer=answer, by=by, at=at)
    elif heard:
        send_home(carried, by=by, at=at)


def reconcile(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Ask the provider what became of the call that is open, and record it. Never inside a transaction."""
    by.must(RECONCILE, payment)
    outside_transactions()
    if not payment.doing:
        return payment
    heard, answer = _looked_up(payment.provider, payment.call_key, payment.provider_ref, at)
    if not heard:
        return payment
    if answer:
        return settle(payment=payment, outcome=Outcome.of(payment.call_key, answer), by=by, at=at)
    # The call never arrived. Where no card is needed it is made again, with its own key.
    if payment.doing == "capture":
        amount = Money(payment.doing_minor, payment.currency)
        return send_capture(payment, payment.call_key, amount, by=by, at=at)
    if payment.doing == "void":
        return send_void(payment, payment.call_key, by=by, at=at)
    # The card is not ours to keep: the payer may try again, with the same key, since it is the same intent.
    Payment.objects.filter(pk=payment.pk, call_key=payment.call_key, doing="authorise").update(
        doing="", state=State.CREATED, reason="never_arrived"
    )
    payment.refresh_from_db()
    return payment


def follow(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Look how a payment stands that its payer, their bank or the provider moves without us. Never inside a transaction.

    What we are asking about just now is left alone: its answer is on the way, and `sweep` looks after it.
    """
    by.must(RECONCILE, payment)
    outside_transactions()
    if payment.doing or payment.provider == Provider.MANUAL:
        return payment
    if payment.state == State.REQUIRES_ACTION and provider_of(payment.provider).is_hosted:
        return authorise(payment=payment, instrument=hosted(payment), by=by, at=at)
    if payment.state not in (State.AUTHORISED, State.CAPTURED):
        return payment
    # Whatever was asked last, `look_up` says how the charge stands.
    _heard, stands = _looked_up(payment.provider, f"{payment.pk}:look:0", payment.provider_ref, at)
    if stands is None:
        return payment
    if payment.state == State.AUTHORISED and stands.reason == RELEASED:
        # The card holds the amount no longer: nobody is charged, and whoever waits for the money is told.
        return void(payment=payment, by=by, at=at)
    if payment.state == State.CAPTURED:
        with transaction.atomic():
            book_fee(payment, stands.fee_minor, by=by, at=at)
    return payment

"""Finding out what became of calls whose answer never came, and hearing what providers tell by themselves."""

import hashlib
import hmac
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments.models import Dispute, DisputeState, Errand, Payment, Payout, Provider, Refund, State
from toadlane.money.payments.permissions import RECONCILE, SETTLE
from toadlane.money.payments.services.asking import outside_transactions, provider_of
from toadlane.money.payments.services.charging import send_capture, send_void
from toadlane.money.payments.services.disputes import close_dispute, open_dispute
from toadlane.money.payments.services.outcomes import Outcome, settle
from toadlane.money.payments.services.payouts import send_payout, settle_payout
from toadlane.money.payments.services.providers import Notice
from toadlane.money.payments.services.refunds import send_refund, settle_refund
from toadlane.plumbing.access.principals import Principal

# A call that is this old has been answered, or its caller is no more.
PATIENCE = timedelta(seconds=60)
# How long a charge can come back as a dispute.
DISPUTABLE = timedelta(days=120)
AT_ONCE = 200


class BadSignature(Expected):
    words = _("This notice was not signed by the provider.")
    status = 401
    hint = _("Sign the whole body with the secret of the webhook.")  # type: ignore[assignment]


def sweep(*, by: Principal, at: datetime) -> int:
    """Settle every call that is open for too long; return how many were looked at. Never inside a transaction."""
    by.must(RECONCILE)
    outside_transactions()
    late = at - PATIENCE
    payments = Payment.objects.exclude(doing="").exclude(provider=Provider.MANUAL).filter(called_at__lt=late)
    found = list(payments.order_by("called_at")[:AT_ONCE])
    for payment in found:
        reconcile(payment=payment, by=by, at=at)
    open_errands = {"state__in": (Errand.ASKED, Errand.UNKNOWN), "asked_at__lt": late}
    refunds = Refund.objects.filter(**open_errands).exclude(payment__provider=Provider.MANUAL).select_related("payment")
    for asked in list(refunds.order_by("asked_at")[:AT_ONCE]):
        answer = provider_of(asked.payment.provider).look_up(key=f"{asked.pk}:refund", at=at)
        if answer:
            settle_refund(asked=asked, answer=answer, by=by, at=at)
        else:
            send_refund(asked, by=by, at=at)
    payouts = Payout.objects.filter(**open_errands).exclude(provider=Provider.MANUAL)
    for payout in list(payouts.order_by("asked_at")[:AT_ONCE]):
        answer = provider_of(payout.provider).look_up(key=f"{payout.pk}:payout", at=at)
        if answer:
            settle_payout(payout=payout, answer=answer, by=by, at=at)
        else:
            send_payout(payout, by=by, at=at)
    return len(found)


def reconcile(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Ask the provider what became of the call that is open, and record it. Never inside a transaction."""
    by.must(RECONCILE, payment)
    outside_transactions()
    if not payment.doing:
        return payment
    answer = provider_of(payment.provider).look_up(key=payment.call_key, at=at)
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


def hear(*, by: Principal, at: datetime) -> int:
    """Take in what the sandbox has to tell, signed as it would arrive from outside; return how many notices there were."""
    by.must(RECONCILE)
    outside_transactions()
    recent = Payment.objects.filter(provider=Provider.SANDBOX, state__in=(State.CAPTURED, State.DISPUTED))
    open_refs = Dispute.objects.filter(state=DisputeState.OPEN).values("payment_id")
    charges = recent.filter(settled_at__gte=at - DISPUTABLE) | recent.filter(pk__in=open_refs)
    told = provider_of(Provider.SANDBOX).notices(charges=list(charges.values_list("provider_ref", flat=True)), at=at)
    for notice in told:
        body = json.dumps(asdict(notice)).encode()
        receive(body=body, signature=sign(body, at), by=by, at=at)
    return len(told)


def sign(body: bytes, at: datetime) -> str:
    """Return the signature of a notice: `t=<unix time>,v1=<HMAC-SHA256 over "t.body">`."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={hmac.new(_secret(), stamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def webhook_secret() -> str:
    """Return the secret that a provider signs its notices with. Shown to the operator only."""
    return _secret().decode()


def receive(*, body: bytes, signature: str, by: Principal, at: datetime) -> None:
    """Take in a notice from a provider, whoever brings it: the signature is what counts.

    :raises BadSignature: when it is not signed with the secret
    """
    by.must(SETTLE)
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    expected = hmac.new(_secret(), parts.get("t", "").encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, parts.get("v1", "")):
        raise BadSignature
    try:
        notice = Notice(**json.loads(body))
    except (TypeError, ValueError) as error:
        raise UnknownNotice from error
    _act_on(notice, by=by, at=at)


class UnknownNotice(Expected):
    words = _("This notice says nothing we understand.")
    status = 422


def _act_on(notice: Notice, *, by: Principal, at: datetime) -> None:
    if notice.kind == "call.settled":
        if payment := Payment.objects.filter(call_key=notice.call_key).first():
            outcome = Outcome(
                call_key=notice.call_key, result=notice.result, minor=notice.minor,  # type: ignore[arg-type]
                provider_ref=notice.charge or payment.provider_ref, reason=notice.reason,
            )  # fmt: skip
            settle(payment=payment, outcome=outcome, by=by, at=at)
        return
    payment = Payment.objects.filter(provider_ref=notice.charge).exclude(provider_ref="").first()
    if not payment:
        return
    if notice.kind == "dispute.opened":
        amount, fee = Money(notice.minor, payment.currency), Money(notice.fee_minor, payment.currency)
        open_dispute(payment=payment, provider_ref=notice.id, amount=amount, fee=fee, by=by, at=at)
    elif notice.kind == "dispute.closed":
        close_dispute(payment=payment, provider_ref=notice.id, won=notice.result == "won", by=by, at=at)
    else:
        raise UnknownNotice


def _secret() -> bytes:
    return hashlib.sha256(b"toadlane payment webhook" + settings.SECRET_KEY.encode()).hexdigest().encode()

"""What Stripe tells by itself: signed, and worth no more than a hint to look how something stands by now."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import stripe

from toadlane.money.payments import queries
from toadlane.money.payments.services.providers.port import Notice, Unreadable, Unsigned
from toadlane.money.payments.services.providers.stripe._calls import NAME, client, ours
from toadlane.plumbing.clock import queries as clock

# A notice that is older than this may be somebody's who has recorded it. Stripe signs anew each time it tries again.
TOLERANCE = timedelta(minutes=5)
# What we listen to, by the kind of thing it is about.
LISTENED = (
    "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
    "checkout.session.expired", "payment_intent.amount_capturable_updated", "payment_intent.succeeded",
    "payment_intent.canceled", "charge.updated", "charge.captured", "charge.dispute.created", "charge.dispute.updated",
    "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "account.updated",
    "payout.failed", "refund.failed", "refund.updated", "charge.refund.updated",
)  # fmt: skip


def signed(body: bytes, header: str) -> Notice:
    """:raises Unsigned: and Unreadable"""
    secrets = queries.setting_of(NAME, "STRIPE_WEBHOOK_SECRET").split()
    if not any(_is_signed(body, header, secret) for secret in secrets):
        raise Unsigned
    stamps = [part[2:] for part in header.split(",") if part.startswith("t=")]
    if not stamps or abs(clock.machine_time().timestamp() - int(stamps[0])) > TOLERANCE.total_seconds():
        raise Unsigned
    try:
        event = stripe.Event.construct_from(json.loads(body), None)
        return _notice(event)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise Unreadable from error


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body.decode(), header, secret, tolerance=None))
    except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
        return False


def told_since(since: datetime, pages: int) -> list[Notice]:
    """Return what was told since an instant, the oldest first, whether or not it arrived."""
    found: list[Notice] = []
    rows = client().v1.events.list({"created": {"gte": int(since.timestamp())}, "types": list(LISTENED), "limit": 100})
    for event in rows.auto_paging_iter():
        found.append(_notice(event))
        if len(found) >= pages * 100:
            break
    return found[::-1]


def _notice(event: Any) -> Notice:
    """Keep of an event what it is about, and nothing that names anybody."""
    about = event.data.object
    account = getattr(event, "account", None) or ""
    return Notice(id=event.id, kind=event.type, charge=str(about.id), account=str(account))


def as_it_stands(notice: Notice) -> list[Notice]:
    """Ask Stripe how what a notice is about stands by now."""
    kind = notice.kind
    for start, look in _LOOKS.items():
        if kind.startswith(start):
            return look(notice)
    return []


def _session(notice: Notice) -> list[Notice]:
    found = client().v1.checkout.sessions.retrieve(notice.charge)
    return _payment(notice, found.metadata)


def _intent(notice: Notice) -> list[Notice]:
    return _payment(notice, client().v1.payment_intents.retrieve(notice.charge).metadata)


def _charge(notice: Notice) -> list[Notice]:
    return _payment(notice, client().v1.charges.retrieve(notice.charge).metadata)


def _payment(notice: Notice, metadata: Any) -> list[Notice]:
    payment = str(getattr(metadata, "payment", "") or "")
    return [Notice(id=notice.id, kind="payment.changed", payment=payment)] if payment else []


def _dispute(notice: Notice) -> list[Notice]:
    """Money leaves with a dispute, not with an inquiry: what Stripe's books say is what happened."""
    found = client().v1.disputes.retrieve(notice.charge)
    moved = [row for row in found.balance_transactions if row.amount < 0]
    if not moved:
        return []
    about: dict[str, Any] = {"id": notice.id, "dispute": found.id, "charge": str(found.payment_intent)}
    told = [
        Notice(
            **about, kind="dispute.opened", minor=-sum(ours(row.amount, row.currency) for row in moved),
            fee_minor=sum(ours(row.fee, row.currency) for row in moved),
        )
    ]  # fmt: skip
    if found.status in ("won", "lost"):
        told.append(Notice(**about, kind="dispute.closed", result=found.status))
    return told


def _refund(notice: Notice) -> list[Notice]:
    """A refund that was made may fail weeks later, when the payer's bank sends it back. How one is going on, a sweep asks."""
    found = client().v1.refunds.retrieve(notice.charge)
    key = str(getattr(found.metadata, "call_key", "") or "")
    if found.status not in ("failed", "canceled") or not key:
        return []
    return [Notice(id=notice.id, kind="refund.returned", call_key=key, charge=found.id)]


def _account(notice: Notice) -> list[Notice]:
    return [Notice(id=notice.id, kind="payee.changed", account=notice.account or notice.charge)]


def _payout(notice: Notice) -> list[Notice]:
    if notice.account:
        # A payee's own bank: theirs to see to, and Stripe tells them.
        return [Notice(id=notice.id, kind="payee.changed", account=notice.account)]
    found = client().v1.payouts.retrieve(notice.charge)
    if found.status != "failed":
        return []
    return [Notice(id=notice.id, kind="bank.failed", charge=found.id, reason=str(found.failure_code or ""))]


_LOOKS: dict[str, Callable[[Notice], list[Notice]]] = {
    "charge.dispute.": _dispute, "charge.refund.": _refund, "refund.": _refund, "checkout.session.": _session,
    "payment_intent.": _intent, "charge.": _charge, "account.": _account, "payout.": _payout,
}  # fmt: skip

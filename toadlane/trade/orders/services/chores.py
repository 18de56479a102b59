"""Calls to the payment provider that steps asked for: made after the commit, outside every transaction, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as payments_made
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Method, Payment, State
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.trade.orders.models import Chore, Order
from toadlane.trade.orders.permissions import PLACE, RUN
from toadlane.trade.orders.queries import processes

PATIENCE = timedelta(seconds=30)
TRIES = 30_000


def do(*, order_ids: Sequence[int], by: Principal, at: datetime) -> None:
    """Do what is open for some orders, in the order in which it was asked. A chore that cannot be done now stays open."""
    by.must(PLACE)
    for order_id in order_ids:
        for chore in _OF_ORDER(order=order_id):
            if not _try(chore, at):
                break


def sweep(*, by: Principal, at: datetime) -> int:
    """Do what a crash or a silent provider left undone; return how many chores were done."""
    by.must(RUN)
    done = 0
    for chore in _open().filter(asked_at__lte=at - PATIENCE)[:100]:
        done += _try(chore, at)
    return done


def _open() -> QuerySet[Chore]:
    return Chore.objects.filter(done_at=None).select_related("order__checkout").order_by("pk")


_OF_ORDER: Prepared[Chore] = Prepared(lambda: _open().filter(order_id=Param("order")))


def _try(chore: Chore, at: datetime) -> bool:
    """Do one chore. Claimed by its count of tries: of two that come at once, one does it."""
    # One may wait for months until a chargeback is decided: its count begins again before it is too large for the column.
    if not Chore.objects.filter(pk=chore.pk, tried=chore.tried, done_at=None).update(tried=(F("tried") + 1) % TRIES):
        return False
    payment = payments_made.of_subject(chore.order.checkout.subject) if chore.order.checkout else None
    by = Principal.job(current_coop_id())
    try:
        is_done = payment is None or DO[Chore.Kind(chore.kind)](chore, payment, by, at)
    except Expected as error:
        Chore.objects.filter(pk=chore.pk).update(trouble=f"{error.code}: {error}"[:200])
        return False
    if is_done:
        Chore.objects.filter(pk=chore.pk).update(done_at=at, trouble="")
    return is_done


def _capture(chore: Chore, payment: Payment, by: Principal, at: datetime) -> bool:
    if payment.state == State.AUTHORISED:
        payment = payments.capture(payment=payment, amount=Money(chore.minor, chore.order.currency), by=by, at=at)
    if payment.state != State.CAPTURED:
        return False
    _captured(chore.order, chore.minor)
    return True


def _captured(order: Order, minor: int) -> None:
    with transaction.atomic():
        Order.objects.filter(pk=order.pk, captured_minor=0).update(captured_minor=minor)
    order.captured_minor = minor


def _void(chore: Chore, payment: Payment, by: Principal, at: datetime) -> bool:
    if payment.state == State.UNKNOWN:
        return False
    if payment.state == State.AUTHORISED:
        payment = payments.void(payment=payment, by=by, at=at)
        return payment.state == State.VOIDED
    if payment.state in (State.CREATED, State.FAILED) and payment.method != Method.TRANSFER and not _waits(chore.order):
        # Nobody is to pay for what cannot be had any more. Only a transfer may be on its way, and goes back when it comes.
        payment = payments.void(payment=payment, by=by, at=at)
    if payment.state == State.CAPTURED and chore.minor:
        payments.refund(payment=payment, amount=Money(chore.minor, chore.order.currency), key=chore.key, by=by, at=at)
    return True


def _waits(order: Order) -> bool:
    """Whether something of the same checkout waits to be paid still."""
    rows = Order.objects.filter(checkout_id=order.checkout_id).select_related("process")
    return any(processes.of(row).find("pay", row.state) is not None for row in rows)


def _refund(chore: Chore, payment: Payment, by: Principal, at: datetime) -> bool:
    legs = [
        Leg(d["code"], Money(d["minor"], chore.order.currency), holder=d["holder"], rule=d["rule"], rule_version=d["version"])
        for d in chore.debits
    ]
    made = payments.refund(
        payment=payment, amount=Money(chore.minor, chore.order.currency), key=chore.key, debits=legs, by=by, at=at
    )
    if not made.is_booked:
        Chore.objects.filter(pk=chore.pk).update(trouble=made.reason)
    return made.is_booked


DO = {Chore.Kind.CAPTURE: _capture, Chore.Kind.VOID: _void, Chore.Kind.REFUND: _refund}

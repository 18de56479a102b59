"""Reactions: load, one service call, safe to run again."""

from datetime import datetime

from toadlane.money.benefits import services as benefits
from toadlane.money.invoicing.events import ParticularsGiven
from toadlane.money.payments.events import DisputeClosed, PaymentAuthorised, PaymentCaptured, PaymentDisputed
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.events import BylawsChanged
from toadlane.trade.catalog import services as catalog
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.events import OrderMoved, OrderRefunded, OrderReleased
from toadlane.trade.work.events import JobAssigned, JobFinished, JobStarted, OfferAccepted, OfferPassed


def follow_up(event: OrderMoved, *, by: Principal, at: datetime) -> None:
    if order := queries.find(event.order_id):
        orders.follow_up(order=order, deed=event.deed, by=by, at=at)


def tell_of_refund(event: OrderRefunded, *, by: Principal, at: datetime) -> None:
    # What a bank took its customer knows of.
    if (order := queries.find(event.order_id)) and not queries.reversals.is_by_a_bank(event.refund_id):
        orders.write(order=order, letter="order_refunded", by=by, at=at)


def give_for_visit(event: OrderReleased, *, by: Principal, at: datetime) -> None:
    """Charge what the customer promised the worker for each visit, if they did."""
    order = queries.find(event.order_id)
    if order is None or order.customer_id is None:
        return
    worker_id = order.worker_id or (order.provider.person_id if order.provider else None)
    if worker_id:
        benefits.visit_done(payer_id=order.customer_id, worker_id=worker_id, visit=order.subject, by=by, at=at)


def payment_came(event: PaymentAuthorised | PaymentCaptured, *, by: Principal, at: datetime) -> None:
    if checkout := queries.checkout_of(event.subject):
        orders.settle(checkout=checkout, by=by, at=at, is_in_a_job=True)


def tell_of_chargeback(event: PaymentDisputed, *, by: Principal, at: datetime) -> None:
    if checkout := queries.checkout_of(event.subject):
        for order in checkout.orders.all():
            orders.write(order=order, letter="order_charged_back", by=by, at=at)


def chargeback_is_over(event: DisputeClosed, *, by: Principal, at: datetime) -> None:
    orders.end_chargeback(subject=event.subject, ref=event.ref, won=event.won, by=by, at=at)


def prices_changed(event: BylawsChanged, *, by: Principal, at: datetime) -> None:
    """Let things be found by what they cost now."""
    if queries.splits.PRICED_BY & set(event.rules):
        catalog.rebuild_index(by=by)


def seller_changed(event: ParticularsGiven, *, by: Principal, at: datetime) -> None:
    """A small business adds no tax: what it offers costs less, or more, than before."""
    if event.membership_id is not None:
        catalog.reindex_of(provider_id=event.membership_id, by=by)


def offer_next(event: OfferPassed, *, by: Principal, at: datetime) -> None:
    if order := queries.of_subject(event.subject):
        orders.offer(order=order, by=by, at=at)


def taken_on(event: OfferAccepted, *, by: Principal, at: datetime) -> None:
    order = queries.of_subject(event.subject)
    if order and queries.can(order, "accept"):
        orders.taken_on(order=order, membership_id=event.membership_id, by=by, at=at)


def assigned(event: JobAssigned, *, by: Principal, at: datetime) -> None:
    order = queries.of_subject(event.subject)
    if order and queries.can(order, "assign"):
        orders.assigned(order=order, by=by, at=at)


def started(event: JobStarted, *, by: Principal, at: datetime) -> None:
    order = queries.of_subject(event.subject)
    if order and queries.can(order, "start"):
        orders.advance(order=order, transition="start", by=by, at=at, as_well=frozenset({"worker"}))


def finished(event: JobFinished, *, by: Principal, at: datetime) -> None:
    order = queries.of_subject(event.subject)
    if order and queries.can(order, "finish"):
        orders.advance(order=order, transition="finish", by=by, at=at, as_well=frozenset({"worker"}))

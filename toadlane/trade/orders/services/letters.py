"""Writing to the sides of an order when it moves on."""

from datetime import datetime
from typing import Any

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Delegate
from toadlane.society.messaging import services as messaging
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import RUN
from toadlane.trade.orders.queries import links

# Who hears of what. Each letter is one template: `letters/orders/<letter>.txt`.
TO_PROVIDER = frozenset({
    "order_paid", "order_requested", "order_cancelled", "order_moved", "order_disputed", "order_settled", "order_confirmed",
    "order_received", "order_charged_back",
})  # fmt: skip
TO_CUSTOMER = frozenset({
    "order_placed", "order_paid", "order_requested", "order_accepted", "order_declined", "order_assigned", "order_moved",
    "order_started", "order_done", "order_cancelled", "order_lapsed", "order_shipped", "order_refunded", "order_settled",
    "inquiry_opened", "inquiry_closed",
})  # fmt: skip


def write(*, order: Order, letter: str, by: Principal, at: datetime) -> None:
    """Write one letter to each side that it concerns."""
    by.must(RUN)
    coop = coops.of_scope(current_coop_id())
    context: dict[str, Any] = {
        "order": order, "coop": coop.name, "title": order.title, "starts_at": order.starts_at, "total": order.total,
        "refunded": order.refunded if order.refunded_minor else None, "provider": str(order.provider or ""),
        "worker": order.worker_name, "time_zone": coop.time_zone,
    }  # fmt: skip
    if letter in TO_CUSTOMER:
        guest = coops.address(coop, "orders:guest", token=links.token(order))
        page = coops.address(coop, "orders:detail", pk=order.pk)
        own = {**context, "is_customer": True, "link": page if order.customer_id else guest}
        _to_customer(order, letter, own, by, at)
    if letter in TO_PROVIDER and order.provider_id:
        theirs = {**context, "is_customer": False, "link": coops.address(coop, "orders:detail", pk=order.pk)}
        for person_id in _people_of(order):
            messaging.notify(person_id=person_id, about="orders", template=f"orders/{letter}", by=by, at=at, context=theirs)


def _to_customer(order: Order, letter: str, context: dict[str, Any], by: Principal, at: datetime) -> None:
    if order.customer_id:
        messaging.notify(person_id=order.customer_id, about="orders", template=f"orders/{letter}", by=by, at=at, context=context)
    elif order.email or order.phone:
        to = sending.Recipient(email=order.email, phone=order.phone, name=order.name)
        sending.send(to=to, template=f"orders/{letter}", context=context, language=order.language, by=by, at=at)


def _people_of(order: Order) -> list[int]:
    member = order.provider
    if member is None:
        return []
    if member.person_id:
        return [member.person_id]
    delegates = Delegate.objects.filter(membership=member, ended_on=None).order_by("pk")
    return list(delegates.values_list("person_id", flat=True))

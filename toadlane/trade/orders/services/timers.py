"""Timers: what happens to an order because time has passed."""

from datetime import datetime, timedelta

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import RUN
from toadlane.trade.orders.services import chores, moving

BATCH = 200
# A timer that cannot ring now (money still on its way) rings again after this.
LATER = timedelta(minutes=5)


def ring(*, by: Principal, at: datetime) -> int:
    """Make the transition of every timer that is due, each in its own transaction; return how many were made."""
    by.must(RUN)
    made = 0
    while due := list(Order.objects.filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", "due_at")[:BATCH]):
        for pk, due_at in due:
            # Claimed by its time: of two workers one rings, and one that dies leaves it to ring again.
            if Order.objects.filter(pk=pk, due_at=due_at).update(due_at=max(due_at, at) + LATER):
                made += _ring(pk, by, at)
    return made


_ONE: Prepared[Order] = Prepared(
    lambda: Order.objects.select_related("process", "checkout", "provider", "worker").filter(pk=Param("pk"))
)


def _ring(pk: int, by: Principal, at: datetime) -> int:
    [order] = _ONE(pk=pk)
    try:
        moving.advance(order=order, transition=order.due_to, by=by, at=at)
    except Expected:
        return 0
    chores.do(order_ids=[pk], by=by, at=at)
    return 1

"""What follows when an order has moved: the job is offered, letters are written. Run by the worker, and safe to run again."""

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import RUN
from toadlane.trade.orders.queries import processes
from toadlane.trade.orders.services import delivery, letters


def follow_up(*, order: Order, deed: str, by: Principal, at: datetime) -> None:
    """Do what may wait until after the commit of a transition."""
    by.must(RUN)
    process = processes.of(order)
    made = [t for t in process.transitions if t.name == deed]
    # One name may lead out of several states; the one that led to where the order is now is the one meant.
    transition = next((t for t in made if t.to == order.state), made[0] if made else None)
    if transition is None:
        return
    if "offer_job" in transition.deeds:
        delivery.offer(order=order, by=by, at=at)
    for letter in transition.letters:
        letters.write(order=order, letter=letter, by=by, at=at)

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders import queries as orders
from toadlane.trade.orders.events import OrderMoved, ReviewsOpened
from toadlane.trade.reviews import services


def open_reviews(event: ReviewsOpened, *, by: Principal, at: datetime) -> None:
    if order := orders.find(event.order_id):
        services.open_window(order=order, by=by, at=at)


def hear(event: OrderMoved, *, by: Principal, at: datetime) -> None:
    """However a customer said that something was wrong, the other side is heard and somebody decides."""
    if event.deed == "dispute" and (order := orders.find(event.order_id)):
        services.hear(order=order, by=by, at=at)

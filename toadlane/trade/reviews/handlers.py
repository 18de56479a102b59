from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders import queries as orders
from toadlane.trade.orders.events import ReviewsOpened
from toadlane.trade.reviews import services


def open_reviews(event: ReviewsOpened, *, by: Principal, at: datetime) -> None:
    if order := orders.find(event.order_id):
        services.open_window(order=order, by=by, at=at)

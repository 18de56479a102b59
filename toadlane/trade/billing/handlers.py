from datetime import datetime

from toadlane.money.invoicing.events import ParticularsGiven
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.billing import services
from toadlane.trade.orders.events import OrderRefunded, OrderReleased


def settle(event: OrderReleased | OrderRefunded, *, by: Principal, at: datetime) -> None:
    services.settle(order_id=event.order_id, by=by, at=at)


def catch_up(event: ParticularsGiven, *, by: Principal, at: datetime) -> None:
    services.catch_up(membership_id=event.membership_id, by=by, at=at)

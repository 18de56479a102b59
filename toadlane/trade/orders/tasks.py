"""Work by the clock of each co-op."""

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders import services as orders


def ring_timers(*, by: Principal, at: datetime) -> None:
    orders.ring(by=by, at=at)


def place_visits(*, by: Principal, at: datetime) -> None:
    orders.place_due(by=by, at=at)


def finish_chores(*, by: Principal, at: datetime) -> None:
    orders.sweep(by=by, at=at)

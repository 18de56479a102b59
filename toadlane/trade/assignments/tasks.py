from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments import services


def pay_wages(*, by: Principal, at: datetime) -> None:
    services.pay_due(by=by, at=at)


def remind_clients(*, by: Principal, at: datetime) -> None:
    services.remind(by=by, at=at)

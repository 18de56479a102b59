from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking import queries, services


def expire_holds(*, by: Principal, at: datetime) -> None:
    services.expire_holds(by=by, at=at)


def read_outside_calendars(*, by: Principal, at: datetime) -> None:
    for calendar in queries.outside_due(at):
        services.read_again(calendar=calendar, by=by, at=at)

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking import queries, services


def expire_holds(*, by: Principal, at: datetime) -> None:
    services.expire_holds(by=by, at=at)


def read_outside_calendars(*, by: Principal, at: datetime) -> None:
    """Read each calendar that is due. One that breaks is told of at the end: the others are read all the same."""
    broken: list[Exception] = []
    for calendar in queries.outside_due(at):
        try:
            services.read_again(calendar=calendar, by=by, at=at)
        except Exception as error:
            broken.append(error)
    if broken:
        raise broken[0]

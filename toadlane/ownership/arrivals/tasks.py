from datetime import datetime

from toadlane.ownership.arrivals import services
from toadlane.plumbing.access.principals import Principal


def drop_old(*, by: Principal, at: datetime) -> None:
    services.drop_old(by=by, at=at)

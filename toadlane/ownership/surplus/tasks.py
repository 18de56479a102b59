from datetime import datetime

from toadlane.ownership.surplus import services
from toadlane.plumbing.access.principals import Principal


def count(*, by: Principal, at: datetime) -> None:
    services.count(by=by, at=at)


def hand_over(*, by: Principal, at: datetime) -> None:
    services.hand_over(by=by, at=at)

from datetime import datetime

from toadlane.ownership.surplus import services
from toadlane.plumbing.access.principals import Principal


def count(*, by: Principal, at: datetime) -> None:
    services.count(by=by, at=at)

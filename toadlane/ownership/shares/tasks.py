from datetime import datetime

from toadlane.ownership.shares import services as shares
from toadlane.plumbing.access.principals import Principal


def close_offers(*, by: Principal, at: datetime) -> None:
    shares.close_due(by=by, at=at)

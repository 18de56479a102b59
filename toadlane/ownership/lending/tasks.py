from datetime import datetime

from toadlane.ownership.lending import services as lending
from toadlane.plumbing.access.principals import Principal


def keep_time(*, by: Principal, at: datetime) -> None:
    """Book what loans have earned, and give back those whose term is over."""
    lending.earn_due(by=by, at=at)
    lending.give_back_due(by=by, at=at)

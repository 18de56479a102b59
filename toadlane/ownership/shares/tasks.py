from datetime import datetime

from toadlane.ownership.shares import services as shares
from toadlane.plumbing.access.principals import Principal


def close_offers(*, by: Principal, at: datetime) -> None:
    shares.close_due(by=by, at=at)


def keep_time(*, by: Principal, at: datetime) -> None:
    """What nobody inherited in time is queued, parts of repayments go out on their day, and what came twice goes back."""
    shares.repay_overdue_estates(by=by, at=at)
    shares.hand_over_due(by=by, at=at)
    shares.give_back_due(by=by, at=at)

from datetime import datetime

from toadlane.ownership.dues import services as dues
from toadlane.plumbing.access.principals import Principal


def keep_time(*, by: Principal, at: datetime) -> None:
    """Charge the period that has begun, remind whoever has not paid, and say who is late."""
    dues.charge_due(by=by, at=at)
    dues.remind_due(by=by, at=at)
    dues.note_all_late(by=by, at=at)

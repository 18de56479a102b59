from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.society.messaging import services


def digest(*, by: Principal, at: datetime) -> None:
    """Write each person one letter a day with all the news, in the morning."""
    services.plan_digests(by=by, at=at)

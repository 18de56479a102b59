from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.reviews import services


def publish_reviews(*, by: Principal, at: datetime) -> None:
    services.publish_due(by=by, at=at)


def close_complaints(*, by: Principal, at: datetime) -> None:
    services.close_settled(by=by, at=at)

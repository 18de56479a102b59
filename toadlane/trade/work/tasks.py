from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.work import services


def expire_offers(*, by: Principal, at: datetime) -> None:
    services.expire_offers(by=by, at=at)

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.billing import services


def ask_sellers(*, by: Principal, at: datetime) -> None:
    services.ask_sellers(by=by, at=at)


def send_copies(*, by: Principal, at: datetime) -> None:
    services.send_copies(by=by, at=at)

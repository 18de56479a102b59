from datetime import datetime

from toadlane.money.funds import services as funds
from toadlane.plumbing.access.principals import Principal


def feed(*, by: Principal, at: datetime) -> None:
    funds.feed(by=by, at=at)

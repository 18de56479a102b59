from datetime import datetime

from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal


def seal(*, by: Principal, at: datetime) -> None:
    ledger.seal(by=by, at=at)

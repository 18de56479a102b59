from datetime import datetime

from toadlane.commons.records import services
from toadlane.plumbing.access.principals import Principal


def prepare(*, by: Principal, at: datetime) -> None:
    services.prepare(by=by, at=at)


def renew(*, by: Principal, at: datetime) -> None:
    services.renew(by=by, at=at)

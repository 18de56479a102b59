from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sealing import services


def seal_records(*, by: Principal, at: datetime) -> None:
    services.seal(by=by, at=at)

"""What time does to proposals and decisions."""

from datetime import datetime

from toadlane.democracy.proposals import services
from toadlane.plumbing.access.principals import Principal


def advance(*, by: Principal, at: datetime) -> None:
    services.advance(by=by, at=at)


def enact_due(*, by: Principal, at: datetime) -> None:
    services.enact_due(by=by, at=at)


def lapse_appeals(*, by: Principal, at: datetime) -> None:
    services.lapse_appeals(by=by, at=at)


def look_at_law(*, by: Principal, at: datetime) -> None:
    services.look_at_law(by=by, at=at)

from datetime import datetime

from toadlane.money.benefits import services as benefits
from toadlane.plumbing.access.principals import Principal


def charge(*, by: Principal, at: datetime) -> None:
    benefits.ask_for_due(by=by, at=at)
    benefits.charge(by=by, at=at)


def tidy(*, by: Principal, at: datetime) -> None:
    benefits.gather_from_orders(by=by, at=at)
    benefits.forget_unanswered(by=by, at=at)
    benefits.forget_old_help(by=by, at=at)

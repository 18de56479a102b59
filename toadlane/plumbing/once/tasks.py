from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.once import services


def forget_answers(*, by: Principal, at: datetime) -> None:
    services.forget(by=by, at=at)


def forget_answers_of_server(*, by: Principal, at: datetime) -> None:
    services.forget(by=by, at=at)

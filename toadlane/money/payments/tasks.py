from datetime import datetime

from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal


def sweep(*, by: Principal, at: datetime) -> None:
    payments.sweep(by=by, at=at)


def hear(*, by: Principal, at: datetime) -> None:
    payments.hear(by=by, at=at)


def compare(*, by: Principal, at: datetime) -> None:
    payments.sweep(by=by, at=at)
    payments.hear(by=by, at=at)
    payments.compare(by=by, at=at)


def pay_out(*, by: Principal, at: datetime) -> None:
    payments.pay_out(by=by, at=at)


def look_into(*, by: Principal, at: datetime) -> None:
    payments.look_into(by=by, at=at)

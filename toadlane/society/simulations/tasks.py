from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.society.simulations import services


def work_off(*, by: Principal, at: datetime) -> None:
    while services.work_off(by=by, at=at):
        pass

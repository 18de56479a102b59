from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import jobs


def forget_old_jobs(*, by: Principal, at: datetime) -> None:
    jobs.forget_old()

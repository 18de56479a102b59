from datetime import timedelta

from toadlane.plumbing.once import tasks
from toadlane.plumbing.outbox import timers


def wire() -> None:
    timers.every(timedelta(hours=6), tasks.forget_answers)

from datetime import timedelta

from toadlane.plumbing.once import tasks
from toadlane.plumbing.outbox import timers


def wire() -> None:
    timers.every(timedelta(hours=6), tasks.forget_answers)
    timers.every_on_server(timedelta(hours=6), tasks.forget_answers_of_server)

from datetime import timedelta

from toadlane.plumbing.outbox import tasks, timers


def wire() -> None:
    timers.every_on_server(timedelta(hours=6), tasks.forget_old_jobs)

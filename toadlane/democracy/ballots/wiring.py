from datetime import timedelta

from toadlane.democracy.ballots import events, tasks
from toadlane.plumbing.outbox import registry, timers


def wire() -> None:
    for told in (events.BallotOpened, events.BallotExtended, events.BallotClosed, events.BallotCounted):
        registry.know(told)
    timers.every(timedelta(seconds=20), tasks.open_ballots)
    timers.every(timedelta(seconds=20), tasks.close_ballots)

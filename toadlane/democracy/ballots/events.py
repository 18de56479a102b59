from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class BallotOpened(Event):
    ballot_id: int
    number: int
    proposal: int


@dataclass(frozen=True, kw_only=True)
class BallotExtended(Event):
    ballot_id: int
    number: int
    closes_at: str


@dataclass(frozen=True, kw_only=True)
class BallotClosed(Event):
    """It takes no more votes; the result is told by `BallotCounted`."""

    ballot_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class BallotCounted(Event):
    ballot_id: int
    number: int
    outcome: str
    hash: str

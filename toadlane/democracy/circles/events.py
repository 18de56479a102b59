from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class CircleFounded(Event):
    circle_id: int
    decision: str


@dataclass(frozen=True, kw_only=True)
class CircleEnded(Event):
    circle_id: int
    decision: str


@dataclass(frozen=True, kw_only=True)
class OfficersSeated(Event):
    """Whoever was elected sits now."""

    office: str
    decision: str


@dataclass(frozen=True, kw_only=True)
class OfficerRecalled(Event):
    office: str
    person_id: int
    decision: str


@dataclass(frozen=True, kw_only=True)
class DrawAnnounced(Event):
    """Seats will be filled by lot: everybody in it can look beforehand at what decides."""

    draw_id: int


@dataclass(frozen=True, kw_only=True)
class SomebodyDrawn(Event):
    """The lot fell on somebody, who can say no for some days."""

    asked_id: int


@dataclass(frozen=True, kw_only=True)
class NominationsOpened(Event):
    election_id: int


@dataclass(frozen=True, kw_only=True)
class SomebodyNominated(Event):
    nomination_id: int


@dataclass(frozen=True, kw_only=True)
class NominationsClosed(Event):
    """The deadline is over: what members are to vote on is known."""

    election_id: int
    office: str

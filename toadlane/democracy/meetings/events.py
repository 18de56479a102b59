from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class MeetingCalled(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class AgendaExtended(Event):
    """Members had an item put on the agenda of a meeting that was called already."""

    meeting_id: int
    item_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingOpened(Event):
    meeting_id: int
    call: int


@dataclass(frozen=True, kw_only=True)
class MeetingClosed(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class DemandReached(Event):
    """Enough members ask for a meeting, or for an item: it is their right now."""

    demand_id: int


@dataclass(frozen=True, kw_only=True)
class MinutesApproved(Event):
    meeting_id: int
    number: int

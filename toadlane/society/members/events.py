from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class MemberApplied(Event):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class RefusalAppealed(Event):
    """Somebody who was refused asks the members to look again."""

    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberAccepted(Event):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberDeclined(Event):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberAgreed(Event):
    """Somebody who was accepted has agreed to the bylaws, and is a member once they have paid what joining costs."""

    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberSuspended(Event):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class HearingOpened(Event):
    """A member has been told what they are charged with."""

    hearing_id: int

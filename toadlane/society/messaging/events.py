from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class NoticesGiven(Event):
    """A stretch of people has an announcement on their desks; their letters are to be written."""

    announcement_id: int
    first_id: int
    last_id: int


@dataclass(frozen=True, kw_only=True)
class DigestDue(Event):
    """A stretch of people is to have the news of a day in one letter."""

    first_person_id: int
    last_person_id: int
    before: str

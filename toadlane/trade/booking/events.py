from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class HoldExpired(Event):
    booking_id: int
    subject: str

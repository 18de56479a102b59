from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class SharesPaid(Event):
    """What somebody paid for shares is in the register: nothing more of it is owed."""

    membership_id: int

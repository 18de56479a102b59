from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class DuesMoved(Event):
    """What a member owes was paid, waived or charged: whether they are late has to be looked at again."""

    membership_id: int

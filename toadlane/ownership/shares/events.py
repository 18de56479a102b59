from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class SharesPaid(Event):
    """What somebody owes on their shares is another amount: they have paid it, or their bank has taken a payment back."""

    membership_id: int

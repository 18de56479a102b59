from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class WalletOpened(Event):
    """A worker said yes. `invited_by` is the person who asked her, or 0."""

    wallet_id: int
    invited_by: int


@dataclass(frozen=True, kw_only=True)
class ContributionCredited(Event):
    contribution_id: int
    wallet_id: int
    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ContributionMissed(Event):
    """A charge did not go through. `is_over` when it is not tried again and the plan has ended."""

    contribution_id: int
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class PlanEnded(Event):
    plan_id: int
    because: str


@dataclass(frozen=True, kw_only=True)
class AskedForHer(Event):
    """Somebody who helps asked for something out of a worker's wallet."""

    draw_id: int


@dataclass(frozen=True, kw_only=True)
class BatchApproved(Event):
    batch_id: int
    minor: int
    currency: str

"""The dated lines of a proposal's story."""

from datetime import datetime
from typing import Any

from toadlane.democracy.proposals.models import Moment, Proposal
from toadlane.plumbing.access.principals import Principal


def note(proposal: Proposal, deed: str, *, by: Principal, at: datetime, name: str = "", **facts: Any) -> Moment:
    """Add a line to the story: what was done, by whom."""
    return Moment.objects.create(proposal=proposal, deed=deed, at=at, by=str(by), name=name[:160], facts=facts)

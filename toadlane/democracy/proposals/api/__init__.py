"""Proposals and decisions over REST: the same services as the pages."""

from toadlane.democracy.proposals.api.decisions import router as decisions
from toadlane.democracy.proposals.api.proposals import router as proposals
from toadlane.democracy.proposals.api.talks import router as _talks

proposals.add_router("", _talks)

__all__ = ["decisions", "proposals"]

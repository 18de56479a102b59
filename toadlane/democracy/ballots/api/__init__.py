"""Ballots over REST: the same services as the pages."""

# What has a word in its address comes before what has a number there.
from toadlane.democracy.ballots.api import voting, telling, reading  # noqa: I001
from toadlane.democracy.ballots.api.common import router

__all__ = ["reading", "router", "telling", "voting"]

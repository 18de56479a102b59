"""When a decision takes effect, and who is told of it beforehand."""

from datetime import datetime

from toadlane.democracy.proposals.models import Decision
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Patch


def announce_change(decision: Decision, due_at: datetime, at: datetime) -> None:
    """Let every door know from when the rules read otherwise."""
    for one in decision.contents:
        if one["kind"] == "patch":
            act = Principal.job(decision.coop_id, "enactment")
            rules.announce(patch=Patch.read(one["payload"]), decision=decision.name, due_at=due_at, by=act, at=at)

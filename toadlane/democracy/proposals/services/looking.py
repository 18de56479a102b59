"""Look before you vote: what the change would have done to last year's orders goes with every version of a proposal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from toadlane.democracy.proposals import policies
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules.patches import Patch
from toadlane.society.simulations import services as simulations
from toadlane.society.simulations.models import Simulation


def look(contents: Sequence[Mapping[str, Any]], at: datetime, by: Principal) -> Simulation | None:
    """Return what the changes of rules in it, all together, would have done; None where they touch no money."""
    patches = [one["payload"] for one in policies.merged(contents) if one["kind"] == "patch"]
    if not patches:
        return None
    # The proposal's own look, whoever brings it: a petition's signers need not be able to ask by themselves.
    return simulations.simulate(patch=Patch.read(patches[0]), by=Principal.job(by.coop_id), at=at)

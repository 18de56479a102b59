from datetime import timedelta

from toadlane.democracy.proposals import events, guards, handlers, tasks
from toadlane.democracy.proposals.queries import decisions
from toadlane.democracy.proposals.rules import RULES
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.events import BylawsChanged


def wire() -> None:
    refusals.declare(guards.refusals)
    rules.declare("proposals", RULES)
    registry.on(BylawsChanged, handlers.look_again)
    registry.know(
        events.ProposalMade, events.ProposalOpened, events.VoteAnnounced, events.ProposalDecided, events.DecisionEnacted,
        events.EnactmentFailed, events.DecisionSuspended, events.DecisionAnnulled,
    )  # fmt: skip
    timers.every(timedelta(seconds=20), tasks.enact_due, due=decisions.coops_with_due)
    timers.every(timedelta(seconds=60), tasks.advance)
    invariants.declare("proposals.decisions_are_a_chain", decisions.chain)

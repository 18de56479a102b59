from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.proposals import events, guards, handlers, tasks
from toadlane.democracy.proposals.handlers import decisions as own
from toadlane.democracy.proposals.permissions import READ
from toadlane.democracy.proposals.queries import decisions, proposals, verification, waiting
from toadlane.democracy.proposals.rules import RULES
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.events import BylawsChanged
from toadlane.society.bylaws.rules import countable, lent
from toadlane.society.bylaws.rules import decisions as kinds
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    guards.sealed()
    rules.declare("proposals", RULES)
    for kind in (own.RESOLUTION, own.CHOICE, own.LONGER):
        kinds.declare(kind)
    registry.on(BylawsChanged, handlers.look_again)
    registry.on(events.ProposalOpened, handlers.tell_of_talk)
    registry.on(events.VoteAnnounced, handlers.tell_of_vote)
    registry.on(events.ProposalDecided, handlers.tell_of_decision)
    registry.on(events.EnactmentFailed, handlers.tell_of_failure)
    registry.on(events.DecisionSuspended, handlers.tell_of_suspension)
    registry.know(events.ProposalMade, events.DecisionEnacted, events.DecisionAnnulled)
    countable.declare(Procedure.read)
    lent.declare(
        tell=decisions.tell, look=decisions.under_way, propose="proposals:change", add_way="proposals:new_way",
        begin="proposals:new",
    )  # fmt: skip
    desk.declare("proposals", waiting.waiting)
    personal_data.declare("proposals", export=waiting.export)
    nav.declare("coop", 45, gettext_noop("Decisions"), "proposals:decisions", _reads)
    timers.every(timedelta(seconds=20), tasks.enact_due, due=decisions.coops_with_due, next_at=decisions.next_due)
    timers.every(timedelta(seconds=60), tasks.advance, next_at=proposals.next_announcement)
    timers.every(timedelta(hours=1), tasks.lapse_appeals, next_at=decisions.next_lapse)
    timers.every(timedelta(days=1), tasks.look_at_law)
    invariants.declare("proposals.decisions_are_a_chain", decisions.chain)
    invariants.declare("proposals.texts_are_what_was_hashed", verification.texts)
    invariants.declare("proposals.enactments_follow", verification.enactments)
    invariants.declare("proposals.rules_follow_decisions", verification.rules)
    invariants.declare("proposals.coming_is_what_was_decided", verification.coming)
    invariants.declare("proposals.stories_hold", verification.stories)


def _reads(request: Any) -> bool:
    return request.by is not None and bool(request.by.may(READ, None))

"""What follows from what happens elsewhere."""

from datetime import datetime

from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.events import (
    DecisionSuspended,
    EnactmentFailed,
    ProposalDecided,
    ProposalOpened,
    VoteAnnounced,
)
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.events import BylawsChanged


def look_again(event: BylawsChanged, *, by: Principal, at: datetime) -> None:
    """The rules have moved: what was written on the old ones may not fit any more."""
    services.look_again(by=by, at=at)


def tell_of_talk(event: ProposalOpened, *, by: Principal, at: datetime) -> None:
    """Told by jobs, so that whoever's name was the last one needed does not wait for 85,000 desks."""
    if proposal := queries.find(event.number):
        services.tell_of_talk(proposal=proposal, by=by, at=at)


def tell_of_vote(event: VoteAnnounced, *, by: Principal, at: datetime) -> None:
    if proposal := queries.find(event.number):
        services.tell_of_vote(proposal=proposal, by=by, at=at)


def tell_of_decision(event: ProposalDecided, *, by: Principal, at: datetime) -> None:
    if decision := queries.named(event.decision):
        services.tell_of_decision(decision=decision, by=by, at=at)


def tell_of_failure(event: EnactmentFailed, *, by: Principal, at: datetime) -> None:
    if decision := queries.named(event.decision):
        services.tell_of_failure(decision=decision, by=by, at=at)


def tell_of_suspension(event: DecisionSuspended, *, by: Principal, at: datetime) -> None:
    if decision := queries.named(event.decision):
        services.tell_of_suspension(decision=decision, by=by, at=at)

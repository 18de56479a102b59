"""What time does to ballots."""

from datetime import datetime

from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.queries import waits
from toadlane.democracy.ballots.services import urn
from toadlane.democracy.proposals import queries as proposals
from toadlane.plumbing.access.principals import Principal


def open_ballots(*, by: Principal, at: datetime) -> None:
    """Open what is ready for its vote and waits for no meeting, and the next round of what needs one."""
    held = waits.waiting(at)
    ready = [one for one in proposals.ready_for_vote(at) if one.number not in held and not queries.is_of_a_meeting(one)]
    for proposal in [*ready, *(ballot.proposal for ballot in queries.waiting_rounds(at))]:
        services.open_ballot(proposal=proposal, by=by, at=at)


def close_ballots(*, by: Principal, at: datetime) -> None:
    """Close and count what is due, and what nothing can change any more."""
    for ballot in [*queries.due(at), *queries.settled(at)]:
        services.close(ballot=ballot, by=by, at=at)


def tidy_urns(*, by: Principal, at: datetime) -> None:
    """See to it that nothing is left of how secret votes came, where somebody who read kept it from being done at once."""
    if queries.coops_with_urns(at):
        urn.leave_no_trace(sweep=True)

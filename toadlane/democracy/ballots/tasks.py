"""What time does to ballots."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.queries import waits
from toadlane.democracy.ballots.services import urn
from toadlane.democracy.proposals import queries as proposals
from toadlane.plumbing.access.principals import Principal


def open_ballots(*, by: Principal, at: datetime) -> None:
    """Open what is ready for its vote and waits for no meeting, and the next round of what needs one."""
    held = waits.waiting(at)
    ready = [one for one in proposals.ready_for_vote(at) if one.number not in held and not queries.is_of_a_meeting(one)]
    waiting = [*ready, *(ballot.proposal for ballot in queries.waiting_rounds(at))]
    _each(waiting, lambda proposal: services.open_ballot(proposal=proposal, by=by, at=at))


def close_ballots(*, by: Principal, at: datetime) -> None:
    """Close and count what is due, and what nothing can change any more."""
    _each([*queries.due(at), *queries.settled(at)], lambda ballot: services.close(ballot=ballot, by=by, at=at))


def _each(rows: Iterable[Any], work: Callable[[Any], object]) -> None:
    """Do it for each, also where it fails for one: that one is told in the end, and keeps no other vote from its time."""
    failed: list[Exception] = []
    for row in rows:
        try:
            work(row)
        except Exception as error:  # Whatever it is: the timer tells it, with its place.
            failed.append(error)
    if failed:
        raise failed[0]


def tidy_urns(*, by: Principal, at: datetime) -> None:
    """See to it that nothing is left of how secret votes came, where somebody who read kept it from being done at once."""
    if queries.coops_with_urns(at):
        urn.leave_no_trace(sweep=True)

"""What follows from a meeting: its minutes are begun when it closes, and printed when they are approved."""

from datetime import datetime

from toadlane.democracy.ballots.events import BallotOpened
from toadlane.democracy.circles.events import NominationsClosed
from toadlane.democracy.circles.models import Election
from toadlane.democracy.meetings import queries, services
from toadlane.democracy.meetings.events import MeetingClosed, MinutesApproved
from toadlane.democracy.meetings.models import Meeting
from toadlane.democracy.proposals.events import ProposalDecided
from toadlane.plumbing.access.principals import Principal


def begin_minutes(event: MeetingClosed, *, by: Principal, at: datetime) -> None:
    services.draft_minutes(meeting=Meeting.objects.get(pk=event.meeting_id), by=by, at=at)


def print_minutes(event: MinutesApproved, *, by: Principal, at: datetime) -> None:
    approved = queries.approved(Meeting.objects.get(pk=event.meeting_id))
    if approved is not None:
        services.print_minutes(approved=approved, by=by, at=at)


def bring_into_the_room(event: BallotOpened, *, by: Principal, at: datetime) -> None:
    """A vote that opens again in secret is the meeting's as the first one was: how many are there, and who acts for whom."""
    services.bring_into_the_room(number=event.number, by=by, at=at)


def bring_election(event: NominationsClosed, *, by: Principal, at: datetime) -> None:
    """Whoever stands is put to the vote: nobody has to remember it."""
    services.bring_election(election=Election.objects.get(pk=event.election_id), by=by, at=at)


def end_election(event: ProposalDecided, *, by: Principal, at: datetime) -> None:
    services.end_election(number=event.number, outcome=event.outcome, by=by, at=at)

from django.utils.translation import gettext_noop

from toadlane.democracy.ballots.events import BallotOpened
from toadlane.democracy.ballots.queries import waits
from toadlane.democracy.ballots.queries.doors import declare_door
from toadlane.democracy.circles.events import NominationsClosed
from toadlane.democracy.meetings import events, guards, handlers, permissions
from toadlane.democracy.meetings.queries import doors, duties, minutes, panels, telling, votes
from toadlane.democracy.meetings.rules import RULES
from toadlane.democracy.proposals.events import ProposalDecided
from toadlane.democracy.proposals.queries import lent as proposals
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    guards.sealed()
    rules.declare("meetings", RULES)
    registry.on(events.MeetingClosed, handlers.begin_minutes)
    registry.on(events.MinutesApproved, handlers.print_minutes)
    registry.on(BallotOpened, handlers.bring_into_the_room)
    registry.on(NominationsClosed, handlers.bring_election)
    registry.on(ProposalDecided, handlers.end_election)
    waits.declare_wait("meetings", votes.waits_for_a_meeting)
    declare_door("meetings", doors.shut, doors.here)
    proposals.declare_panel("meetings", panels.of_a_proposal)
    for told in (events.MeetingCalled, events.AgendaExtended, events.MeetingCancelled, events.MeetingOpened,
                 events.DemandReached):  # fmt: skip
        registry.know(told)
    desk.declare("meetings", telling.waiting)
    desk.declare("duties", duties.waiting)
    personal_data.declare("meetings", export=telling.of_person)
    invariants.declare("meetings.minute_book", minutes.book_holds)
    invariants.declare("meetings.everybody_was_told", telling.everybody_was_told)
    invariants.declare("meetings.nobody_counts_twice", telling.nobody_counts_twice)
    invariants.declare("meetings.who_counts_was_written_down", telling.who_counts_was_written_down)
    nav.declare("desk", 45, gettext_noop("Meetings"), "meetings:meetings", lambda request: "member" in request.by.roles)
    nav.declare("foot", 21, gettext_noop("Minutes"), "meetings:book", _reads_minutes)


def _reads_minutes(request: CoopRequest) -> bool:
    return bool(request.by.may(permissions.READ_MINUTES, permissions.Whose()))

"""Holding a meeting: opened with enough people, item by item, one speaker at a time, counted by two, closed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from toadlane.democracy.meetings import policies, queries
from toadlane.democracy.meetings.events import MeetingClosed, MeetingOpened
from toadlane.democracy.meetings.models import Count, Hand, Helper, Item, Meeting, Motion, Remark
from toadlane.democracy.meetings.permissions import ATTEND, COUNT, FINISH, RUN
from toadlane.democracy.meetings.services.calling import Missing, NotNow, be, locked, write_roll
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.ui import formats


class NoQuorum(Expected):
    """There are not enough members."""


class NotTheirTurn(Expected):
    """Somebody else has the floor."""


class MoreHandsThanPeople(Expected):
    words = lazy("There are not that many people here.")
    status = 422
    field = "votes_for"


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Principal, at: datetime) -> Meeting:
    """Open a meeting, once enough are there for this call. Who chairs and who takes the minutes has to be known.

    :raises NoQuorum: saying how many are missing, and when the second call is
    """
    by.must(RUN, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.CALLED)
    if at < meeting.starts_at:
        raise NotNow(_("It begins at %(time)s.") % {"time": formats.clock(meeting.starts_at)})
    for task, words in (
        (Helper.Task.CHAIR, _("Say first who chairs.")),
        (Helper.Task.MINUTES, _("Say first who takes the minutes.")),
    ):
        if not queries.holding(meeting, task):
            raise Missing(words, field="task")
    write_roll(meeting, at)
    found = queries.quorum(meeting, at=at)
    if not found.is_met:
        later = meeting.second_at if found.call == 1 and meeting.second_at else None
        hint = _("The second call is at %(time)s.") % {"time": formats.clock(later)} if later else ""
        words = ngettext(
            "%(present)s of %(whole)s is there; it takes %(needed)s.",
            "%(present)s of %(whole)s are there; it takes %(needed)s.",
            found.present,
        )
        raise NoQuorum(words % {"present": found.present, "whole": found.whole, "needed": found.needed}, hint=hint)
    meeting.state, meeting.opened_at, meeting.opened_call = Meeting.State.OPEN, at, found.call
    meeting.opened_with = {"present": found.present, "whole": found.whole, "needed": found.needed, **found.by_mode}
    meeting.save()
    events.publish(MeetingOpened(meeting_id=meeting.pk, call=found.call))
    return meeting


@transaction.atomic
def open_item(*, item: Item, by: Principal, at: datetime) -> Item:
    """Take up an item. One at a time; an item that was done can be taken up again."""
    by.must(RUN, item.meeting)
    meeting = locked(item.meeting)
    be(meeting, Meeting.State.OPEN)
    current = queries.open_item(meeting)
    if current is not None and current.pk != item.pk:
        raise NotTheirTurn(_("Close “%(title)s” first.") % {"title": current.title})
    item.state, item.opened_at, item.closed_at = Item.State.OPEN, item.opened_at or at, None
    item.save()
    return item


@transaction.atomic
def close_item(*, item: Item, by: Principal, at: datetime, conclusion: str = "") -> Item:
    """Close an item, with what came of it."""
    by.must(RUN, item.meeting)
    meeting = locked(item.meeting)
    be(meeting, Meeting.State.OPEN)
    if item.state != Item.State.OPEN:
        raise NotNow
    if Motion.objects.filter(item=item, counted_at__isnull=True).exists():
        raise NotNow(_("A count is under way. The tellers finish it first."))
    vote = queries.voting(item, at=at)
    if vote is not None and not vote.ballot.is_over:
        raise NotNow(_("Its vote is open until %(time)s.") % {"time": formats.moment(vote.ballot.closes_at)})
    _hush(meeting, at)
    item.state, item.closed_at = Item.State.CLOSED, at
    item.conclusion = conclusion.strip() or item.conclusion
    item.save()
    return item


@transaction.atomic
def write_notes(*, item: Item, notes: str, by: Principal, at: datetime, conclusion: str = "") -> Item:
    """Write down what is said, as long as the meeting lasts; afterwards it is put right in the draft of the minutes."""
    by.must(RUN, item.meeting)
    be(locked(item.meeting), Meeting.State.OPEN)
    item.notes, item.conclusion = notes.strip(), conclusion.strip() or item.conclusion
    item.save()
    return item


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: Principal, at: datetime) -> Meeting:
    """Close a meeting. What is still open on the agenda was not dealt with."""
    by.must(RUN, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.OPEN)
    if queries.open_item(meeting) is not None:
        raise NotNow(_("Close the item first."))
    wanted = queries.signers_wanted(meeting)
    if len(queries.holding(meeting, Helper.Task.SIGNER)) < wanted:
        raise Missing(_("Name first who approves the minutes for the members: %(n)s.") % {"n": wanted}, field="task")
    meeting.state, meeting.closed_at = Meeting.State.CLOSED, at
    meeting.save()
    events.publish(MeetingClosed(meeting_id=meeting.pk))
    return meeting


# ------------------------------------------------------------------------------------------------------------ speaking


@transaction.atomic
def raise_hand(*, meeting: Meeting, by: Principal, at: datetime) -> Hand:
    """Ask to speak. Only who is there can; twice is the same as once."""
    by.must(ATTEND, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.OPEN)
    if known := queries.hand_of(by, meeting):
        return known
    present = [one for one in queries.mine(by, meeting) if (now := queries.is_there(one)) and now.person_id == by.person_id]
    if not present or by.person_id is None:
        raise Missing(_("Check in first."), field="invitation")
    return Hand.objects.create(
        meeting=meeting, item=queries.open_item(meeting), invitation=present[0], person_id=by.person_id, raised_at=at
    )


@transaction.atomic
def lower_hand(*, meeting: Meeting, by: Principal, at: datetime) -> Hand | None:
    by.must(ATTEND, meeting)
    hand = queries.hand_of(by, locked(meeting))
    if hand is not None and hand.called_at is None:
        hand.lowered_at = at
        hand.save()
    return hand


@transaction.atomic
def next_speaker(*, meeting: Meeting, by: Principal, at: datetime) -> Hand | None:
    """Give the floor to whoever's turn it is; whoever had it is done."""
    by.must(RUN, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.OPEN)
    _end_speech(meeting, at)
    waiting = [policies.Waiting(one.pk, one.invitation.member_class) for one in queries.hands(meeting)]
    turn = policies.next_speaker(waiting, queries.classes_heard(meeting), alternates=meeting.alternates)
    if turn is None:
        return None
    hand = Hand.objects.get(pk=turn.hand)
    # They speak on what is talked about now, whenever they raised their hand.
    hand.called_at, hand.item = at, queries.open_item(meeting)
    hand.save()
    return hand


@transaction.atomic
def end_speech(*, meeting: Meeting, by: Principal, at: datetime) -> None:
    """Take note that somebody has finished; speakers say it themselves, or the chair does."""
    by.must(FINISH, meeting)
    _end_speech(locked(meeting), at)


def _end_speech(meeting: Meeting, at: datetime) -> None:
    current = queries.speaking(meeting)
    if current is not None:
        current.done_at = at
        current.save()


def _hush(meeting: Meeting, at: datetime) -> None:
    _end_speech(meeting, at)
    queries.hands(meeting).order_by().update(lowered_at=at)


@transaction.atomic
def remark(*, meeting: Meeting, kind: str, text: str, by: Principal, at: datetime, item: Item | None = None) -> Remark:
    """Have it recorded that one objects, or what one said. Until the hours that the bylaws give are over.

    :raises NotNow: too late; or from somebody who was never there
    """
    by.must(ATTEND, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.OPEN, Meeting.State.CLOSED)
    if kind not in Remark.Kind.values or not text.strip():
        raise Missing(_("Say it in words: it stands in the minutes."), field="text")
    hours = queries.book_of(meeting).value("meetings.objection_hours")
    if meeting.closed_at is not None and at >= meeting.closed_at + timedelta(hours=hours):
        raise NotNow(_("The time to have something recorded is over."))
    own = [one for one in queries.mine(by, meeting) if one.presences.filter(person_id=by.person_id or 0).exists()]
    if not own or by.person_id is None:
        raise NotNow(_("Only who was there has something recorded."))
    return Remark.objects.create(
        meeting=meeting, item=item, invitation=own[0], person_id=by.person_id, kind=kind, text=text.strip()[:4000], at=at
    )


# ------------------------------------------------------------------------------------------------------------- motions


@transaction.atomic
def put_motion(*, item: Item, text: str, by: Principal, at: datetime) -> Motion:
    """Put something to the room about its own running; two tellers count hands. What binds the co-op goes to a ballot."""
    by.must(RUN, item.meeting)
    meeting = locked(item.meeting)
    be(meeting, Meeting.State.OPEN)
    if item.state != Item.State.OPEN:
        raise NotNow(_("Take up the item first."))
    if not text.strip():
        raise Missing(_("Say what the room decides on."), field="text")
    if len(queries.holding(meeting, Helper.Task.TELLER)) < 2:
        raise Missing(_("Name two tellers first: what one counts, another counts too."), field="task")
    present = queries.quorum(meeting, at=at).present
    return Motion.objects.create(item=item, text=text.strip()[:300], moved_at=at, moved_by=str(by), present=present)


@transaction.atomic
def count_hands(*, motion: Motion, votes_for: int, votes_against: int, abstained: int, by: Principal, at: datetime) -> Motion:
    """Say what one counted. When two tellers have the same, it is the result; until then both can count again."""
    by.must(COUNT, motion.item.meeting)
    locked(motion.item.meeting)
    motion = Motion.objects.select_for_update(of=("self",)).select_related("item__meeting").get(pk=motion.pk)
    if motion.counted_at is not None:
        raise NotNow(_("It has been counted."))
    figures = (votes_for, votes_against, abstained)
    if min(figures) < 0 or sum(figures) > motion.present:
        raise MoreHandsThanPeople(hint=ngettext("%(n)s is here.", "%(n)s are here.", motion.present) % {"n": motion.present})
    Count.objects.create(
        motion=motion, teller_id=by.person_id, votes_for=votes_for, votes_against=votes_against, abstained=abstained, at=at
    )
    if sum(1 for one in queries.counts_of(motion) if one.figures == figures) >= 2:
        motion.votes_for, motion.votes_against, motion.abstained, motion.counted_at = *figures, at
        motion.save()
    return motion

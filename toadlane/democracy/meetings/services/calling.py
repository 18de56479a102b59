"""Preparing a meeting, calling it in time, and calling it off."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.circles import queries as circles
from toadlane.democracy.meetings import queries
from toadlane.democracy.meetings.events import MeetingCalled, MeetingCancelled
from toadlane.democracy.meetings.models import Demand, Entitlement, Helper, Invitation, Meeting
from toadlane.democracy.meetings.permissions import CONVENE, RUN, Whose
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.messaging import services as messaging
from toadlane.society.people.models import Person
from toadlane.ui import formats

BATCH = 2000


class NotThen(Expected):
    """The meeting cannot be on that day."""

    status = 422
    field = "starts_at"


class NotNow(Expected):
    words = lazy("This meeting is not at that point.")


class Missing(Expected):
    """Something is missing."""

    status = 422


WRITABLE = ("title", "about", "place", "link", "starts_at", "second_at", "is_urgent", "urgent_because", "alternates")


@transaction.atomic
def draft_meeting(
    *, title: str, starts_at: datetime, by: Principal, at: datetime, office: str = "", demand: Demand | None = None, **about: Any
) -> Meeting:
    """Begin to prepare a meeting. Nobody hears of it before it is called.

    :param office: whose meeting it is; empty for a general meeting
    :param demand: the members who asked for it; once the board has left them waiting too long, they call it themselves
    """
    by.must(CONVENE, Whose(office, demand))
    if demand is not None:
        _owed(demand, at, by)
    Tenant.lock_current()
    if office and circles.find(office) is None:
        raise Missing(_("There is no such circle."), field="office")
    kind = Meeting.Kind.CIRCLE if office else Meeting.Kind.GENERAL
    meeting = Meeting(number=queries.next_number(), kind=kind, office=office, demand=demand, drafted_at=at, drafted_by=str(by))
    _write(meeting, {"title": title, "starts_at": starts_at, **about}, at)
    return meeting


def _owed(demand: Demand, at: datetime, by: Principal) -> None:
    if demand.meeting_id is not None or demand.reached_at is None:
        raise NotNow(_("Not enough members have asked for it."))
    if demand.answered_at is not None:
        raise NotNow(_("This meeting has been called already."))
    if "board" not in by.roles and (demand.answer_by is None or at < demand.answer_by):
        until = formats.day(demand.answer_by) if demand.answer_by else ""
        raise NotNow(_("The board still has until %(day)s to call it.") % {"day": until})


def _write(meeting: Meeting, about: dict[str, Any], at: datetime) -> None:
    for name in set(about) & set(WRITABLE):
        setattr(meeting, name, about[name].strip() if isinstance(about[name], str) else about[name])
    if not meeting.title:
        raise Missing(_("Give the meeting a name."), field="title")
    if meeting.starts_at <= at:
        raise NotThen(_("That is past."))
    if meeting.is_urgent and not meeting.urgent_because:
        raise Missing(_("Say why it cannot wait: it stands in the call."), field="urgent_because")
    if meeting.second_at is not None and meeting.second_at <= meeting.starts_at:
        raise NotThen(_("The second call comes after the first."), field="second_at")
    meeting.save()


@transaction.atomic
def change_draft(*, meeting: Meeting, by: Principal, at: datetime, **about: Any) -> Meeting:
    """Change what is being prepared. Once it is called, everybody relies on it."""
    by.must(CONVENE, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.DRAFT)
    _write(meeting, about, at)
    return meeting


@transaction.atomic
def call_meeting(*, meeting: Meeting, by: Principal, at: datetime) -> Meeting:
    """Call it: the roll is written, the agenda is published, and everybody is told by two channels.

    The second call is set where nobody has set it. General meetings keep the notice that law and bylaws ask for.

    :raises NotThen: naming the first day on which it may be
    :raises Missing: when there is nothing on the agenda, or nowhere to meet
    """
    by.must(CONVENE, meeting)
    Tenant.lock_current()
    meeting = locked(meeting)
    be(meeting, Meeting.State.DRAFT)
    _in_time(meeting, at)
    if not meeting.items.exists():
        raise Missing(_("Put something on the agenda first: what is not on it cannot be decided."), field="items")
    if not meeting.place and not meeting.link:
        raise Missing(_("Say where you meet."), field="place")
    book = bylaws.book()
    if meeting.is_general:
        meeting.items_until = _items_until(meeting, book, at)
        if meeting.second_at is None:
            meeting.second_at = meeting.starts_at + timedelta(minutes=book.value("meetings.second_minutes"))
    meeting.state, meeting.called_at, meeting.called_by = Meeting.State.CALLED, at, str(by)
    meeting.bylaws_version = book.number
    meeting.save()
    write_roll(meeting, at)
    if not meeting.invitations.exists():
        raise Missing(_("There is nobody whom this meeting would be for."))
    tell(meeting, "call", by=by, at=at)
    if meeting.demand_id:
        Demand.objects.filter(pk=meeting.demand_id).update(answered_at=at)
    events.publish(MeetingCalled(meeting_id=meeting.pk))
    return meeting


def _in_time(meeting: Meeting, at: datetime) -> None:
    found, day = queries.window(meeting, at=at), timezone.localdate(meeting.starts_at)
    if day < found.earliest:
        hint = _("Called today, the earliest day is %(day)s.") % {"day": formats.day(found.earliest)}
        raise NotThen(_("Members would be told too late."), hint=f"{hint} {found.law}".strip())
    if found.latest and day > found.latest:
        hint = _("Called today, the latest day is %(day)s.") % {"day": formats.day(found.latest)}
        raise NotThen(_("That is too long after the call."), hint=f"{hint} {found.law}".strip())
    if meeting.starts_at <= at:
        raise NotThen(_("That is past."))


def _items_until(meeting: Meeting, book: bylaws.Book, at: datetime) -> datetime:
    """Return when the agenda closes: after the days for additions, and in time to publish what was added."""
    day = timezone.localdate(at) + timedelta(days=book.value("meetings.items_days"))
    last = queries.end_of_day(day)
    publish = queries.pack_of(meeting).assembly.get("items", {}).get("publish_days", 1)
    return min(last, meeting.starts_at - timedelta(days=int(publish)))


def write_roll(meeting: Meeting, at: datetime) -> None:
    """Write whom a meeting is for; called again before it opens, for those who came and went since."""
    if meeting.is_general:
        current = dict(queries.voters().order_by().values_list("pk", "member_class"))
        known = set(meeting.invitations.values_list("membership_id", flat=True))
        rows = [Invitation(meeting=meeting, membership_id=pk, member_class=name) for pk, name in sorted(current.items())
                if pk not in known]  # fmt: skip
        gone = meeting.invitations.exclude(membership_id__in=queries.voters().order_by().values("pk"))
    else:
        sitting = list(circles.holders(meeting.office).values_list("person_id", flat=True))
        known = set(meeting.invitations.values_list("person_id", flat=True))
        rows = [Invitation(meeting=meeting, person_id=pk) for pk in sitting if pk not in known]
        gone = meeting.invitations.exclude(person_id__in=sitting)
    made = Invitation.objects.bulk_create(rows, batch_size=BATCH)
    back = meeting.invitations.exclude(pk__in=gone.values("pk")).filter(is_entitled=False)
    moved = [*made, *_entitle(gone.filter(is_entitled=True), False), *_entitle(back, True)]
    lines = [Entitlement(invitation=one, is_entitled=one.is_entitled, at=at) for one in moved]
    Entitlement.objects.bulk_create(lines, batch_size=BATCH)


def _entitle(whose: QuerySet[Invitation], is_entitled: bool) -> list[Invitation]:
    """Let these count, or no longer; return them as they are then."""
    found = list(whose.select_for_update(no_key=True).order_by("pk"))
    whose.model.objects.filter(pk__in=[one.pk for one in found]).update(is_entitled=is_entitled)
    for one in found:
        one.is_entitled = is_entitled
    return found


def tell(meeting: Meeting, about: str, *, by: Principal, at: datetime, **more: Any) -> None:
    """Tell everybody whom a meeting is for: on the desk at once, and by letter whatever they chose, for a right hangs on it."""
    context = {
        "title": meeting.title, "starts_at": meeting.starts_at.isoformat(), "place": meeting.place, "link_to": meeting.link,
        "second_at": meeting.second_at.isoformat() if meeting.second_at and meeting.is_general else "", "reason": "",
        "urgent": meeting.urgent_because if meeting.is_urgent else "",
        "agenda": [f"{one.position}. {one.title}" for one in queries.items(meeting)], **more,
    }  # fmt: skip
    messaging.announce(
        key=queries.key_of(meeting, about), subject=f"meeting:{meeting.number}", template=f"meetings/{about.partition(':')[0]}",
        context=context, link=("meetings:meeting", meeting.number), memberships=queries.told_members(meeting), urgent=True,
        about="decisions", by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: Principal, at: datetime) -> Meeting:
    """Call a meeting off, and tell everybody why."""
    by.must(CONVENE, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.DRAFT, Meeting.State.CALLED)
    if not reason.strip():
        raise Missing(_("Say why: people have made room for it."), field="reason")
    was_called = meeting.state == Meeting.State.CALLED
    if was_called and meeting.demand_id and at < (meeting.second_at or meeting.starts_at):
        raise NotNow(_("Members asked for this meeting. It can only be held."))
    meeting.state, meeting.cancelled_at, meeting.cancelled_because = Meeting.State.CANCELLED, at, reason.strip()
    meeting.save()
    if was_called:
        tell(meeting, "cancelled", reason=meeting.cancelled_because, by=by, at=at)
        events.publish(MeetingCancelled(meeting_id=meeting.pk))
    return meeting


# What one person does not do together: they approve once, so that the minutes would lack an approval for ever.
_APART = {
    Helper.Task.SIGNER: (Helper.Task.CHAIR, Helper.Task.MINUTES), Helper.Task.CHAIR: (Helper.Task.SIGNER,),
    Helper.Task.MINUTES: (Helper.Task.SIGNER,),
}  # fmt: skip


@transaction.atomic
def name_helper(*, meeting: Meeting, person: Person, task: str, by: Principal, at: datetime) -> Helper:
    """Ask somebody to chair, to take the minutes, to stand at the door, to count, or to approve the minutes."""
    by.must(RUN, meeting)
    if meeting.state in (Meeting.State.CANCELLED, Meeting.State.CLOSED):
        raise NotNow
    if task not in Helper.Task.values:
        raise Missing(_("There is no such task."), field="task")
    if (
        task == Helper.Task.SIGNER
        and queries.holds_office(person.pk)
        and queries.pack_of(meeting).assembly.get("minutes", {}).get("without_office")
    ):
        raise Missing(_("Whoever approves the minutes for the members holds no office: the law says so."), field="person")
    apart = _APART.get(Helper.Task(task), ())
    held = Helper.objects.filter(meeting=meeting, person=person, task__in=apart, ended_at__isnull=True)
    if held.exists():
        raise Missing(_("Whoever approves the minutes for the members neither chairs nor takes them."), field="person")
    same = Helper.objects.filter(meeting=meeting, task=task, ended_at__isnull=True)
    if known := same.filter(person=person).first():
        return known
    if task in (Helper.Task.CHAIR, Helper.Task.MINUTES):
        same.update(ended_at=at)
    return Helper.objects.create(meeting=meeting, person=person, task=task, named_at=at, named_by=str(by))


@transaction.atomic
def end_task(*, helper: Helper, by: Principal, at: datetime) -> Helper:
    by.must(RUN, helper.meeting)
    if helper.meeting.state in (Meeting.State.CANCELLED, Meeting.State.CLOSED):
        raise NotNow
    if helper.ended_at is None:
        helper.ended_at = at
        helper.save()
    return helper


def locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).select_related("demand").get(pk=meeting.pk)


def be(meeting: Meeting, *states: str) -> None:
    if meeting.state not in states:
        raise NotNow(_("This meeting is at another point: %(state)s.") % {"state": meeting.get_state_display()})

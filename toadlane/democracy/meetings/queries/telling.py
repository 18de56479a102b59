"""A meeting as a dated story, as a calendar's entry, and as what waits on the desk."""

from datetime import datetime, timedelta

import icalendar
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.democracy.meetings.models import (
    Approval,
    Demand,
    Entitlement,
    Helper,
    Invitation,
    Item,
    Meeting,
    Minutes,
    Presence,
    Remark,
)
from toadlane.democracy.meetings.permissions import CONVENE, DEMAND, Whose
from toadlane.democracy.meetings.queries import calling, minutes, presence
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.coops import queries as coops
from toadlane.society.messaging.models import Announcement
from toadlane.ui import formats
from toadlane.ui.shapes import Moment, Waiting

LENGTH = timedelta(hours=2)


def story(meeting: Meeting) -> list[Moment]:
    """Return who did what and when, from the call to the minutes."""
    told: list[Moment] = []
    if meeting.called_at:
        told.append(Moment(meeting.called_at, _("Called. Everybody has the agenda on the desk and by letter.")))
    for item in Item.objects.filter(meeting=meeting, origin=Item.Origin.MEMBERS).order_by("added_at", "pk"):
        told.append(Moment(item.added_at, _("Enough members asked for an item: %(title)s.") % {"title": item.title}))
    if meeting.cancelled_at:
        told.append(Moment(meeting.cancelled_at, _("Called off."), detail=meeting.cancelled_because))
    if meeting.opened_at:
        call = _("second call") if meeting.opened_call == 2 else _("first call")
        words = ngettext(
            "Opened, %(call)s: %(present)s of %(whole)s was there; needed: %(needed)s.",
            "Opened, %(call)s: %(present)s of %(whole)s were there; needed: %(needed)s.",
            meeting.opened_with.get("present", 0),
        )
        told.append(Moment(meeting.opened_at, words % {**meeting.opened_with, "call": call}))
    for item in Item.objects.filter(meeting=meeting, closed_at__isnull=False).order_by("closed_at", "pk"):
        told.append(Moment(item.closed_at or meeting.starts_at, item.title, detail=item.conclusion))
    for one in minutes.remarks(meeting):
        words = _("objects: %(text)s") if one.kind == Remark.Kind.OBJECTION else _("has it recorded: %(text)s")
        told.append(Moment(one.at, words % {"text": one.text}, who=one.person.name))
    if meeting.closed_at:
        told.append(Moment(meeting.closed_at, _("Closed.")))
    told += _of_minutes(meeting)
    return sorted(told, key=lambda one: str(one.at))


def _of_minutes(meeting: Meeting) -> list[Moment]:
    draft, told = minutes.of(meeting), []
    if draft is None:
        return []
    if draft.circulated_at:
        told.append(Moment(draft.circulated_at, _("The draft of the minutes went to those who were there.")))
    for one in Approval.objects.filter(minutes=draft, revision=draft.revision).select_related("person").order_by("pk"):
        told.append(Moment(one.at, _("approves the minutes."), who=one.person.name))
    if row := minutes.approved(meeting):
        told.append(Moment(row.approved_at, _("The minutes are approved, sealed and on their page in the minute book.")))
    return told


def calendar_text(meeting: Meeting, *, at: datetime) -> str:
    """Return a meeting as iCalendar, for whoever puts it into their own."""
    coop = coops.of_scope(meeting.coop_id)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Toadlane//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    event = icalendar.Event()
    event.add("uid", f"meeting-{meeting.number}.{coop.slug}@toadlane")
    event.add("dtstamp", at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", (meeting.closed_at if meeting.closed_at and meeting.closed_at > meeting.starts_at else None)
              or meeting.starts_at + LENGTH)  # fmt: skip
    event.add("summary", f"{meeting.title}, {coop.name}")
    event.add("location", meeting.place or meeting.link)
    agenda = "\n".join(f"{one.position}. {one.title}" for one in calling.items(meeting))
    event.add("description", agenda)
    event.add("url", coops.address(coop, "meetings:meeting", meeting.number))
    cancelled = meeting.state == Meeting.State.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    # A calendar takes the news for newer than what it has only when the number rises.
    event.add("sequence", 1 if cancelled else 0)
    calendar.add_component(event)
    return calendar.to_ical().decode()


# ------------------------------------------------------------------------------------------------------------- the desk


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Meetings to come, minutes to write, to read and to approve, and what other members ask for."""
    if not by.person_id or not by.roles:
        return []
    return [*_to_come(by, at), *_asked_for(by, at), *_to_write(by, at)]


def _to_come(by: Principal, at: datetime) -> list[Waiting]:
    own = Invitation.objects.filter(Q(membership_id__in=by.memberships) | Q(person_id=by.person_id), is_entitled=True)
    rows = calling.upcoming().filter(pk__in=own.values("meeting_id")).order_by("starts_at", "pk")
    found = []
    for one in rows[:5]:
        is_today = one.state == Meeting.State.OPEN or at >= one.starts_at - timedelta(hours=3)
        found.append(
            Waiting(
                title=one.title, detail=f"{formats.moment(one.starts_at)}. {one.place or one.link}".strip(), icon="clock",
                url=reverse("meetings:room" if is_today else "meetings:meeting", args=[one.number]),
                action=_("Check in") if is_today else _("Read the agenda"), at=one.starts_at,
            )
        )  # fmt: skip
    return found


def _asked_for(by: Principal, at: datetime) -> list[Waiting]:
    found = []
    if by.may(DEMAND):
        rows = Demand.objects.filter(closes_at__gt=at, reached_at__isnull=True)
        rows = rows.exclude(supports__membership_id__in=by.memberships).order_by("closes_at", "pk")
        found += [
            Waiting(
                title=_("Members ask for this: %(title)s") % {"title": formats.apart(one.title)},
                detail=_("It takes %(n)s of them, until %(day)s.") % {"n": one.needed, "day": formats.moment(one.closes_at)},
                url=reverse("meetings:demand", args=[one.pk]), action=_("Read what they ask"), icon="talk", at=one.closes_at,
            )
            for one in rows[:5]
        ]  # fmt: skip
    owed = Demand.objects.filter(meeting__isnull=True, reached_at__isnull=False, answered_at__isnull=True)
    found += [
        Waiting(
            title=_("Members asked for a meeting: %(title)s") % {"title": formats.apart(one.title)},
            detail=_("Call it by %(day)s. After that they call it themselves.") % {"day": formats.moment(one.answer_by)},
            url=reverse("meetings:demand", args=[one.pk]), action=_("Call the meeting"), icon="warn", at=one.answer_by,
        )
        for one in owed.order_by("answer_by", "pk")[:5]
        if one.answer_by and by.may(CONVENE, Whose(demand=one))
    ]  # fmt: skip
    return found


def _to_write(by: Principal, at: datetime) -> list[Waiting]:
    rows = Minutes.objects.filter(meeting__approved__isnull=True).select_related("meeting").order_by("due_on", "pk")
    held = set(
        Helper.objects.filter(person_id=by.person_id, ended_at__isnull=True, meeting__in=rows.values("meeting_id"))
        .values_list("meeting_id", "task")
    )  # fmt: skip
    own = {meeting for meeting, task in held if task in ("chair", "minutes", "signer")}
    found = []
    for one in [row for row in rows[:50] if row.meeting_id in own]:
        writes = one.circulated_at is None and {(one.meeting_id, "minutes"), (one.meeting_id, "chair")} & held
        signed = one.approvals.filter(revision=one.revision, person_id=by.person_id).exists()
        if not writes and (one.circulated_at is None or signed):
            continue
        found.append(
            Waiting(
                title=(_("Write the minutes: %(title)s") if writes else _("Approve the minutes: %(title)s"))
                % {"title": formats.apart(one.meeting.title)},
                detail=_("They are due on %(day)s.") % {"day": formats.day(one.due_on)},
                url=reverse("meetings:minutes", args=[one.meeting.number]), action=_("Open the draft"), icon="turn",
            )
        )  # fmt: skip
    return found


# --------------------------------------------------------------------------------------------------- what has to be true


def everybody_was_told() -> Finding:
    """Whoever was invited to a meeting was told of it: on a desk in the moment of the call."""
    faults, rows = [], list(Meeting.objects.filter(called_at__isnull=False).order_by("pk"))
    keys = {calling.key_of(one, "call"): one for one in rows}
    known = set(Announcement.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, one in keys.items():
        if key not in known:
            faults.append(f"meeting {one.number} was called and nobody was told")
    return Finding(len(rows), faults)


def nobody_counts_twice() -> Finding:
    """Nobody is there twice: each coming of a member follows a leaving, and each proxy stands for one who is not there."""
    faults: list[str] = []
    last: dict[int, str] = {}
    rows = Presence.objects.order_by("pk").values_list("invitation_id", "deed", "meeting__number")
    looked = 0
    for invitation, deed, number in rows.iterator():
        looked += 1
        if last.get(invitation) == deed:
            faults.append(f"meeting {number}: invitation {invitation} {deed} twice in a row")
        last[invitation] = deed
    opened = Meeting.objects.filter(opened_at__isnull=False)
    for one in opened.order_by("pk"):
        if one.opened_with.get("present", 0) < one.opened_with.get("needed", 0):
            faults.append(f"meeting {one.number} was opened without a quorum")
    return Finding(looked + opened.count(), faults)


def who_counts_was_written_down() -> Finding:
    """Everybody who was called counts, or no longer does, as the last line about them says."""
    rows = Entitlement.objects.order_by("pk").values_list("invitation_id", "is_entitled")
    last, looked, faults = dict(rows.iterator()), 0, []
    invited = Invitation.objects.order_by("pk").values_list("pk", "meeting__number", "is_entitled")
    for pk, number, counts in invited.iterator():
        looked += 1
        if last.pop(pk, None) != counts:
            faults.append(f"meeting {number}: invitation {pk} counts otherwise than was written down")
    return Finding(looked, faults)


def of_person(*, person_id: int) -> dict[str, object]:
    """Return what a person did in meetings, for themselves to take along."""
    came = Presence.objects.filter(person_id=person_id).select_related("meeting").order_by("pk")
    said = Remark.objects.filter(person_id=person_id).select_related("meeting").order_by("pk")
    stays = [{"meeting": one.meeting.number, "deed": one.deed, "mode": one.mode, "at": one.at} for one in came]
    words = [{"meeting": one.meeting.number, "kind": one.kind, "text": one.text, "at": one.at} for one in said]
    tasks = [
        {"meeting": one.meeting.number, "task": one.task, "named_at": one.named_at}
        for one in Helper.objects.filter(person_id=person_id).select_related("meeting").order_by("pk")
    ]
    return {"presence": stays, "recorded": words, "tasks": tasks} if stays or words or tasks else {}


def hint_of_quorum(meeting: Meeting, *, at: datetime) -> str:
    """Say in a sentence how far the room is from being enough."""
    found = presence.quorum(meeting, at=at)
    if found.is_met:
        return _("Enough are there.")
    return ngettext("%(n)s more is needed.", "%(n)s more are needed.", found.missing) % {"n": found.missing}

"""Meetings, their agenda, whom they are for, and the window in which they may be."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from toadlane.democracy.circles import queries as circles
from toadlane.democracy.meetings import policies
from toadlane.democracy.meetings.models import Demand, Helper, Invitation, Item, Meeting
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Delegate, Membership, Office
from toadlane.society.messaging import queries as messaging
from toadlane.society.messaging.models import Notice
from toadlane.society.people.models import Person

UPCOMING = (Meeting.State.CALLED, Meeting.State.OPEN)


def meetings() -> QuerySet[Meeting]:
    return Meeting.objects.order_by("-starts_at", "-pk")


def find(number: int) -> Meeting | None:
    return Meeting.objects.select_related("demand").filter(number=number).first()


def upcoming() -> QuerySet[Meeting]:
    return Meeting.objects.filter(state__in=UPCOMING).order_by("starts_at", "pk")


def next_number() -> int:
    return (Meeting.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def items(meeting: Meeting) -> list[Item]:
    return list(Item.objects.filter(meeting=meeting).order_by("position", "pk"))


def item(meeting: Meeting, pk: int) -> Item | None:
    return Item.objects.filter(meeting=meeting, pk=pk).first()


def open_item(meeting: Meeting) -> Item | None:
    return Item.objects.filter(meeting=meeting, state=Item.State.OPEN).first()


def book_of(meeting: Meeting) -> bylaws.Book:
    """Return the rules by which a meeting is called and held; a draft's are those of today."""
    return bylaws.book(version=meeting.bylaws_version) if meeting.bylaws_version else bylaws.book()


def pack_of(meeting: Meeting) -> packs.Pack:
    return packs.load(book_of(meeting).pack)


def window(meeting: Meeting, *, at: datetime) -> policies.Window:
    """Return when this meeting may be, if it is called now. A circle meets when it likes."""
    book, sent = bylaws.book(), timezone.localdate(at)
    if not meeting.is_general:
        return policies.Window(sent, None)
    days = book.value("meetings.urgent_days" if meeting.is_urgent else "meetings.notice_days")
    return policies.window(packs.load(book.pack), sent=sent, days=days, is_urgent=meeting.is_urgent)


def helpers(meeting: Meeting) -> QuerySet[Helper]:
    rows = Helper.objects.filter(meeting=meeting, ended_at__isnull=True).select_related("person")
    return rows.order_by("task", "named_at", "pk")


def holding(meeting: Meeting, task: str) -> list[Helper]:
    return [one for one in helpers(meeting) if one.task == task]


# ----------------------------------------------------------------------------------------------------- whom it is for


def voters() -> QuerySet[Membership]:
    """Return the members who take part in general meetings: of a class that votes."""
    known = [name for name, one in members.member_classes().items() if "vote" in one.rights]
    return members.register().filter(standing__in=MEMBERS, member_class__in=known)


def office_name(meeting: Meeting) -> str:
    return circles.name_of(meeting.office) if meeting.office else ""


def invitations(meeting: Meeting) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(meeting=meeting).select_related("membership__person", "membership__organisation", "person")
    return rows.order_by("membership__number", "pk")


def looked_up(meeting: Meeting, said: str) -> QuerySet[Invitation]:
    """Return those on the roll whose name or number somebody typed at the door; all of them where nothing was typed."""
    rows = invitations(meeting).filter(is_entitled=True)
    if not said:
        return rows
    if said.isascii() and said.isdigit() and len(said) < 9:
        return rows.filter(membership__number=int(said))
    return rows.filter(
        Q(membership__person__name__icontains=said) | Q(membership__organisation__name__icontains=said)
        | Q(person__name__icontains=said)
    )  # fmt: skip


def name_of(invitation: Invitation) -> str:
    return invitation.membership.name if invitation.membership else str(invitation.person)


def mine(by: Principal, meeting: Meeting) -> list[Invitation]:
    """Return the invitations that somebody may come for: their own, and those of organisations they speak for."""
    rows = invitations(meeting).filter(is_entitled=True)
    own = rows.filter(membership_id__in=by.memberships) if by.memberships else rows.none()
    in_person = rows.filter(person_id=by.person_id) if by.person_id else rows.none()
    return [*own, *in_person]


def entitled(meeting: Meeting) -> int:
    return Invitation.objects.filter(meeting=meeting, is_entitled=True).count()


def persons_of(invitation: Invitation) -> list[Person]:
    """Return who may come for an invitation: the person, or every delegate."""
    if invitation.person is not None:
        return [invitation.person]
    membership = invitation.membership
    if membership is None:
        return []
    return [membership.person] if membership.person else [one.person for one in members.delegates_of(membership)]


def holds_office(person_id: int) -> bool:
    return bool(holding_office([person_id]))


def holding_office(persons: Collection[int]) -> set[int]:
    rows = Office.objects.filter(person_id__in=persons, ended_on__isnull=True)
    return set(rows.values_list("person_id", flat=True))


# ------------------------------------------------------------------------------------------------------------ notices


def key_of(meeting: Meeting, about: str) -> str:
    """Return the name under which something was announced about a meeting: the call, a longer agenda, that it is off."""
    return f"meeting:{meeting.number}:{about}"


def delivery(meeting: Meeting) -> messaging.Delivered:
    """Return how far the call has come: on how many desks, in how many letters, and how many have no address."""
    return messaging.delivered(key_of(meeting, "call"))


def told(meeting: Meeting) -> QuerySet[Notice]:
    """Return the log of delivery, person by person."""
    whose = ("person", "letter", "announcement")
    return Notice.objects.filter(announcement__subject=f"meeting:{meeting.number}").select_related(*whose).order_by("-pk")


def told_members(meeting: Meeting) -> QuerySet[Membership]:
    """Return the memberships whose people are told of a meeting."""
    if meeting.is_general:
        return voters()
    sitting = circles.holders(meeting.office).order_by().values("person_id")
    spoken = Delegate.objects.filter(person_id__in=sitting, ended_on__isnull=True).values("membership_id")
    return members.register().filter(Q(person_id__in=sitting) | Q(pk__in=spoken), standing__in=MEMBERS)


# ------------------------------------------------------------------------------------------------------------ demands


def demands() -> QuerySet[Demand]:
    return Demand.objects.select_related("meeting").order_by("-opened_at", "-pk")


def demand(pk: int) -> Demand | None:
    return demands().filter(pk=pk).first()


def threshold(what: str, *, version: int | None = None) -> policies.Enough:
    """Return how many members it takes to have a meeting called (`call`) or an item added (`items`)."""
    book = bylaws.book(version=version) if version else bylaws.book()
    return policies.enough(book.value(f"meetings.{what}_share"), packs.load(book.pack).assembly.get(what, {}))


def end_of_day(day: date) -> datetime:
    """Return the instant at which a day of the co-op's calendar is over."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight, timezone.get_current_timezone())

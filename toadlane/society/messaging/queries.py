"""Conversations as a reader may see them: contacts hidden until every side shares them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.sending import letters
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.society.messaging import policies
from toadlane.society.messaging.models import Announcement, Message, Notice, Participant, Thread
from toadlane.society.messaging.permissions import READ_THREAD, speaks_for
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

MORNING = time(7)  # When the letter with the news of a day is written, by the co-op's clock.


@dataclass(frozen=True, kw_only=True)
class Attached:
    id: int
    name: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message, ready to be shown to one reader."""

    id: int
    author: str
    side: str
    mine: bool
    text: str
    hidden: bool
    files: list[Attached]
    at: datetime


def thread_about(subject: str) -> Thread | None:
    """Return the conversation about `order:12`, if there is one."""
    return Thread.objects.filter(subject=subject).first()


def thread(pk: int, *, by: Principal) -> Thread:
    """Return a conversation the principal may read.

    :raises Thread.DoesNotExist: when there is none, or none for them: it looks the same
    """
    found = Thread.objects.prefetch_related("participants").get(pk=pk)
    if not by.may(READ_THREAD, found):
        raise Thread.DoesNotExist
    return found


def sides(thread: Thread) -> list[Participant]:
    return sorted(thread.participants.all(), key=lambda side: side.pk)


def voice_of(by: Principal, thread: Thread) -> Participant | None:
    """Return the side this principal speaks for: their own voice before that of an organisation."""
    mine = [side for side in sides(thread) if speaks_for(by, side)]
    own = [side for side in mine if side.person_id == by.person_id or side.membership_id == by.membership_id]
    return next(iter(own or mine), None)


def contacts_are_open(thread: Thread) -> bool:
    """Say whether every side that takes part has shared its contact."""
    present = [side for side in sides(thread) if side.left_at is None]
    return len(present) > 1 and all(side.shares_contact_at for side in present)


def messages(thread: Thread, *, by: Principal) -> list[Said]:
    """Return what was said, oldest first; the reader sees their own words whole."""
    documents = {
        file.pk: Attached(id=file.pk, name=file.name, size_bytes=file.size_bytes)
        for file in files.documents_of(f"thread:{thread.pk}")
    }
    by_pk = {side.pk: side for side in sides(thread)}
    is_open = contacts_are_open(thread)
    found = []
    for row in thread.messages.order_by("pk"):
        author = by_pk.get(row.author_id) if row.author_id else None
        mine = author is not None and speaks_for(by, author)
        text = row.text if mine or is_open or author is None else policies.hide_contacts(row.text, _("contact hidden"))
        if row.hidden_because:
            text = _("A moderator took this message down.")
        found.append(
            Said(
                id=row.pk, author=author.name if author else "", side=author.side if author else "", mine=mine, text=text,
                hidden=author is not None and not is_open and policies.has_contacts(row.text), at=row.said_at,
                files=[documents[pk] for pk in row.files if pk in documents and not row.hidden_because],
            )
        )  # fmt: skip
    return found


def _mine(by: Principal) -> Q:
    mine = Q(membership_id__in=by.memberships)
    if by.person_id:
        mine |= Q(person_id=by.person_id)
    if by.order_id:
        mine |= Q(order_id=by.order_id)
    return mine


def threads_of(by: Principal) -> QuerySet[Any]:
    """Return the principal's conversations, each with `unread` said by others, latest first."""
    mine = Participant.objects.filter(_mine(by), thread_id=OuterRef("pk"), left_at=None)
    read = Participant.objects.filter(_mine(by), thread_id=OuterRef("thread_id"), left_at=None, read_at__gte=OuterRef("said_at"))
    own = Participant.objects.filter(_mine(by)).values("pk")
    said_by_others = Message.objects.filter(thread_id=OuterRef("pk"), author__isnull=False).exclude(author_id__in=own)
    unread = said_by_others.filter(~Exists(read))
    rows = Thread.objects.filter(Exists(mine)).annotate(unread=Exists(unread)).prefetch_related("participants")
    return rows.order_by("-last_said_at", "-pk")


def unread_count(by: Principal) -> int:
    """Return in how many conversations somebody said something new."""
    return threads_of(by).filter(unread=True).count()


def address(thread: Thread, side: Participant) -> str:
    """Return where a side reads the thread, for letters. A guest reads it on their order, by the link they have."""
    coop = coops.of_scope(current_coop_id())
    if side.person_id or side.membership_id:
        return coops.address(coop, "messaging:thread", thread.pk)
    return ""


def may_open(by: Principal, thread_id: str) -> bool:
    """Say whether a document that hangs on a conversation may be opened."""
    found = Thread.objects.filter(pk=thread_id).first() if thread_id.isdigit() else None
    return found is not None and bool(by.may(READ_THREAD, found))


def export(*, person_id: int) -> dict[str, list[dict[str, object]]]:
    """Return what a person said in the co-op in scope, and what they were told."""
    said = Message.objects.filter(author__person_id=person_id).select_related("thread").order_by("pk")
    rows = Notice.objects.filter(person_id=person_id).select_related("announcement").order_by("pk")
    words = [{"about": row.thread.title, "subject": row.thread.subject, "said_at": row.said_at, "text": row.text} for row in said]
    news = [
        {"about": row.announcement.subject, "told_at": row.desk_at, "by": row.letter_channel, "read_at": row.read_at}
        for row in rows
    ]
    return {"said": words, "told": news} if words or news else {}


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return for the desk what somebody was told and has not opened, and the conversations in which there is something new."""
    news = [
        Waiting(
            title=one.title, detail=_("You were told on %(day)s.") % {"day": formats.day(one.at)},
            url=reverse("messaging:notice", args=[one.id]), action=_("Read"), at=one.at,
            icon="clock" if one.is_urgent else "talk",
        )
        for one in told(notices_of(by).filter(read_at=None, announcement__waits_by_itself=False)[:5])
    ]  # fmt: skip
    return news + [
        Waiting(
            title=_("A new message: %(title)s") % {"title": formats.apart(row.title)},
            detail=formats.listed(side.name for side in sides(row) if not speaks_for(by, side)),
            url=reverse("messaging:thread", args=[row.pk]), action=_("Read"), icon="talk", at=row.last_said_at,
        )
        for row in threads_of(by).filter(unread=True)[:5]
    ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """How far an announcement has come.

    :param written: letters handed to the post or shown in a sandbox; `unreachable` have no address or chose not to be told
    """

    people: int
    written: int
    unreachable: int
    failed: int
    read: int

    @property
    def is_complete(self) -> bool:
        """Say whether everybody has it on their desk and a letter under way, as far as there is an address."""
        return self.people == self.written + self.unreachable


def delivered(key: str) -> Delivered:
    """Return the log of an announcement in figures: one statement."""
    rows = Notice.objects.filter(announcement__key=key)
    counted = rows.aggregate(
        people=Count("pk"), written=Count("pk", filter=Q(letter_at__isnull=False) & ~Q(letter_channel="none")),
        unreachable=Count("pk", filter=Q(letter_channel="none")), failed=Count("pk", filter=Q(letter__state="failed")),
        read=Count("pk", filter=Q(read_at__isnull=False)),
    )  # fmt: skip
    return Delivered(**counted)


def notices_of(by: Principal) -> QuerySet[Notice]:
    """Return what a person was told in this co-op, the latest first."""
    return Notice.objects.filter(person_id=by.person_id or 0).select_related("announcement").order_by("-pk")


def headline(announcement: Announcement, coop: Coop, language: str) -> str:
    """Return in one line what it says, in a language."""
    return letters.subject(announcement.template, {**announcement.context, "coop": coop.name}, language=language)


@dataclass(frozen=True, kw_only=True)
class Told:
    id: int
    title: str
    url: str
    at: datetime
    read_at: datetime | None
    is_urgent: bool


def told(notices: Iterable[Notice]) -> list[Told]:
    """Return notices ready to be shown, in the reader's language."""
    rows = list(notices)
    if not rows:
        return []
    coop, language = coops.of_scope(rows[0].coop_id), get_language() or "en"
    return [
        Told(
            id=one.pk, title=headline(one.announcement, coop, language), url=coops.address(coop, *one.announcement.link),
            at=one.desk_at, read_at=one.read_at, is_urgent=one.announcement.is_urgent,
        )
        for one in rows
    ]  # fmt: skip


def next_digest(at: datetime) -> datetime | None:
    """Return the next morning on which a letter with the news of a day is written; None where nobody has any."""
    if not Notice.objects.filter(letter_at=None, announcement__is_urgent=False).exists():
        return None
    last = last_morning(at)
    return datetime.combine(last.date() + timedelta(days=1), MORNING, last.tzinfo)


def last_morning(at: datetime) -> datetime:
    """Return the last instant up to another at which letters with the news of a day were due in the co-op in scope."""
    zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
    today = timezone.localdate(at, zone)
    morning = datetime.combine(today, MORNING, tzinfo=zone)
    return morning if morning <= at else datetime.combine(today - timedelta(days=1), MORNING, tzinfo=zone)

"""Telling many people one thing: at their desk at once, and by letter. Set-based, so that 85,000 members are no more work
for a request than eight.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.sending import services as sending
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Delegate, Membership
from toadlane.society.messaging import queries
from toadlane.society.messaging.events import DigestDue, NoticesGiven
from toadlane.society.messaging.models import Announcement, Notice
from toadlane.society.people import queries as people

STRETCH = 500  # Letters of one job: a few seconds of work.


@transaction.atomic
def announce(
    *, key: str, subject: str, template: str, context: Mapping[str, Any], link: Sequence[Any], memberships: QuerySet[Membership],
    by: Principal, at: datetime, urgent: bool = False, about: str = "decisions", waits_by_itself: bool = False,
) -> Announcement:  # fmt: skip
    """Tell members one thing: the persons who are members, and all who speak for an organisation that is one.

    It lies on their desks at once, in one statement. Their letters are written by jobs: at once where it is urgent, whatever
    they chose; else in one letter a day together with other news, and only to those who want it.

    :param key: what makes it one: told again under the same key, nobody hears of it twice
    :param template: of the letter; its first line is how it reads on the desk, in the language of whoever reads it
    :param waits_by_itself: whether the room that tells keeps it on the desk until it is done
    :param link: the name of a page of the co-op and what it is of, like `("ballots:detail", 3)`
    """
    announcement, is_new = Announcement.objects.get_or_create(
        key=key,
        defaults={
            "subject": subject, "template": template, "context": dict(context), "link": list(link), "about": about,
            "is_urgent": urgent, "waits_by_itself": waits_by_itself, "made_at": at, "made_by": str(by),
        },
    )  # fmt: skip
    if is_new:
        _lay_on_desks(announcement, memberships, at)
        if urgent:
            _have_written(announcement)
    return announcement


def _lay_on_desks(announcement: Announcement, memberships: QuerySet[Membership], at: datetime) -> None:
    members = memberships.order_by()
    own = members.filter(person__isnull=False).values_list("pk", "person_id")
    delegates = Delegate.objects.filter(ended_on=None, membership__in=members.values("pk")).order_by()
    (mine, with_mine), (spoken, with_spoken) = (
        rows.query.sql_with_params() for rows in (own, delegates.values_list("membership_id", "person_id"))
    )
    moment = Notice._meta.get_field("desk_at").get_db_prep_value(at, connection)
    with connection.cursor() as cursor:
        # Somebody who is a member and speaks for another is told once.
        cursor.execute(
            f"WITH told(membership_id, person_id) AS ({mine} UNION ALL {spoken}) "
            f"INSERT INTO {Notice._meta.db_table} (coop_id, announcement_id, membership_id, person_id, desk_at, letter_channel) "
            f"SELECT %s, %s, MIN(membership_id), person_id, %s, '' FROM told GROUP BY person_id ORDER BY person_id",
            [*with_mine, *with_spoken, announcement.coop_id, announcement.pk, moment],
        )


def _have_written(announcement: Announcement) -> None:
    ids = list(Notice.objects.filter(announcement=announcement).order_by("pk").values_list("pk", flat=True))
    stretches = [ids[start : start + STRETCH] for start in range(0, len(ids), STRETCH)]
    events.publish(*(NoticesGiven(announcement_id=announcement.pk, first_id=some[0], last_id=some[-1]) for some in stretches))


@transaction.atomic
def write_letters(*, announcement_id: int, first_id: int, last_id: int, by: Principal, at: datetime) -> int:
    """Write the letters of a stretch of people; return how many. Doing it again writes none twice."""
    announcement = Announcement.objects.get(pk=announcement_id)
    rows = Notice.objects.select_for_update().filter(announcement=announcement, pk__gte=first_id, pk__lte=last_id, letter_at=None)
    waiting = {notice.person_id: [notice] for notice in rows.order_by("pk")}
    coop = coops.of_scope(current_coop_id())
    context = {**announcement.context, "coop": coop.name, "link": coops.address(coop, *announcement.link)}
    return _write(waiting, announcement.template, lambda _notices: context, about=announcement.about, always=True, by=by, at=at)


@transaction.atomic
def plan_digests(*, by: Principal, at: datetime) -> int:
    """Once a morning has come, have one letter written to everybody who has news from before it; return how many stretches."""
    before = queries.last_morning(at)
    waiting = Notice.objects.filter(letter_at=None, announcement__is_urgent=False, desk_at__lt=before)
    ids = list(waiting.order_by("person_id").values_list("person_id", flat=True).distinct())
    stretches = [ids[start : start + STRETCH] for start in range(0, len(ids), STRETCH)]
    events.publish(
        *(
            DigestDue(first_person_id=some[0], last_person_id=some[-1], before=before.isoformat())
            for some in stretches
        )
    )  # fmt: skip
    return len(stretches)


@transaction.atomic
def digest(*, first_person_id: int, last_person_id: int, before: datetime, by: Principal, at: datetime) -> int:
    """Write one letter to each of a stretch of people, with all the news they have not had one about; return how many."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("announcement").filter(
        letter_at=None, announcement__is_urgent=False, desk_at__lt=before,
        person_id__gte=first_person_id, person_id__lte=last_person_id,
    )  # fmt: skip
    waiting: dict[int, list[Notice]] = defaultdict(list)
    for notice in rows.order_by("pk"):
        waiting[notice.person_id].append(notice)
    coop = coops.of_scope(current_coop_id())
    language = {pk: reach.language for pk, reach in people.reaches(list(waiting), "decisions").items()}

    def news(notices: list[Notice]) -> dict[str, Any]:
        told = [
            {"title": queries.headline(one.announcement, coop, language.get(one.person_id, "en")),
             "link": coops.address(coop, *one.announcement.link)}
            for one in notices
        ]  # fmt: skip
        return {"news": told, "coop": coop.name}

    return _write(waiting, "messaging/digest", news, about="decisions", always=False, by=by, at=at)


def _write(
    waiting: Mapping[int, list[Notice]], template: str, context: Any, *, about: str, always: bool, by: Principal, at: datetime
) -> int:
    """Write one letter to each person about all their notices, and note by which way it went."""
    reaches = people.reaches(list(waiting), about, always=always)
    wanted: dict[int, sending.Wanted] = {}
    for person_id, notices in waiting.items():
        if reach := reaches.get(person_id):
            to = sending.Recipient(email=reach.email, phone=reach.phone, name=reach.name)
            wanted[person_id] = sending.Wanted(to=to, template=template, context=context(notices), language=reach.language)
    letters = dict(zip(wanted, sending.send_all(letters=list(wanted.values()), by=by, at=at), strict=True))
    written = []
    for person_id, notices in waiting.items():
        letter = letters.get(person_id)
        for notice in notices:
            notice.letter_at, notice.letter, notice.letter_channel = at, letter, letter.channel if letter else "none"
            written.append(notice)
    Notice.objects.bulk_update(written, ["letter_at", "letter", "letter_channel"], batch_size=STRETCH)
    return len(letters)


def open_notice(*, notice: Notice, by: Principal, at: datetime) -> None:
    """Note that somebody has opened what lay on their desk."""
    Notice.objects.filter(pk=notice.pk, person_id=by.person_id, read_at=None).update(read_at=at)

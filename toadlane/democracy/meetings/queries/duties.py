"""What the law of the co-op's form asks for by a day: its annual meeting, notices in a newspaper, entries in the register.

Worked out of what happened and of the jurisdiction pack; a pack that says nothing of it asks for nothing. The year is the
calendar's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.democracy.meetings.models import ApprovedMinutes, DutyDone, Meeting
from toadlane.democracy.meetings.permissions import DUTY
from toadlane.democracy.meetings.queries import calling
from toadlane.democracy.proposals.queries.procedures import day_of, zone
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import queries as coops
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

AGM = "agm_within_6_months"
# A notice in a newspaper is looked for so far back from the meeting; an entry that is older than a year is nobody's reminder.
FURTHEST, YEAR = 92, timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One thing to be done by a day.

    :param key: what it is about; done once for each
    :param law: where it is written
    """

    key: str
    title: str
    law: str
    due_on: date
    url: str = ""

    def is_late(self, today: date) -> bool:
        return today > self.due_on


def done() -> QuerySet[DutyDone]:
    return DutyDone.objects.select_related("person")


def law_of_form() -> str:
    """Return what the law of the co-op's form is called, for its readers."""
    pack = packs.load(bylaws.book().pack)
    return pack.law or str(pack.names["en"])


def owed(at: datetime) -> list[Duty]:
    """Return what is still to be done, the most urgent first."""
    pack, today = packs.load(bylaws.book().pack), day_of(at)
    known = set(DutyDone.objects.values_list("key", flat=True))
    found = [*_annual_meeting(pack, today), *_newspaper(pack), *_register(pack, at)]
    return sorted((one for one in found if one.key not in known), key=lambda one: (one.due_on, one.key))


def find(key: str, at: datetime) -> Duty | None:
    return next((one for one in owed(at) if one.key == key), None)


def _annual_meeting(pack: packs.Pack, today: date) -> Iterator[Duty]:
    """The meeting on last year. Whoever holds one has done it: nobody has to say so."""
    year_end = date(today.year - 1, 12, 31)
    if AGM not in pack.deadlines or timezone.localdate(coops.of_scope(current_coop_id()).founded_at, zone()) > year_end:
        return
    since = datetime.combine(year_end + timedelta(days=1), datetime.min.time(), tzinfo=zone())
    if Meeting.objects.filter(kind=Meeting.Kind.GENERAL, state=Meeting.State.CLOSED, opened_at__gte=since).exists():
        return
    latest = packs.deadline_of(pack, AGM, fiscal_year_end=year_end).latest
    assert latest is not None
    title = _("Hold the general meeting on the year %(year)s") % {"year": year_end.year}
    law = str(pack.deadlines[AGM].get("source", ""))
    yield Duty(
        key=f"annual_meeting:{year_end.year}",
        title=title,
        law=law,
        due_on=latest,
        url=reverse("meetings:meetings", urlconf=coops.COOP_URLS),
    )


def _newspaper(pack: packs.Pack) -> Iterator[Duty]:
    """Of a meeting of so many members the law wants the call in a newspaper, in the time of the notice."""
    terms: Mapping[str, Any] = pack.assembly.get("newspaper", {})
    if not terms:
        return
    for meeting in calling.upcoming().filter(kind=Meeting.Kind.GENERAL, called_at__isnull=False):
        if calling.entitled(meeting) <= int(terms["more_than"]):
            continue
        title = _("Publish the call in a newspaper: %(title)s") % {"title": meeting.title}
        yield Duty(
            key=f"newspaper:meeting:{meeting.number}", title=title, law=str(terms["source"]), due_on=_last_notice(pack, meeting),
            url=reverse("meetings:meeting", urlconf=coops.COOP_URLS, args=[meeting.number]),
        )  # fmt: skip


def _last_notice(pack: packs.Pack, meeting: Meeting) -> date:
    """Return the last day on which a notice is in time for a meeting."""
    begins, terms = day_of(meeting.starts_at), pack.deadlines.get(str(pack.assembly.get("notice", {}).get("deadline")))
    for back in range(FURTHEST if terms else 0):
        earliest = packs.deadline(terms or {}, {"sent": begins - timedelta(days=back)}).earliest
        if earliest is not None and earliest <= begins:
            return begins - timedelta(days=back)
    return begins


def _register(pack: packs.Pack, at: datetime) -> Iterator[Duty]:
    """What a meeting decided, and bylaws that changed, are brought to the register within so many days."""
    terms: Mapping[str, Any] = pack.assembly.get("minutes", {})
    if not terms.get("register_days"):
        return
    within, law = timedelta(days=int(terms["register_days"])), str(terms["source"])
    rows = ApprovedMinutes.objects.filter(meeting__kind=Meeting.Kind.GENERAL, approved_at__gte=at - YEAR)
    for one in rows.select_related("meeting").order_by("approved_at"):
        title = _("Bring to the register what was decided: %(title)s") % {"title": one.meeting.title}
        url = reverse("meetings:minutes", urlconf=coops.COOP_URLS, args=[one.meeting.number])
        key = f"register:meeting:{one.meeting.number}"
        yield Duty(key=key, title=title, law=law, due_on=day_of(one.approved_at) + within, url=url)
    for version in bylaws.versions():
        if version.number > 1 and version.enacted_at >= at - YEAR:
            title = _("Bring version %(number)s of the bylaws to the register") % {"number": version.number}
            url = reverse("bylaws:version", urlconf=coops.COOP_URLS, args=[version.number])
            key = f"register:bylaws:{version.number}"
            yield Duty(key=key, title=title, law=law, due_on=day_of(version.enacted_at) + within, url=url)


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return what the board has on its desk, with its day."""
    if not by.may(DUTY):
        return []
    found = []
    for one in owed(at)[:10]:
        said = {"day": formats.day(one.due_on), "law": formats.apart(one.law)}
        late = one.is_late(day_of(at))
        detail = _("It was to be done by %(day)s (%(law)s).") if late else _("By %(day)s (%(law)s).")
        found.append(
            Waiting(
                title=one.title, detail=detail % said, url=reverse("meetings:duties", urlconf=coops.COOP_URLS),
                action=_("Say that it is done"), icon="warn" if late else "clock",
                at=datetime.combine(one.due_on, datetime.min.time(), tzinfo=zone()),
            )
        )  # fmt: skip
    return found

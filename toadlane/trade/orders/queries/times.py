"""When somebody could come: the free times of all who do such work, laid over each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from toadlane.kernel.dates import at_wall_time
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops.models import Coop
from toadlane.society.members.models import MEMBERS, Membership
from toadlane.trade.booking import queries as calendars
from toadlane.trade.booking.models import Resource
from toadlane.trade.catalog import queries as catalog

DAYS = 7
FURTHEST = 731
MOST_A_DAY = 8
# Where nobody keeps a calendar, these hours are offered and a member says yes or no.
OPENS, CLOSES = "08:00", "18:00"
# A calendar that is always open does not mean the middle of the night.
EARLIEST, LATEST = time(7), time(21)


@dataclass(frozen=True)
class Start:
    at: datetime
    is_free: bool


@dataclass(frozen=True)
class Day:
    on: date
    starts: list[Start]

    def evening(self, zone: ZoneInfo) -> datetime:
        return at_wall_time(datetime.combine(self.on, LATEST), zone)


def week(first: date, length: timedelta, *, book: Book, zone: ZoneInfo, at: datetime) -> list[Day]:
    """Return seven days of times at which at least one calendar has room; what is taken everywhere is told too."""
    start = at_wall_time(datetime.combine(first, time(0)), zone)
    end = at_wall_time(datetime.combine(first + timedelta(days=DAYS), time(0)), zone)
    free: dict[datetime, bool] = {}
    resources = list(Resource.objects.filter(membership__isnull=False, listing_id__isnull=True).order_by("pk"))
    for resource in resources:
        for slot in calendars.slots(resource, start, end, at=at, length=length):
            if slot.starts.astimezone(zone).minute == 0:
                free[slot.starts] = free.get(slot.starts, False) or slot.is_free
    if not resources and somebody_offers(book):
        free = _usual(first, length, book.value("trade.rates"), zone, at)
    days = [Day(first + timedelta(days=n), []) for n in range(DAYS)]
    for starts, is_free in sorted(free.items()):
        day = days[(starts.astimezone(zone).date() - first).days]
        if starts.astimezone(zone).time() >= EARLIEST and (starts + length).astimezone(zone) <= day.evening(zone):
            day.starts.append(Start(starts, is_free))
    return [Day(day.on, _spread(day.starts)) for day in days]


def of_visit(choices: catalog.Choices, first: date | None, *, coop: Coop, at: datetime) -> list[tuple[Start, datetime]]:
    """Return when a visit could begin in the seven days from a day on, and when it would end.

    :raises catalog.NotChosen: for a size or a level that the rate card does not know
    """
    book, zone = bylaws.book(), ZoneInfo(coop.time_zone)
    length = catalog.duration(catalog.card(book, coop.currency), choices)
    today = at.astimezone(zone).date()
    # Nobody plans for more than two years ahead, and no day lies beyond the end of the calendar.
    first = min(max(first or today, today), today + timedelta(days=FURTHEST))
    days = week(first, length, book=book, zone=zone, at=at)
    return [(one, one.at + length) for day in days for one in day.starts]


def somebody_offers(book: Book) -> bool:
    """Whether any member's class does such work: in a new co-op of co-ops nobody does before the first has joined."""
    return offering(book).exists()


def offering(book: Book) -> QuerySet[Membership]:
    """Return the members whose class may offer work."""
    classes = [one["id"] for one in book.value("members.classes") if "offer" in one.get("rights", ())]
    return Membership.objects.filter(standing__in=MEMBERS, member_class__in=classes).select_related("organisation", "person")


def _spread(starts: list[Start]) -> list[Start]:
    """Leave at most so many of a day, evenly over it."""
    step = -(-len(starts) // MOST_A_DAY) if starts else 1
    return starts[::step]


def _usual(
    first: date, length: timedelta, rates: Mapping[str, str], zone: ZoneInfo, at: datetime
) -> dict[datetime, bool]:  # fmt: skip
    opens, closes = time.fromisoformat(rates.get("opens", OPENS)), time.fromisoformat(rates.get("closes", CLOSES))
    found = {}
    for n in range(DAYS):
        day = first + timedelta(days=n)
        starts = at_wall_time(datetime.combine(day, opens), zone)
        while starts + length <= at_wall_time(datetime.combine(day, closes), zone):
            if starts > at + timedelta(hours=2):
                found[starts] = True
            starts += timedelta(hours=2)
    return found

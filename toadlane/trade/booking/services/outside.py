"""Calendars kept elsewhere: what they say is taken blocks ours, and nothing of ours is ever moved or ended by them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.dates import at_wall_time
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking import policies, queries
from toadlane.trade.booking.models import Allocation, OutsideCalendar, Resource
from toadlane.trade.booking.permissions import KEEP
from toadlane.trade.booking.policies import Range
from toadlane.trade.booking.services import recurrences
from toadlane.trade.booking.services.claims import lock
from toadlane.trade.booking.services.fetching import CannotFetch, fetch

AHEAD, EVERY, AGAIN = timedelta(days=400), timedelta(hours=1), timedelta(minutes=15)
MOST_EVENTS, MOST_BYTES = 2000, 2_000_000
# What the parser breaks on. It looks for a time zone by a file of its name, and opens what is opened in itself without end.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, OSError, RecursionError)


class NotACalendar(Expected):
    """This is not a calendar that we can read."""

    status = 422
    field = "content"


@transaction.atomic
def subscribe(
    *, resource: Resource, name: str, by: Principal, at: datetime, address: str = "", content: str = ""
) -> OutsideCalendar:
    """Let a calendar kept elsewhere block time here: by its address, read every hour, or pasted once.

    :raises NotACalendar: when neither is there, or what was pasted is no iCalendar file
    """
    by.must(KEEP, resource)
    if bool(address) == bool(content):
        raise NotACalendar(_("Give the address of a calendar, or paste a file: one of the two."), field="address")
    if address and not address.lower().startswith(("https://", "http://", "webcal://")):
        raise NotACalendar(_("The address begins with https:// or webcal://."), field="address")
    calendar = OutsideCalendar(resource=resource, name=name, address=address, next_at=at if address else None)
    if address:
        calendar.save()
        return calendar
    ranges = busy(content, resource.zone, at)
    calendar.content, calendar.read_at = content, at
    calendar.save()
    _apply(calendar, ranges, at)
    return calendar


@transaction.atomic
def unsubscribe(*, calendar: OutsideCalendar, by: Principal, at: datetime) -> None:
    """Forget a calendar and open what it blocked."""
    by.must(KEEP, calendar.resource)
    lock([calendar.resource_id])
    calendar.delete()


def read_again(*, calendar: OutsideCalendar, by: Principal, at: datetime) -> OutsideCalendar:
    """Fetch a calendar and block what it says. Never inside a transaction: the other side may be slow.

    What was read last stays in force while the address does not answer.
    """
    by.must(KEEP, calendar.resource)
    try:
        content = fetch(calendar.address, most_bytes=MOST_BYTES)
        ranges = busy(content, calendar.resource.zone, at)
    except (CannotFetch, NotACalendar) as error:
        calendar.trouble, calendar.next_at = str(error)[:200], at + AGAIN
        calendar.save(update_fields=["trouble", "next_at"])
        return calendar
    with transaction.atomic():
        calendar.content, calendar.read_at, calendar.next_at, calendar.trouble = content, at, at + EVERY, ""
        calendar.save(update_fields=["content", "read_at", "next_at", "trouble"])
        _apply(calendar, ranges, at)
    return calendar


def busy(content: str, zone: ZoneInfo, at: datetime) -> list[Range]:
    """Return when an iCalendar file says somebody is busy, from now on for a year and a month, recurrences unfolded.

    :raises NotACalendar: when it cannot be read, or holds more than we would take
    """
    if len(content.encode()) > MOST_BYTES:
        raise NotACalendar(_("This calendar is too large."))
    try:
        calendar = icalendar.Calendar.from_ical(content)
        if recurrences.too_many(calendar.walk("VEVENT"), first=at, end=at + AHEAD):
            raise NotACalendar(_("This calendar repeats more often than we would read."))
        events: Sequence[icalendar.Event] = recurring_ical_events.of(calendar, skip_bad_series=True).between(at, at + AHEAD)
        found = [_range(event, zone) for event in events[: MOST_EVENTS + 1] if _blocks(event)]
    except UNREADABLE as error:
        raise NotACalendar(
            _("This is not an iCalendar file that we can read."), hint=_("It begins with BEGIN:VCALENDAR.")
        ) from error
    if len(events) > MOST_EVENTS:
        raise NotACalendar(_("This calendar has more than %(most)s events in a year.") % {"most": MOST_EVENTS})
    return policies.merged((max(start, at), end) for start, end in found if end > at)


def _blocks(event: icalendar.Event) -> bool:
    return str(event.get("TRANSP", "OPAQUE")) != "TRANSPARENT" and str(event.get("STATUS", "")) != "CANCELLED"


def _range(event: icalendar.Event, zone: ZoneInfo) -> Range:
    start, end = event.start, event.end
    return _instant(start, zone), _instant(end, zone)


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Whole days and floating times are local to the resource."""
    if not isinstance(value, datetime):
        return at_wall_time(datetime.combine(value, time(0)), zone)
    return at_wall_time(value, zone) if value.tzinfo is None else value.astimezone(UTC)


def _apply(calendar: OutsideCalendar, ranges: list[Range], at: datetime) -> None:
    """Replace what this calendar blocks by what is said now, around everything that is taken here already."""
    resource = lock([calendar.resource_id])[calendar.resource_id]
    Allocation.objects.filter(outside=calendar, ends_at__gt=at).delete()
    rows, clashes = [], 0
    if ranges:
        there = queries.taken([resource.pk], ranges[0][0], ranges[-1][1])
        for unit in range(resource.capacity):
            taken = [(row.starts_at, row.ends_at) for row in there if row.unit == unit]
            rows += [
                Allocation(resource=resource, unit=unit, starts_at=s, ends_at=e, kind=Allocation.Kind.OUTSIDE, outside=calendar)
                for s, e in policies.without(ranges, taken)
            ]
        ours = [(row.starts_at, row.ends_at) for row in there if row.kind == Allocation.Kind.BOOKING]
        clashes = sum(any(s < e2 and e > s2 for s2, e2 in ours) for s, e in ranges)
    Allocation.objects.bulk_create(rows, batch_size=200)
    calendar.clashes = clashes
    calendar.save(update_fields=["clashes"])

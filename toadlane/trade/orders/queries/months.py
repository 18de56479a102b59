"""The months before somebody who chooses a day: which are free, which are taken, and where choosing each of them leads."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from babel import Locale
from django.utils.translation import get_language

from toadlane.kernel.dates import at_wall_time, wall_time
from toadlane.trade.booking import policies
from toadlane.trade.booking import queries as calendars
from toadlane.trade.booking.models import Resource, Unit
from toadlane.ui.shapes import Month, MonthDay

SHOWN, FURTHEST = 2, timedelta(days=730)
# (first day, last day, or the day of leaving where nights are booked) -> where choosing them leads
Address = Callable[[date, date], str]


def ahead(
    resource: Resource, start: date, *, first: date | None, last: date | None, address: Address, at: datetime
) -> list[Month]:
    """Return months from that of `start` on, with what is chosen marked in them. Three statements, however full it is."""
    today = wall_time(at, resource.zone).date()
    begins = [_month_after(start.replace(day=1), n) for n in range(SHOWN)]
    free = set(_free(resource, begins[0], _month_after(begins[-1], 1), at=at))
    chosen = _chosen(resource, first, last)

    def told(day: date) -> MonthDay:
        if day < today:
            return MonthDay(day, "past")
        if day in free or day == _leaving(resource, first, last):
            state: Literal["chosen", "free"] = "chosen" if day in chosen else "free"
            return MonthDay(day, state, address(*_pick(resource, day, first, last)), is_today=day == today)
        return MonthDay(day, "taken", is_today=day == today)

    return [Month(begin, _weeks(begin, told)) for begin in begins]


def _free(resource: Resource, start: date, end: date, *, at: datetime) -> Iterator[date]:
    """Yield the days that can be had: open, and with a unit left from one end to the other."""
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    if resource.unit == Unit.HOUR:
        edges = [at_wall_time(datetime.combine(day, time(0)), resource.zone) for day in (start, end)]
        slots = calendars.slots(resource, *edges, at=at)
        yield from sorted({wall_time(slot.starts, resource.zone).date() for slot in slots if slot.is_free})
        return
    spans = {day: span(resource, day, day + timedelta(days=resource.unit == Unit.NIGHT)) for day in days}
    reach = timedelta(minutes=max(resource.before_minutes, resource.after_minutes))
    touching = calendars.taken([resource.pk], spans[days[0]][0] - reach, spans[days[-1]][1] + reach)
    rows = [(row.unit, row.starts_at, row.ends_at) for row in calendars.taking(touching, at)]
    plan = calendars.plans([resource])[resource.pk]
    for day, (starts, ends) in spans.items():
        if plan.is_open(starts, ends) and policies.free_units(resource.capacity, rows, *resource.widened(starts, ends)):
            yield day


def span(resource: Resource, first: date, last: date) -> tuple[datetime, datetime]:
    """Return from when to when days or nights are had: whole days, or from arriving to leaving."""
    if resource.unit == Unit.NIGHT:
        return calendars.stay(resource, first, last)
    begins = datetime.combine(first, resource.check_in or time(0))
    ends = (
        datetime.combine(last, resource.check_out) if resource.check_out else datetime.combine(last, time(0)) + timedelta(days=1)
    )
    return at_wall_time(begins, resource.zone), at_wall_time(ends, resource.zone)


def _leaving(resource: Resource, first: date | None, last: date | None) -> date | None:
    """A day that somebody else arrives on can still be the day of leaving."""
    return last if resource.unit == Unit.NIGHT and first else None


def _chosen(resource: Resource, first: date | None, last: date | None) -> set[date]:
    if first is None or last is None:
        return set()
    days = (last - first).days + 1
    return {first + timedelta(days=n) for n in range(days)} if 0 < days <= 366 else set()


def _pick(resource: Resource, day: date, first: date | None, last: date | None) -> tuple[date, date]:
    """The first choice is one day or night; a later day then makes it longer, and any other begins anew."""
    least = timedelta(days=1 if resource.unit == Unit.NIGHT else 0)
    is_longer = first is not None and last is not None and last - first == least and day > last
    return (first, day) if is_longer and first else (day, day + least)


def _month_after(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _weeks(first: date, told: Callable[[date], MonthDay]) -> Sequence[Sequence[MonthDay | None]]:
    """Lay a month out in weeks that begin as the reader's do."""
    lead = (first.weekday() - week_begins()) % 7
    length = (_month_after(first, 1) - first).days
    cells: list[MonthDay | None] = [None] * lead + [told(first + timedelta(days=n)) for n in range(length)]
    cells += [None] * (-len(cells) % 7)
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def week_begins() -> int:
    """Return the weekday a reader's week begins with, Monday being 0."""
    return int(Locale.parse((get_language() or "en").replace("-", "_")).first_week_day)

"""When something is open and which units are free. Pure: rows come in as plain values."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from toadlane.kernel.dates import at_wall_time, wall_time

Range = tuple[datetime, datetime]
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Window:
    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Different:
    """Days that are not as the week says; without hours they are closed."""

    first_on: date
    last_on: date
    opens: time | None = None
    closes: time | None = None


def opening(
    windows: Sequence[Window], exceptions: Sequence[Different], zone: ZoneInfo, start: datetime, end: datetime
) -> list[Range]:
    """Return when a weekly plan is open between two instants, in order and without seams.

    Windows keep their local time across a daylight-saving change; a day with exceptions has only the hours these give it.
    """
    # A window may begin the day before and run past midnight.
    day, last = wall_time(start, zone).date() - timedelta(days=1), wall_time(end, zone).date()
    found: list[Range] = []
    while day <= last:
        for opens, closes in _hours(windows, exceptions, day):
            found.append(_between(day, opens, closes, zone))
        day += timedelta(days=1)
    return [(max(s, start), min(e, end)) for s, e in merged(found) if s < end and e > start]


def closed_days(exceptions: Sequence[Different], zone: ZoneInfo) -> list[Range]:
    """Return the closed days as ranges: all that an always-open plan knows."""
    return merged(
        (at_wall_time(datetime.combine(e.first_on, MIDNIGHT), zone),
         at_wall_time(datetime.combine(e.last_on + timedelta(days=1), MIDNIGHT), zone))
        for e in exceptions if e.opens is None
    )  # fmt: skip


def _hours(windows: Sequence[Window], exceptions: Sequence[Different], day: date) -> Iterator[tuple[time, time]]:
    ours = [e for e in exceptions if e.first_on <= day <= e.last_on]
    if any(e.opens is None for e in ours):
        return
    if ours:
        yield from ((e.opens, e.closes) for e in ours if e.opens is not None and e.closes is not None)
        return
    yield from ((w.opens, w.closes) for w in windows if w.weekday == day.weekday())


def _between(day: date, opens: time, closes: time, zone: ZoneInfo) -> Range:
    end_day = day if closes > opens else day + timedelta(days=1)
    return at_wall_time(datetime.combine(day, opens), zone), at_wall_time(datetime.combine(end_day, closes), zone)


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Join ranges that overlap or touch."""
    result: list[Range] = []
    for start, end in sorted(r for r in ranges if r[0] < r[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """Return what is left of ranges when others are taken out."""
    left = merged(ranges)
    for cut_start, cut_end in merged(taken):
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, cut_start)), (max(start, cut_end), end))
            if piece[0] < piece[1]
        ]
    return left


def covers(ranges: Sequence[Range], start: datetime, end: datetime) -> bool:
    """Say whether one of several merged ranges holds the whole of another."""
    return any(s <= start and end <= e for s, e in ranges)


def free_units(capacity: int, taken: Iterable[tuple[int, datetime, datetime]], start: datetime, end: datetime) -> list[int]:
    """Return the units, lowest first, that nothing takes between two instants (half-open: touching is free)."""
    busy = {unit for unit, s, e in taken if s < end and e > start}
    return [unit for unit in range(capacity) if unit not in busy]


def nights(first: date, last: date, check_in: time, check_out: time, zone: ZoneInfo) -> Range:
    """Return a stay from the evening of one day to the morning of another, by local clocks."""
    return at_wall_time(datetime.combine(first, check_in), zone), at_wall_time(datetime.combine(last, check_out), zone)

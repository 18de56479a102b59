"""Civil dates and local time: deadlines are dates in a co-op's own time zone, with a named way of counting."""

import calendar
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """Return the day that is `days` working days after `start`, which itself is not counted (golden vectors 06, G1-G2)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            days -= 1
    return day


def next_working_day(day: date, holidays: Collection[date] = ()) -> date:
    """Return the day itself if it is worked on, and otherwise the first after it that is."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876 (Meeus, Astronomical Algorithms)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def bank_holidays(year: int) -> frozenset[date]:
    """Return the days of a year, beside weekends, on which T2 is closed and banks settle no euro (set by the Eurosystem)."""
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (12, 25), (12, 26))
    return frozenset([*(date(year, *one) for one in fixed), sunday - timedelta(days=2), sunday + timedelta(days=1)])


def is_bank_day(day: date) -> bool:
    """Whether banks settle euro on a day."""
    return is_working_day(day, bank_holidays(day.year))


def next_bank_day(day: date) -> date:
    """Return the day itself if banks settle euro on it, and otherwise the first after it."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def add_months(start: date, months: int) -> date:
    """Return the same day of a later month, or its last day where that month is shorter (golden vectors 18, N5-N6).

    As Regulation 1182/71, article 3, counts a period in months. A negative number counts back.
    """
    month = start.year * 12 + start.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def add_years(start: date, years: int) -> date:
    """Return the same day of a later year; 29 February becomes 28 where there is none."""
    return add_months(start, 12 * years)


def after_days(start: date, days: int) -> date:
    """Return the first day on which `days` days have passed since `start` (golden vectors 18, N1, N2, N4)."""
    return start + timedelta(days=days)


def after_clear_days(start: date, days: int) -> date:
    """Return the first day with `days` whole days between it and `start`, neither end counted (golden vectors 18, N3)."""
    return start + timedelta(days=days + 1)


def at_wall_time(local: datetime, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """Return the UTC instant at which the clocks of a zone show `local`.

    A time that the clocks skip is moved forward by what they skip; a time that they show twice is the first one, unless
    the second is asked for.

    :param local: without a time zone
    """
    assert local.tzinfo is None, "a wall time has no zone of its own"
    instant = local.replace(tzinfo=zone, fold=1 if second else 0).astimezone(UTC)
    if second and instant.astimezone(zone).replace(tzinfo=None) != local:
        # In a gap the second reading lies before it: only the first one moves forward.
        instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant


def in_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC, in which one may subtract, add and compare.

    Python takes two times of one zone by what their clocks show: from one to four is three hours to it, in every night.
    """
    return instant.astimezone(UTC)


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks of a zone show at an instant, without a time zone."""
    return instant.astimezone(zone).replace(tzinfo=None)

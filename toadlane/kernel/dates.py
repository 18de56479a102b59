"""Civil dates and local time: deadlines are dates in a co-op's own time zone, with a named way of counting."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def add_working_days(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """Return the day that is `days` working days after `start`, which itself is not counted (golden vectors 06, G1-G2)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in holidays:
            days -= 1
    return day

"""How much a calendar kept elsewhere repeats, found out before it is unfolded: a short line may stand for a billion of events."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from math import prod
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

# Steps of recurrences, from when each began: what has to be walked through before it can be counted.
MOST_STEPS = 200_000
# Days that are looked at in all, and how many of what repeats may fall into the time that is read.
MOST_DAYS, MOST_TIMES = 2_000_000, 10_000
# A 29th of February comes back on the same day of the week after forty years at the latest. What has not come by then never does.
NEVER = 45 * 366
DAY = 86_400
STEP = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600, "DAILY": DAY, "WEEKLY": 7 * DAY, "MONTHLY": 28 * DAY, "YEARLY": 365 * DAY}
SELDOM = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}


def too_many(events: Sequence[Any], *, first: datetime, end: datetime) -> bool:
    """Whether events repeat more often than we would read.

    :raises ValueError: when one stands still, or never happens: whoever unfolds it would look for it until the year 9999
    """
    rules = [(rule, event) for event in events for rule in _rules(event)]
    if sum(_steps(rule, event, end) for rule, event in rules) > MOST_STEPS:
        return True
    days = times = 0
    for rule, event in rules:
        looked_at, found = _walked(rule, event, first=_plain(first), end=_plain(end), most=MOST_TIMES - times)
        days, times = days + looked_at, times + found
        if days > MOST_DAYS or times >= MOST_TIMES:
            return True
    return False


def _rules(event: Any) -> Iterable[Any]:
    found: list[Any] = [event.get(name, []) for name in ("RRULE", "EXRULE")]
    return [rule for rules in found for rule in (rules if isinstance(rules, list) else [rules])]


def _steps(rule: Any, event: Any, end: datetime) -> int:
    """Return how many steps it takes to unfold a recurrence up to a day.

    :raises ValueError: when it stands still
    """
    frequency, interval = str(rule["FREQ"][0]).upper(), int(rule.get("INTERVAL", [1])[0])
    if interval < 1:
        raise ValueError(interval)
    conditions = [name for name in rule if name.startswith("BY")]
    if STEP[frequency] <= STEP["DAILY"] and SELDOM & set(conditions):
        # They may refuse every day there is, and neither a count nor an end then stops the walk.
        return MOST_STEPS + 1
    steps = max(0, int((_plain(end) - _plain(event.start)).total_seconds())) // (STEP[frequency] * interval) + 1
    if "COUNT" in rule and not conditions:
        steps = min(steps, int(rule["COUNT"][0]))
    return steps * prod(len(rule[name]) for name in conditions)


class _Months:
    """The months of a rule. It asks first for the month of each day that it looks at: so these are counted, and it is stopped."""

    def __init__(self, months: Collection[int], most: int) -> None:
        self._months, self._most, self.asked = months, most, 0

    def __contains__(self, month: object) -> bool:
        self.asked += 1
        if self.asked > self._most:
            raise ValueError("a rule that never comes true")
        return month in self._months


def _walked(rule: Any, event: Any, *, first: datetime, end: datetime, most: int) -> tuple[int, int]:
    """Return at how many days a rule looks up to the end, and how often it comes true from the first on, `most` at most.

    :raises ValueError: when it never does
    """
    began = _plain(event.start)
    until = [_plain(day) + timedelta(days=1) for day in rule.get("UNTIL", [])]
    last = min([end, *until])
    told = ";".join(part for part in rule.to_ical().decode().split(";") if not part.upper().startswith("UNTIL"))
    walk: Any = rrulestr(told, dtstart=began)
    days = max(0, (last - began).days)
    is_daily = STEP[str(rule["FREQ"][0]).upper()] >= DAY
    months = _Months(walk._bymonth or range(1, 13), days + NEVER if is_daily else MOST_STEPS)
    walk._bymonth = months
    found = 0
    for moment in walk:
        if moment > last or found >= most:
            break
        found += moment >= first
    return months.asked, found


def _plain(moment: date) -> datetime:
    """Return a day or a moment by its own clock: hours between zones are of no weight in what is counted here."""
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime.combine(moment, time(0))

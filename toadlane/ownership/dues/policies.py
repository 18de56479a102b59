"""How much is due for which period, and what a payment pays. Pure: no rows, no clock."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from toadlane.kernel.dates import add_months
from toadlane.kernel.rates import half_up

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Span:
    """A period of dues: a month, a quarter or a year of the calendar.

    :param name: `2027-03`, `2027-Q1` or `2027`
    """

    name: str
    first: date
    last: date
    months: int


def span_of(day: date, period: str) -> Span:
    """Return the period that a day lies in."""
    months = MONTHS[period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = add_months(first, months - 1)
    last = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    names = {1: f"{first:%Y-%m}", 3: f"{first.year}-Q{(first.month + 2) // 3}", 12: str(first.year)}
    return Span(names[months], first, last, months)


@dataclass(frozen=True)
class Terms:
    """What one member is asked for each period, in minor units; `least` and `most` differ where members choose."""

    amount: int
    least: int
    most: int

    @property
    def is_sliding(self) -> bool:
        return self.least < self.most

    def within(self, chosen: int | None) -> int:
        """Return what is charged: what the member chose, as far as the scale still allows it."""
        return self.amount if chosen is None else max(self.least, min(self.most, chosen))


def terms(*, amount: int, least: int, most: int, is_sliding: bool, part: Fraction = Fraction(1)) -> Terms:
    """Read the scale for a class of members.

    What is suggested always lies on the scale: a least above it, or a most below it, counts as the suggestion itself.

    :param part: of the dues that members of the class pay
    """
    asked = half_up(part * amount)
    if not is_sliding or not amount:
        return Terms(asked, asked, asked)
    return Terms(asked, min(asked, half_up(part * least)), max(asked, half_up(part * most)))


def for_joiner(amount: int, span: Span, joined_on: date, first: str) -> int:
    """Return what the first period costs whoever joined in it.

    :param first: `next` asks for nothing yet, `whole` for everything, `months` for the months that are left, the one of
        joining counted, rounded half up
    """
    if joined_on <= span.first or first == "whole":
        return amount
    if first == "next":
        return 0
    gone = (joined_on.year - span.first.year) * 12 + joined_on.month - span.first.month
    return half_up(Fraction(amount * (span.months - gone), span.months))


def due_on(span: Span, due_day: int, joined_on: date) -> date:
    """Return by when a period is paid: on a day of its first month, and never before somebody has joined."""
    return max(span.first + timedelta(days=due_day - 1), joined_on)


def late_from(due: date, grace_days: int) -> date:
    """Return the first day on which an unpaid claim counts as late: the days of grace are all over."""
    return due + timedelta(days=grace_days + 1)


def allot(paid: int, owed: Sequence[tuple[int, int]]) -> tuple[dict[int, int], int]:
    """Return what a payment pays of each claim, the oldest first, and what is left over.

    :param owed: claims in their order, each with what is open of it
    """
    parts: dict[int, int] = {}
    for claim, left in owed:
        part = min(paid, left)
        if part > 0:
            parts[claim] = part
            paid -= part
    return parts, paid


def part_of(parts: Mapping[str, Any], member_class: str) -> Fraction:
    """Return which part of the dues a class pays: all of it where the bylaws do not name it."""
    return Fraction(parts.get(member_class, 1))

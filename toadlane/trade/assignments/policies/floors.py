"""The least that a day of work has to bring, by trade and date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from toadlane.kernel.rates import ceil

# What holds for a trade that no row names.
ANY = "any"


@dataclass(frozen=True)
class Floor:
    """:param daily: gross, in minor units, for a whole day; :param names: of the trade, by language"""

    trade: str
    since: date
    daily: int
    names: Mapping[str, str]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Floor]:
    """Return a schedule of floors in the order of its days.

    :raises KeyError, TypeError, ValueError: when a row cannot be read
    """
    found = [
        Floor(str(row["trade"]), date.fromisoformat(row["from"]), _whole(row["daily"]), dict(row.get("names", {})))
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.trade, one.since))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def trades(floors: Iterable[Floor]) -> dict[str, Mapping[str, str]]:
    """Return the trades that are named, with what they are called in the newest row."""
    return {one.trade: one.names for one in floors}


def daily(floors: Iterable[Floor], trade: str, first: date, last: date) -> int:
    """Return the highest floor in force on any day from first to last; nothing where no row says one.

    A trade without a row of its own goes by that of `any`.
    """
    rows = list(floors)
    own = [one for one in rows if one.trade == trade] or [one for one in rows if one.trade == ANY]
    before = [one for one in own if one.since <= first]
    within = [one for one in own if first < one.since <= last]
    return max((one.daily for one in [*before[-1:], *within]), default=0)


def least(floor: int, days: int, part: Fraction) -> int:
    """Return the least gross wage of so many days, each worked for a part. A floor is never rounded away."""
    return ceil(floor * days * part)


def most_part(gross: int, floor: int, days: int) -> Fraction:
    """Return the largest part of a day that a gross wage still pays for, in whole hundredths."""
    return Fraction(gross * 100 // (floor * days), 100) if floor and days else Fraction(1)

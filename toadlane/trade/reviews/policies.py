"""When reviews are seen, and when a number of them says something."""

from collections.abc import Sequence
from datetime import date, timedelta

# An average of one or two says more about the weather than about the work, and names whoever wrote it.
LEAST = 3


def visible(*, opened_on: date, both_are_in: bool, window_days: int, today: date) -> bool:
    """Say whether the two sides of an order read each other: mutual reveal, so that nobody answers a review with another.

    Golden vectors 17, V1 to V3.
    """
    return both_are_in or today >= opened_on + timedelta(days=window_days)


def average(stars: Sequence[int]) -> float | None:
    """Return the average to a tenth, or None where too few have rated."""
    return round(sum(stars) / len(stars), 1) if len(stars) >= LEAST else None

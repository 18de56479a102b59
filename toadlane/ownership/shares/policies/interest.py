"""Limited interest on shares. Golden vectors 04, I and C."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toadlane.kernel.rates import floor, half_up, rate

ABOVE_LEGAL = Fraction(6, 100)


def days_between(start: date, end: date, *, count_first_day: bool) -> int:
    """Return how many days capital was there: the last day counts, the first one where the rule says so (I1, I2)."""
    return max(0, (end - start).days + (1 if count_first_day else 0))


def for_days(*, capital: int, yearly_rate: str | Fraction, days: int, year_days: int = 365) -> int:
    """Return the interest of some days, rounded once, halves up (I1 to I4)."""
    return half_up(capital * rate(yearly_rate) * days / year_days)


@dataclass(frozen=True)
class Allowed:
    allowed: bool
    interest: int
    reason: str = ""


def within_caps(
    *, capital: int, yearly_rate: str | Fraction, legal_interest: str | Fraction, result_before: int,
    above_legal: str | Fraction = ABOVE_LEGAL,
) -> Allowed:  # fmt: skip
    """Say how much interest may be paid on the whole capital (C1 to C4).

    Ley 27/1999, article 48: only out of a positive result, no more than the result, and at most six points above the
    legal interest.
    """
    if rate(yearly_rate) > rate(legal_interest) + rate(above_legal):
        return Allowed(False, 0, "rate_above_cap")
    return Allowed(True, max(0, min(floor(rate(yearly_rate) * capital), result_before)))

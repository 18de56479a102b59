"""Rates are exact: decimal strings or fractions such as "2/3" become `Fraction`, never a float."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Rounding = Literal["half_up", "ceil", "floor"]
# The rates of a co-op are few, and each price asks for them again.
_of_text = lru_cache(maxsize=1024)(Fraction)


def rate(text: str | int | Decimal | Fraction) -> Fraction:
    """Return the exact value of "0.135", "2/3" or 1.

    :raises TypeError: for a float, which has already lost what it meant
    :raises ValueError: when it is not a number
    """
    if isinstance(text, float):
        raise TypeError("a float is not a rate: write it as a string")
    return _of_text(text) if type(text) is str else Fraction(text)


def half_up(value: Fraction) -> int:
    """Round a single amount to a whole unit, halves away from zero (the convention of our golden vectors, file 00)."""
    # On the integers themselves: this is asked several times for every price, and arithmetic of fractions is slow.
    whole, parts = value.numerator, value.denominator
    return (2 * whole + parts) // (2 * parts) if whole >= 0 else -((parts - 2 * whole) // (2 * parts))


def ceil(value: Fraction) -> int:
    """Round a statutory floor: what the law demands at least is never rounded away."""
    return -int(-value // 1)


def floor(value: Fraction) -> int:
    """Round a statutory cap: what the law allows at most is never exceeded."""
    return int(value // 1)


def rounded(value: Fraction, how: Rounding) -> int:
    return {"half_up": half_up, "ceil": ceil, "floor": floor}[how](value)

"""Rates are exact: decimal strings or fractions such as "2/3" become `Fraction`, never a float."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Rounding = Literal["half_up", "ceil", "floor"]
# "1e999999999" is eleven letters, and a number that fills the machine: an exponent has two digits at most.
_WRITTEN = re.compile(r"\s*[+-]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)\s*", re.ASCII)
MOST_DIGITS = 200


def rate(text: str | int | Decimal | Fraction) -> Fraction:
    """Return the exact value of "0.135", "2/3" or 1.

    :raises TypeError: for a float, which has already lost what it meant
    :raises ValueError: when it is not a number, or one of more digits than anybody means
    """
    if type(text) is Fraction:
        return text
    if isinstance(text, float):
        raise TypeError("a float is not a rate: write it as a string")
    if isinstance(text, str):
        return _of_text(text)
    if isinstance(text, Decimal) and not is_modest(text):
        raise ValueError("this number is out of all bounds")
    return Fraction(text)


# The rates of a co-op are few, and each price asks for them again.
@lru_cache(maxsize=1024)
def _of_text(text: str) -> Fraction:
    if len(text) > MOST_DIGITS or not _WRITTEN.fullmatch(text):
        raise ValueError("this is not a number")
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError("nothing can be divided by zero") from error


def is_modest(number: Decimal) -> bool:
    """Tell whether a number may be turned into an integer or a fraction: it is one, and has no endless row of digits."""
    return number.is_finite() and max(abs(number.adjusted()), abs(int(number.as_tuple().exponent))) <= MOST_DIGITS


def half_up(value: Fraction) -> int:
    """Round a single amount to a whole unit, halves away from zero (the convention of our golden vectors, file 00)."""
    return _half_up(value.numerator, value.denominator)


def ceil(value: Fraction) -> int:
    """Round a statutory floor: what the law demands at least is never rounded away."""
    return _ceil(value.numerator, value.denominator)


def floor(value: Fraction) -> int:
    """Round a statutory cap: what the law allows at most is never exceeded."""
    return value.numerator // value.denominator


def scaled(amount: int, factor: Fraction, how: Rounding) -> int:
    """Return a whole amount times a factor, rounded once.

    On the integers themselves: this is asked several times for every price, and arithmetic of fractions is slow.
    """
    whole, parts = amount * factor.numerator, factor.denominator
    if how == "half_up":
        return _half_up(whole, parts)
    return _ceil(whole, parts) if how == "ceil" else whole // parts


def _half_up(whole: int, parts: int) -> int:
    return (2 * whole + parts) // (2 * parts) if whole >= 0 else -((parts - 2 * whole) // (2 * parts))


def _ceil(whole: int, parts: int) -> int:
    return -(-whole // parts)

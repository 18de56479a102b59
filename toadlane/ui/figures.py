"""Numbers as people type them, in the form of their own language: 1.234,50 in Spanish, 1,234.50 in English, and in Arabic with
digits of its own where somebody likes them."""

import re
from decimal import Decimal
from fractions import Fraction

from babel import Locale
from django.utils.translation import get_language

_DIGITS = {ord(digit): str(n % 10) for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
# Spaces of every width, marks of direction, and the apostrophe of the Swiss: all of them only group.
_NOTHING = re.compile("[\\s\u00a0\u2009\u202f\u200e\u200f\u061c\u2066-\u2069'\u2019\u066c]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
# A language that groups with neither a point nor a comma: for what comes from nobody knows where.
NO_GROUPS = "fr"


def _symbols(language: str | None) -> tuple[str, str]:
    found = Locale.parse((language or get_language() or "en").replace("-", "_")).number_symbols.get("latn", {})
    return found.get("decimal", "."), found.get("group", ",")


def read(text: str, language: str | None = None) -> str:
    """Return the neutral form of a number: digits, a minus, and a point before its part. What is no number comes back as it is.

    A comma or a point that could be either groups only where the reader's language groups with it: "1.500" is fifteen
    hundred in Spanish, and one and a half in English.
    """
    plain = _NOTHING.sub("", text).translate(_DIGITS).replace("\u2212", "-")
    if "\u066b" in plain:
        return plain.replace(",", "").replace(".", "").replace("\u066b", ".")
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return plain
    sign, before = plain[last], plain[:last]
    other = "," if sign == "." else "."
    if other in before:
        return f"{before.replace(other, '')}.{plain[last + 1 :]}" if _GROUPED.fullmatch(before) else text
    if sign in before:
        return plain.replace(sign, "") if _GROUPED.fullmatch(plain) else text
    if sign == _symbols(language)[1] and _ONE_GROUP.fullmatch(plain):
        return plain.replace(sign, "")
    return plain.replace(",", ".")


def could_group(text: str) -> bool:
    """Say whether one point or comma stands before three digits, so that it may group them or begin a number's part."""
    return bool(_ONE_GROUP.fullmatch(_NOTHING.sub("", text).translate(_DIGITS).replace("\u2212", "-")))


def write(value: Decimal | int | str, language: str | None = None) -> str:
    """Return a number as somebody would type it: ungrouped, with the sign of their language before its part."""
    return str(value).replace(".", _symbols(language)[0])


def percentage(share: Fraction) -> str | None:
    """Return a share as a plain number of hundredths, or nothing where it has no exact decimal form: two thirds."""
    hundredths = share * 100
    if 10**12 % hundredths.denominator:
        return None
    return format((Decimal(hundredths.numerator) / Decimal(hundredths.denominator)).normalize(), "f")

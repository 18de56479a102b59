"""Numbers as people type them, in the form of their own language: 1.234,50 in Spanish, 1,234.50 in English, and in Arabic with
digits of its own where somebody likes them."""

import re
from decimal import Decimal
from fractions import Fraction

from babel import Locale
from django.utils.translation import get_language

_DIGITS = {ord(digit): str(n % 10) for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
DIRECTIONS = "\u200e\u200f\u061c\u2066-\u2069"
# Spaces of every width, the apostrophe of the Swiss and the sign of Arabic: they group, and mean nothing where they stand beside
# a number or its sign.
_GROUPS = "\\s\u00a0\u2009\u202f'\u2019\u066c"
_NOTHING = re.compile(f"[{_GROUPS}{DIRECTIONS}]")
_WITHIN = re.compile(f"(?<=\\d)[{_GROUPS}]+(?=\\d)", re.ASCII)
_IN_THREES = re.compile(r"[^\d]*\d{1,3}(?: \d{3})+(?:[.,\u066b]\d+)?[^\d]*", re.ASCII)
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
    plain = _plain(text)
    if "\u066b" in plain or not _groups_threes(text):
        return (_groups_threes(text) and _arabic(plain)) or text
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


def _arabic(plain: str) -> str:
    """Return the neutral form of a number with the Arabic sign before its part, or nothing."""
    whole, _sign, part = plain.partition("\u066b")
    is_number = part.isdecimal() and (_GROUPED.fullmatch(whole) or whole.lstrip("+-").isdecimal())
    return f"{whole.replace(',', '').replace('.', '')}.{part}" if is_number else ""


def _plain(text: str) -> str:
    return _NOTHING.sub("", text).translate(_DIGITS).replace("\u2212", "-")


def _groups_threes(text: str) -> bool:
    """Say whether what parts the digits of a number parts them in threes. "12 50" and "12'50" are twelve and a half to many."""
    digits = re.sub(f"[{DIRECTIONS}]", "", text).translate(_DIGITS)
    parted = _WITHIN.sub(" ", digits)
    return not _WITHIN.search(digits) or bool(_IN_THREES.fullmatch(parted))


def could_group(text: str) -> bool:
    """Say whether one point or comma stands before three digits, so that it may group them or begin a number's part."""
    return bool(_ONE_GROUP.fullmatch(_plain(text)))


def write(value: Decimal | int | str, language: str | None = None) -> str:
    """Return a number as somebody would type it: ungrouped, with the sign of their language before its part."""
    return str(value).replace(".", _symbols(language)[0])


def percentage(share: Fraction) -> str | None:
    """Return a share as a plain number of hundredths, or nothing where it has no exact decimal form: two thirds."""
    hundredths = share * 100
    if 10**12 % hundredths.denominator:
        return None
    return format((Decimal(hundredths.numerator) / Decimal(hundredths.denominator)).normalize(), "f")

"""Money, numbers and dates as the reader's language writes them. Formatters are kept: they are on the hot path."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, get_currency_symbol
from django.utils import timezone, translation

from toadlane.kernel.currencies import exponent
from toadlane.kernel.money import Money

# A currency that is written in letters stands apart from its figure: KWD 1.500.
_LETTERS_AT_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)")
# The day of a month, where it is the first: no other figure stands before letters.
_ONE = re.compile(r"(?<!\d)1(?=\s[^\W\d])")
_SEMICOLONS = {"ar": "؛ ", "fr": "\u00a0; "}
_ISOLATE, _POP, _MINUS, _LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u2068", "\u2069", "\u2212", "\u200e", "\u200f"


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _active() -> str:
    return translation.get_language() or "en"


def _signed(text: str) -> str:
    """Write a minus as a minus: a hyphen is a shorter line, and ends one."""
    return text.replace("-", _MINUS)


def _isolated(text: str, language: str) -> str:
    """Keep a figure together in a line that runs from right to left, and its minus before it."""
    if not language.startswith("ar"):
        return text
    return f"{_ISOLATE}{text.replace(_MINUS, _LEFT_TO_RIGHT + _MINUS)}{_POP}"


@lru_cache(maxsize=8192)
def _money(minor: int, currency: str, language: str, short: bool) -> str:
    return _signed(plain(Money(minor, currency), _locale(language), short=short))


def plain(amount: Money, locale: Locale | str, *, short: bool = False) -> str:
    """Write an amount with all the digits of its smallest unit, which is what ISO 4217 says: the books count in it.

    Some currencies are written without cents in everyday life (RSD, IQD, LBP); an amount of theirs has them here all the same.
    """
    locale = Locale.parse(locale) if isinstance(locale, str) else locale
    major = Decimal(amount.amount)
    digits = 0 if short and major == major.to_integral_value() else exponent(amount.currency)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", f".{'0' * digits}" if digits else "")
    text = format_currency(major, amount.currency, pattern, locale=locale, currency_digits=False)
    return _LETTERS_AT_DIGITS.sub("\u00a0", text)


def money(amount: Money, *, short: bool = False) -> str:
    """Write an amount: €146.42 in English, 146,42 € in French.

    :param short: leave out the cents of a round amount
    """
    language = _active()
    return _isolated(_money(amount.minor, amount.currency, language, short), language)


def moved(amount: Money) -> str:
    """Write what was added or taken away, with its sign either way: +€15.82 and −€4.84."""
    language = _active()
    sign = _LEFT_TO_RIGHT * language.startswith("ar") + "+" if amount.minor > 0 else ""
    return _isolated(sign + _money(amount.minor, amount.currency, language, False), language)


_LARGE = 100_000


def money_compact(amount: Money) -> str:
    """Write a large amount in few signs, €3.4M; a smaller one without its cents."""
    language, whole = _active(), Decimal(amount.amount)
    if abs(whole) < _LARGE:
        rounded = whole.to_integral_value().scaleb(exponent(amount.currency))
        return money(Money(int(rounded), amount.currency), short=True)
    text = format_compact_currency(whole, amount.currency, locale=_locale(language), fraction_digits=1)
    return _isolated(_signed(_LETTERS_AT_DIGITS.sub("\u00a0", text)), language)


def symbol(currency: str) -> str:
    return get_currency_symbol(currency, locale=_locale(_active()))


def affix(currency: str) -> dict[str, str]:
    """Return what stands before and after a box for an amount: the sign stands where the language writes it."""
    is_after = (
        _locale(_active())
        .currency_formats["standard"]
        .pattern.split(";")[0]
        .rstrip(_LEFT_TO_RIGHT + _RIGHT_TO_LEFT)
        .endswith("¤")
    )
    return {"prefix": "", "suffix": symbol(currency)} if is_after else {"prefix": symbol(currency), "suffix": ""}


@lru_cache(maxsize=2048)
def _percent(value: Fraction, language: str) -> str:
    locale = _locale(language)
    exact = Decimal(value.numerator * 100) / Decimal(value.denominator)
    figure = format_decimal(exact.quantize(Decimal("0.0001")).normalize(), "#,##0.####", locale=locale)
    pattern = locale.percent_formats[None].pattern
    return _signed(pattern.replace("#,##0", figure).replace("#0", figure))


def percent(rate: Fraction | Decimal | int | str) -> str:
    """Write a rate as a percentage, exactly: 13.5 % stays 13.5 %."""
    language = _active()
    return _isolated(_percent(Fraction(rate), language), language)


def number(value: int | float | Decimal) -> str:
    language = _active()
    return _isolated(_signed(format_decimal(value, locale=_locale(language))), language)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at


# By the names templates use, day before month in every language we speak. `day` leaves out the year: most things people
# read about happen this year.
_PATTERNS = {
    "date": {"": "d MMMM y", "es": "d 'de' MMMM 'de' y"},
    "day": {"": "EEE d MMM", "ar": "EEE، d MMM"},
    "weekday": {"": "EEEE d MMMM", "es": "EEEE, d 'de' MMMM", "ar": "EEEE، d MMMM"},
    "full": {"": "EEEE d MMMM y", "es": "EEEE, d 'de' MMMM 'de' y", "ar": "EEEE، d MMMM y"},
    "month": {"": "MMMM y", "es": "MMMM 'de' y"},
    "quarter": {"": "QQQQ y", "en": "QQQQ 'of' y", "es": "QQQQ 'de' y"},
    "of_this_year": {"": "d MMMM", "es": "d 'de' MMMM"},
    "of_year": {"": "MMM"},
    "short": {"": "d MMM"},
    # For what may be years old, where there is little room.
    "brief": {"": "d MMM y"},
}


def comma(language: str = "") -> str:
    """Return what stands between two things that are named one after the other."""
    return "، " if (language or _active()).startswith("ar") else ", "


def semicolon() -> str:
    """Return what stands between sentences, or between things that have commas of their own."""
    return _SEMICOLONS.get(_active()[:2], "; ")


def in_line(mark: str) -> str:
    """Keep a mark in the line that it parts: between two Latin names it would join them to a run from left to right."""
    return f"{_RIGHT_TO_LEFT}{mark}{_RIGHT_TO_LEFT}" if _active().startswith("ar") else mark


def listed(parts: Iterable[Any], language: str = "") -> str:
    """Write what is named one after the other: `a, b, c`. Each part is kept together, whichever way it runs.

    :param language: of the reader, where it is not the one that is active
    """
    return comma(language).join(apart(str(part), language) for part in parts)


def clauses(parts: Iterable[Any]) -> str:
    """Write sentences, or what has commas of its own, one after the other: `a, b; c`."""
    return semicolon().join(apart(str(part)) for part in parts)


def _first(text: str, at: date, language: str) -> str:
    """Write the first of a month as the language does: 1er mars in French."""
    return _ONE.sub("1er", text) if language == "fr" and at.day == 1 else text


def day(at: date | datetime, style: str = "date") -> str:
    """Write a day. Styles: `date`, `full`, `brief` (with the year), `day`, `weekday`, `short`, `month`, `quarter`, `of_year`."""
    return apart(_written(at, style))


def _written(at: date | datetime, style: str) -> str:
    return _day(_local(at).date() if isinstance(at, datetime) else at, style, _active())


@lru_cache(maxsize=4096)
def _day(value: date, style: str, language: str) -> str:
    patterns = _PATTERNS[style]
    return _first(format_date(value, patterns.get(language) or patterns[""], locale=_locale(language)), value, language)


def days(first: date, last: date) -> str:
    """Write the days from one to another, what they share said once: 10–12 November 2026."""
    return day(first) if first == last else apart(_days(first, last, _active()))


def _days(first: date, last: date, language: str) -> str:
    end = _written(last, "date")
    if first.year != last.year:
        return f"{_written(first, 'date')} – {end}"
    if first.month != last.month:
        patterns = _PATTERNS["of_this_year"]
        begins = format_date(first, patterns.get(language) or patterns[""], locale=_locale(language))
        return f"{_first(begins, first, language)} – {end}"
    begins = "1er" if language == "fr" and first.day == 1 else format_date(first, "d", locale=_locale(language))
    return f"{begins}–{end}"


def period(name: str) -> str:
    """Write a month, a quarter or a year, given as 2026-11, 2026-Q4 or 2026."""
    year, _dash, part = name.partition("-")
    if not part:
        return year
    if part.startswith("Q"):
        return day(date(int(year), 3 * int(part[1:]), 1), "quarter")
    return day(date(int(year), int(part), 1), "month")


def clock(at: datetime) -> str:
    return format_time(_local(at), "HH:mm", locale=_locale(_active()))


def moment(at: date | datetime, style: str = "day") -> str:
    """Write a day and, for an instant, its time: Thu, Nov 13, 09:02."""
    if not isinstance(at, datetime):
        return day(at, style)
    return apart(f"{_written(at, style)}{comma()}{clock(at)}")


def stamp(at: datetime) -> str:
    """Write an instant in full, for receipts and entries."""
    return apart(f"{_written(at, 'full')}{comma()}{clock(at)}")


def apart(text: str, language: str = "") -> str:
    """Keep a name, or whatever somebody wrote, together in a line that runs the other way: a date beside it stays whole."""
    return f"{_ISOLATE}{text}{_POP}" if (language or _active()).startswith("ar") and text else text


def hours(length: timedelta) -> str:
    """Write a length of time in hours: 4½ hours are 4.5."""
    return number(round(length.total_seconds() / 3600, 2))

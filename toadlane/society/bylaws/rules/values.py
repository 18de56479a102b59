"""What a value in a document means, how it reads, and whether it can be."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from babel import numbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.ui import amounts, figures, formats
from toadlane.ui.sheets.reading import exact

UNITS = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}
MOST_PLACES = 12  # Behind the point of a percentage; what is finer than that reads better as a fraction.
BARE = ("rate", "money", "int", "duration")  # Types whose value is one number.


class RuleFailed(Expected):
    """A rule could not be read, so nothing was done."""

    status = 500


class NotAValue(Expected):
    words = lazy("Write a number, such as 5 or 12.50.")
    status = 422
    field = "own"


class NotWhole(NotAValue):
    words = lazy("Write a whole number, such as 5 or 12.")


def parse(rule: Mapping[str, Any]) -> Any:
    """Return a rule's value as code uses it: `Fraction`, `Money`, `timedelta`, `int`, `bool`, `str`, `dict` or `list`.

    :raises RuleFailed: when the value is not of the rule's type. The action stops; it never falls back to a default.
    """
    kind, value = rule["type"], rule["value"]
    try:
        return _READERS[kind](value, rule)
    except (TypeError, ValueError, KeyError, ZeroDivisionError, AttributeError) as error:
        raise RuleFailed(_("A rule of the bylaws could not be read: %(value)s.") % {"value": repr(value)[:80]}) from error


def _whole(value: Any, _rule: Mapping[str, Any] | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _flag(value: Any, _rule: Mapping[str, Any]) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _word(value: Any, _rule: Mapping[str, Any]) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _option(value: Any, rule: Mapping[str, Any]) -> str:
    if value not in rule.get("options", [value]):
        raise ValueError(value)
    return _word(value, rule)


def _weights(value: Any, _rule: Mapping[str, Any]) -> dict[str, Fraction]:
    return {str(name): rate(weight) for name, weight in value.items()}


def _rates(value: Any, _rule: Mapping[str, Any]) -> dict[str, Fraction]:
    found = {str(name): rate(share) for name, share in value.items()}
    if not all(0 <= share <= 1 for share in found.values()):
        raise ValueError(value)
    return found


def _rows(value: Any, _rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise TypeError(value)
    return value


def _table(value: Any, _rule: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


_READERS: dict[str, Any] = {
    "rate": lambda value, rule: rate(value),
    "money": lambda value, rule: Money(_whole(value), rule["unit"]),
    "int": _whole,
    "duration": lambda value, rule: _whole(value) * UNITS[rule["unit"]],
    "flag": _flag,
    "enum": _option,
    "weights": _weights,
    "rates": _rates,
    "schedule": _rows,
    "rate_card": _table,
    "classes": _rows,
    "criteria": _rows,
    "text": _word,
}


def number(kind: str, value: Any) -> Fraction:
    """Return what to compare with a floor or a cap."""
    return rate(value) if kind == "rate" else Fraction(_whole(value))


def is_nothing(rule: Mapping[str, Any]) -> bool:
    """Say whether a value is zero, or a list with nothing on it."""
    if rule["type"] not in BARE:
        return rule["value"] in ([], {})
    return rule["value"] is not None and not number(rule["type"], rule["value"])


def shown(rule: Mapping[str, Any], language: str = "en") -> str:
    """Return the value as a reader of that language writes it: "5%", "15,40 €", "7"."""
    kind, value = rule["type"], rule["value"]
    if kind in _WRITERS:
        return str(_WRITERS[kind](value, rule, language))
    return str(value) if kind in ("enum", "text") else ""


def _named(value: Mapping[str, Any], language: str, nobody: str) -> str:
    return formats.listed((f"{name} {_percent(rate(share), language)}" for name, share in value.items()), language) or nobody


_WRITERS: dict[str, Any] = {
    "rate": lambda value, rule, language: _percent(rate(value), language),
    "money": lambda value, rule, language: formats.plain(Money(value, rule["unit"]), language),
    "int": lambda value, rule, language: numbers.format_decimal(value, locale=language),
    "duration": lambda value, rule, language: numbers.format_decimal(value, locale=language),
    "flag": lambda value, rule, language: _("yes") if value else _("no"),
    "weights": lambda value, rule, language: _named(value, language, _("no class is named")),
    "rates": lambda value, rule, language: _named(value, language, _("nothing is named")),
}


def major(minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal of the currency's main unit."""
    return Decimal(Money(minor, currency).amount)


def _percent(share: Fraction, language: str) -> str:
    if (10**MOST_PLACES) % (share * 100).denominator:
        return f"{share.numerator}/{share.denominator}"  # Two thirds have no exact decimal form.
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return numbers.format_percent(exact, locale=language, decimal_quantization=False)


def read(kind: str, text: str, currency: str) -> Any:
    """Return what somebody typed, in the form of their own language, as a document writes it: "5" per cent is "0.05", "15,40"
    euro is 1540.

    :raises NotAValue: when it is not a number
    """
    plain = figures.read(text.replace("%", ""))
    try:
        if kind == "rate":
            share = rate(plain) if "/" in plain else rate(Decimal(plain)) / 100
            return exact(share)
        if kind == "money":
            return amounts.read(text, currency).minor
        return int(plain)
    except (ValueError, InvalidOperation, ZeroDivisionError, Expected) as error:
        raise (NotWhole if kind in ("int", "duration") else NotAValue) from error


def typed(kind: str, value: Any, currency: str) -> str:
    """Return a document's value as somebody would type it, in the form of their language."""
    if kind == "rate":
        plain = figures.percentage(rate(value))
        return str(rate(value)) if plain is None else figures.write(plain)
    return figures.write(major(value, currency)) if kind == "money" else str(value)

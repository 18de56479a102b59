"""Words and numbers must agree: a bylaws text that says another number than its value is refused."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale

from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules.values import BARE, major

_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f\u2019\u066b\u066c]*")


def faults(entry: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a rule's texts: each number in them must be the value, or stand in it."""
    found = []
    for language, text in entry.get("text", {}).items():
        said = set(_numbers(str(text), language))
        if wrong := sorted(str(number) for number in said - set(_meant(entry))):
            found.append(f"{language}: {', '.join(wrong)}")
    return found


def _numbers(text: str, language: str) -> Iterator[Decimal]:
    symbols = Locale.parse(language).number_symbols.get("latn", {})
    group, point = symbols.get("group", ","), symbols.get("decimal", ".")
    for token in _NUMBER.findall(text.replace("{value}", "")):
        plain = token.rstrip(".,").replace(group, "").replace("\u00a0", "").replace("\u202f", "").replace(point, ".")
        try:
            yield Decimal(plain).normalize()
        except InvalidOperation:
            yield Decimal("NaN")


def _meant(entry: Mapping[str, Any]) -> Iterator[Decimal]:
    kind, value = entry["type"], entry["value"]
    if kind in BARE:
        yield from _forms(kind, value, entry.get("unit", ""))
    else:
        yield from _leaves(value)


def _forms(kind: str, value: Any, unit: str) -> Iterator[Decimal]:
    if kind == "money":
        yield major(value, unit or "EUR").normalize()
    elif kind == "rate":
        share = rate(value)
        for form in (share * 100, share.numerator, share.denominator):
            yield (Decimal(form.numerator) / Decimal(form.denominator)).normalize()
    else:
        yield Decimal(value).normalize()


def _leaves(node: Any) -> Iterator[Decimal]:
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _leaves(child)
    elif not isinstance(node, bool) and isinstance(node, int | str):
        try:
            number = rate(node)
        except (ValueError, ZeroDivisionError):
            return
        yield from _forms("rate", number, "")
        yield (Decimal(number.numerator) / Decimal(number.denominator)).normalize()
        yield (Decimal(number.numerator) / 100).normalize()

"""How a rule reads, and that words and numbers agree: a bylaws text that says another number than its value is refused.

`{value}` stands for the value. Where each value needs a sentence of its own, as with yes and no, the text chooses among them
(the `select` of ICU MessageFormat): `{value, select, yes {Everybody may see it.} no {Members see it.}}`.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale

from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules.values import BARE, major, shown
from toadlane.ui import formats

_BRANCH = r"\s*\w+ \{(?:[^{}]|\{value\})*\}"
_SELECT = re.compile(rf"\{{value, select,((?:{_BRANCH})+)\s*\}}")
_BRANCHES = re.compile(r"(\w+) \{((?:[^{}]|\{value\})*)\}")
_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f\u2019\u066b\u066c]*")


def read(entry: Mapping[str, Any], language: str, options: Mapping[str, str] | None = None) -> str:
    """Return a rule in words, in the reader's language or else the one it was written in.

    :param options: what the values of a choice are called
    """
    texts = entry.get("text", {})
    known = language if language in texts else next(iter(texts), "")
    value = shown(entry, known or language)
    value = (options or {}).get(value, value)
    return _chosen(str(texts[known]), entry).replace("{value}", value) if known else value


def _chosen(text: str, entry: Mapping[str, Any]) -> str:
    """Leave the sentence that is written for the value; one without a sentence of its own takes `other`."""
    value = entry["value"]
    key = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    def sentence(found: re.Match[str]) -> str:
        branches: dict[str, str] = dict(_BRANCHES.findall(found[1]))
        return branches.get(key, branches.get("other", "{value}"))

    return _SELECT.sub(sentence, text)


def unsaid(entry: Mapping[str, Any]) -> set[str]:
    """Return for which values a text that chooses among sentences has none."""
    keys = {"flag": ["yes", "no"], "enum": entry.get("options", [])}.get(entry["type"], [])
    missing = set()
    for text in entry["text"].values():
        for found in _SELECT.finditer(str(text)):
            branches = dict(_BRANCHES.findall(found[1]))
            missing |= set() if "other" in branches else set(keys) - set(branches)
    return missing


def faults(entry: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a rule's texts: each number in them must be the value, or stand in it."""
    found = []
    for language, text in entry.get("text", {}).items():
        said = set(_numbers(_chosen(str(text), entry), language))
        if wrong := sorted(str(number) for number in said - set(_meant(entry))):
            found.append(f"{language}: {formats.listed(wrong)}")
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

"""What the value of a rule is made of where one field cannot hold it: each room says it of its own rules, and founders and
members fill it in, without ever seeing how it is stored."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.currencies import suggested
from toadlane.society.bylaws.rules.declared import find
from toadlane.society.bylaws.rules.undecided import currency_of
from toadlane.ui.sheets import Cell, Context, Rows, Sheet, faults, with_amounts

CLASSES = "members.classes"

_sheets: dict[str, Sheet] = {}


def declare_sheet(rule_id: str, sheet: Sheet) -> None:
    """Called in the `wiring` of the room that owns the rule."""
    assert rule_id not in _sheets, f"{rule_id} has a sheet already"
    _sheets[rule_id] = sheet


def sheet_of(rule_id: str) -> Sheet | None:
    return _sheets.get(rule_id)


def context_of(rules: Mapping[str, Mapping[str, Any]]) -> Context:
    """:param rules: all rules of the document"""
    return Context(currency=currency_of(rules), rules=rules)


def wrong(rule_id: str, value: Any, rules: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return what is wrong with a value of a rule, by its place in it; nothing for a rule that one field can hold."""
    sheet = sheet_of(rule_id)
    return faults(sheet, value, context_of(rules)) if sheet else {}


def in_currency(rule_id: str, value: Any, currency: str) -> Any:
    """Return a value that is written in euro cents as it would be suggested in another currency, each amount in it."""
    rule, sheet = find(rule_id), sheet_of(rule_id)
    if rule is not None and rule.type == "money":
        return suggested(value, currency)
    return with_amounts(sheet, value, lambda cents: suggested(cents, currency)) if sheet else value


def class_options(context: Context) -> Iterable[tuple[str, str]]:
    """Return the classes of members that the document has, to choose from."""
    language = (get_language() or "en").split("-")[0]
    for one in context.rules.get(CLASSES, {}).get("value") or []:
        names = one["names"]
        yield one["id"], names.get(language) or names.get("en") or next(iter(names.values()), one["id"])


def parts_of_classes(label: Any) -> Rows:
    """Return the sheet of a rule that gives each class of members a part.

    :param label: what the part is
    """
    return Rows(
        cells=(Cell(name="class", label=_("Class of members"), kind="choice", options=class_options),
               Cell(name="part", label=label, kind="rate")),
        one=_("Class"), add=_("Add a class"), is_pairs=True, once=("class",),
    )  # fmt: skip

"""Kinds of listing and their typed fields, as data: the board edits them, nobody programs them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.ui import formats

Names = Mapping[str, str]

TYPES = ("text", "long", "int", "decimal", "enum", "multi_enum", "flag", "date")
PRIVACY = ("public", "member", "transaction")
PROCESSES = ("booking", "purchase", "inquiry", "visit")
UNITS = ("hour", "day", "night", "item", "none")
PLACES = ("required", "optional", "none")
# How a kind is priced unless it says so itself.
PRICED_BY = {"hour": "per_hour", "day": "per_day", "night": "per_night", "item": "per_item", "none": "none"}
IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
LONGEST = {"text": 200, "long": 4000}
MOST_FIELDS, MOST_OPTIONS, MOST_KINDS = 40, 60, 30


class NotAKind(Expected):
    """This kind of listing is not complete."""

    status = 422


def say(names: Names, language: str) -> str:
    """Return a name in the asked language, else in English, else in whatever there is."""
    short = language.partition("-")[0]
    return names.get(language) or names.get(short) or names.get("en") or next(iter(names.values()), "")


@dataclass(frozen=True, kw_only=True)
class Option:
    id: str
    names: Names


@dataclass(frozen=True, kw_only=True)
class Field:
    """One typed thing a listing says about itself.

    :param privacy: who reads it: everyone, members, or only the two sides of an order
    """

    id: str
    type: str
    names: Names
    hints: Names = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    required: bool = False
    filterable: bool = False
    privacy: str = "public"

    def option(self, option_id: str) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)

    def shown(self, value: Any, language: str) -> str:
        """Return a value as people read it."""
        if self.type == "flag":
            return _("Yes") if value else _("No")
        if self.type in ("enum", "multi_enum"):
            chosen = [value] if isinstance(value, str) else list(value or ())
            labels = (say(found.names, language) if (found := self.option(one)) else one for one in chosen)
            return formats.listed(labels, language)
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What can be offered, how it is ordered and priced, and what has to be said about it.

    :param variants: what the buyer chooses from, each at a price of its own: a license, a size
    """

    id: str
    names: Names
    process: str
    unit: str = "none"
    pricing: str = "none"
    place: str = "optional"
    counts_stock: bool = False
    takes_deposit: bool = False
    offered_by_coop: bool = False
    fields: tuple[Field, ...] = ()
    variants: tuple[Option, ...] = ()

    @property
    def has_price(self) -> bool:
        return self.unit != "none" and self.pricing != "rate_card"

    def field(self, field_id: str) -> Field | None:
        return next((one for one in self.fields if one.id == field_id), None)


# As the API tells them: what was read is good to be sent back.
SAID_AS = {"counts_stock": "stock", "takes_deposit": "deposit", "offered_by_coop": "by_coop"}


def parse_kinds(data: Any) -> dict[str, Kind]:
    """Read the kinds out of a co-op's data.

    :raises NotAKind: with the place of the fault, when something is missing or unknown
    """
    rows = data.get("kinds", []) if isinstance(data, Mapping) else data or []
    if not isinstance(rows, list) or len(rows) > MOST_KINDS:
        raise NotAKind(_("Send a list of at most %(most)d kinds.") % {"most": MOST_KINDS}, field="kinds")
    kinds = [_kind(row, f"kinds.{at}") for at, row in enumerate(rows)]
    if len({kind.id for kind in kinds}) < len(kinds):
        raise NotAKind(_("Two kinds have the same short name."), field="kinds")
    return {kind.id: kind for kind in kinds}


def _kind(row: Any, where: str) -> Kind:
    if not isinstance(row, Mapping):
        raise NotAKind(_("A kind is an object with an id, names and a process."), field=where)
    row = {SAID_AS.get(name, name): value for name, value in row.items()}
    _only(row, ("id", "names", "process", "unit", "pricing", "place", "stock", "deposit", "by_coop", "fields", "variants"), where)
    unit = _one_of(row.get("unit", "none"), UNITS, f"{where}.unit")
    rows = row.get("fields", [])
    if not isinstance(rows, list) or len(rows) > MOST_FIELDS:
        raise NotAKind(_("A kind has at most %(most)d fields.") % {"most": MOST_FIELDS}, field=f"{where}.fields")
    fields = tuple(_field(one, f"{where}.fields.{at}") for at, one in enumerate(rows))
    if len({one.id for one in fields}) < len(fields):
        raise NotAKind(_("Two fields have the same short name."), field=f"{where}.fields")
    pricing = _one_of(row.get("pricing", PRICED_BY[unit]), (*PRICED_BY.values(), "rate_card"), f"{where}.pricing")
    process = _one_of(row.get("process"), PROCESSES, f"{where}.process")
    is_bought = process == "purchase" and pricing == "per_item"
    return Kind(
        id=_identifier(row, where), names=_names(row.get("names"), f"{where}.names"), unit=unit, fields=fields,
        variants=_variants(row.get("variants", []), is_bought, f"{where}.variants"), pricing=pricing,
        process=process,
        place=_one_of(row.get("place", "optional"), PLACES, f"{where}.place"),
        counts_stock=bool(row.get("stock", False)), takes_deposit=bool(row.get("deposit", False)),
        offered_by_coop=bool(row.get("by_coop", False)),
    )  # fmt: skip


def _variants(rows: Any, is_bought: bool, where: str) -> tuple[Option, ...]:
    if not isinstance(rows, list) or len(rows) > MOST_OPTIONS:
        raise NotAKind(_("Send a list of versions, each with an id and names."), field=where)
    if rows and not is_bought:
        raise NotAKind(_("Only what is bought by the piece comes in versions."), field=where)
    found = _options(rows, where)
    if len({one.id for one in found}) < len(found):
        raise NotAKind(_("Two versions have the same short name."), field=where)
    return found


def _options(rows: list[Any], where: str) -> tuple[Option, ...]:
    return tuple(
        Option(id=_identifier(one, f"{where}.{at}"), names=_names(one.get("names"), f"{where}.{at}.names"))
        for at, one in enumerate(rows)
    )


def _field(row: Any, where: str) -> Field:
    if not isinstance(row, Mapping):
        raise NotAKind(_("A field is an object with an id, names and a type."), field=where)
    _only(row, ("id", "type", "names", "hints", "options", "required", "filterable", "privacy"), where)
    kind_of_value = _one_of(row.get("type"), TYPES, f"{where}.type")
    options = row.get("options", [])
    if not isinstance(options, list) or len(options) > MOST_OPTIONS or bool(options) != (kind_of_value in ("enum", "multi_enum")):
        raise NotAKind(_("A choice needs its options, and only a choice has them."), field=f"{where}.options")
    parsed = _options(options, f"{where}.options")
    if row.get("filterable") and kind_of_value not in ("enum", "multi_enum", "flag"):
        raise NotAKind(_("Only a choice or a yes-or-no can be a filter."), field=f"{where}.filterable")
    return Field(
        id=_identifier(row, where), type=kind_of_value, names=_names(row.get("names"), f"{where}.names"), options=parsed,
        hints=_names(row["hints"], f"{where}.hints") if row.get("hints") else {},
        required=bool(row.get("required", False)), filterable=bool(row.get("filterable", False)),
        privacy=_one_of(row.get("privacy", "public"), PRIVACY, f"{where}.privacy"),
    )  # fmt: skip


def _only(row: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    if unknown := sorted(set(row) - set(known)):
        raise NotAKind(_("“%(name)s” is not something a kind can say.") % {"name": unknown[0]}, field=where)


def _identifier(row: Any, where: str) -> str:
    found = row.get("id") if isinstance(row, Mapping) else None
    if not isinstance(found, str) or not IDENTIFIER.match(found):
        raise NotAKind(
            _("A short name has small letters, digits and underscores, and begins with a letter."), field=f"{where}.id"
        )
    return found


def _one_of(value: Any, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        raise NotAKind(_("Choose one of: %(known)s.") % {"known": formats.listed(known)}, field=where)
    return str(value)


def _names(value: Any, where: str) -> Names:
    if not isinstance(value, Mapping) or not value or not all(isinstance(v, str) and 0 < len(v) <= 200 for v in value.values()):
        raise NotAKind(_("Give it a name in at least one language."), field=where)
    return {str(language): str(text) for language, text in value.items()}


def clean(kind: Kind, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values a listing may keep, and what is wrong with the others, by field.

    Values may come typed (JSON) or as text (a form). An empty one is left out.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for one in kind.fields:
        given = raw.get(one.id)
        if given is None or given in ("", []):
            continue
        try:
            values[one.id] = _value(one, given)
        except ValueError as fault:
            faults[one.id] = str(fault)
    for unknown in sorted(set(map(str, raw)) - {one.id for one in kind.fields}):
        faults[unknown[:40]] = _("This kind of listing has no such field.")
    return values, faults


def missing(kind: Kind, values: Mapping[str, Any]) -> list[Field]:
    """Return the required fields that are not filled in. A draft may have some, a listing in the window may not."""
    return [one for one in kind.fields if one.required and values.get(one.id) in (None, "", [])]


def _value(one: Field, given: Any) -> Any:
    if one.type in ("text", "long"):
        return _text(one, given)
    if one.type == "flag":
        return _flag(given)
    if one.type == "int":
        return _integer(given)
    if one.type == "decimal":
        return _decimal(given)
    if one.type == "date":
        return _date(given)
    chosen = [given] if isinstance(given, str) else given
    if not isinstance(chosen, list | tuple) or any(not isinstance(c, str) or not one.option(c) for c in chosen):
        raise ValueError(_("Choose from the list."))
    if one.type == "enum" and len(chosen) != 1:
        raise ValueError(_("Choose one."))
    return chosen[0] if one.type == "enum" else sorted(set(chosen))


def _text(one: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(_("Write it as text."))
    if "\x00" in given or any("\ud800" <= letter <= "\udfff" for letter in given):
        raise ValueError(_("It contains a sign that cannot be stored."))
    if len(given) > LONGEST[one.type]:
        raise ValueError(_("Use at most %(most)d characters.") % {"most": LONGEST[one.type]})
    return given.strip()


def _flag(given: Any) -> bool:
    if given in (True, "true", "on", "1", "yes"):
        return True
    if given in (False, "false", "off", "0", "no"):
        return False
    raise ValueError(_("Answer yes or no."))


def _integer(given: Any) -> int:
    try:
        number = int(str(given)) if not isinstance(given, bool | float) else None
    except ValueError:
        number = None
    if number is None or abs(number) > 1_000_000_000:
        raise ValueError(_("Write a whole number."))
    return number


def _decimal(given: Any) -> str:
    try:
        number = Decimal(str(given)) if not isinstance(given, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) > 1_000_000_000 or int(number.as_tuple().exponent) < -6:
        raise ValueError(_("Write a number, like 12.5."))
    return f"{number:f}"


def _date(given: Any) -> str:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        raise ValueError(_("Write a date, like 2027-03-01.")) from None

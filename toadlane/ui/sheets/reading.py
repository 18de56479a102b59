"""From what somebody typed to the value that a document holds, with each fault at the field that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel import digits
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.ui import amounts, figures, formats
from toadlane.ui.sheets.schema import Cell, Context, Record, Rows, Sheet
from toadlane.ui.sheets.typed import WAS, is_blank, is_blank_row, languages

_ABSENT: Any = object()


@dataclass
class Read:
    """:param faults: what is wrong, by the path of the field"""

    value: Any = None
    faults: dict[str, str] = field(default_factory=dict)


def read(sheet: Sheet, typed: Any, before: Any, context: Context) -> Read:
    """Return the value of what was typed, and everything that is wrong with it.

    :param before: the value that was changed: what no field asks about is carried over from it, and a number that is the
        same keeps the way it was written
    """
    reader = _Reader(context)
    value = reader.sheet(sheet, typed, before)
    return Read(value, reader.faults)


@dataclass
class _Reader:
    context: Context
    faults: dict[str, str] = field(default_factory=dict)

    def sheet(self, sheet: Sheet, typed: Any, before: Any) -> Any:
        if isinstance(sheet, Rows):
            return self.rows(sheet, typed, before, "")
        if all(is_blank(cell, typed[cell.name]) for cell in sheet.cells):
            return {}
        return self.cells(sheet, typed, before if isinstance(before, Mapping) else {}, "")

    def rows(self, sheet: Rows, typed: Any, before: Any, path: str) -> Any:
        was = _stood(sheet, before)
        kept, seen = list[dict[str, Any]](), set[tuple[str, ...]]()
        for n, row in enumerate(typed):
            if is_blank_row(sheet, row):
                continue
            here, stood = f"{path}-{n}".strip("-"), digits.number(row.get(WAS, ""))
            old = was[stood] if stood is not None and stood < len(was) else {}
            kept.append(self.cells(sheet, row, old, here))
            key = tuple(str(kept[-1].get(name, "")) for name in sheet.once)
            if key in seen:
                words = _("This stands here twice. Put both into one, or take one out.")
                self.faults.setdefault(f"{here}-{_seen_of(sheet)}", words)
            if sheet.once:
                seen.add(key)
        if len(kept) < sheet.least:
            self.faults.setdefault(path, _("There has to be one at least."))
        if sheet.is_pairs:
            key_name, value_name = (cell.name for cell in sheet.cells)
            return {row[key_name]: row[value_name] for row in kept if key_name in row and value_name in row}
        return kept

    def cells(self, sheet: Rows | Record, typed: Mapping[str, Any], old: Mapping[str, Any], path: str) -> dict[str, Any]:
        asked = {cell.name for cell in sheet.cells}
        value = {}
        for cell in sheet.cells:
            here = f"{path}-{cell.name}".strip("-")
            got = self.cell(cell, typed[cell.name], old.get(cell.name, _ABSENT), here)
            if got is _ABSENT or (cell.name not in old and not cell.required and got == cell.empty):
                continue
            value[cell.name] = got
        for cell in sheet.cells:
            if cell.after and value.get(cell.name, "") and value[cell.name] <= value.get(cell.after, ""):
                earlier = next(one.label for one in sheet.cells if one.name == cell.after)
                words = _("This has to be later than “%(label)s”.") % {"label": earlier}
                self.faults.setdefault(f"{path}-{cell.name}".strip("-"), words)
        return value | {name: one for name, one in old.items() if name not in asked}

    def cell(self, cell: Cell, typed: Any, old: Any, path: str) -> Any:
        before = None if old is _ABSENT else old
        if cell.rows is not None:
            return self.rows(cell.rows, typed, before, path)
        if cell.kind in ("names", "text"):
            return self.names(cell, typed, before, path)
        if cell.kind in ("choice", "choices"):
            return self.choice(cell, typed, path)
        if cell.kind == "flag" or not typed:
            return typed if cell.kind == "flag" else self.nothing(cell, old, path)
        try:
            return _same(cell, _READERS.get(cell.kind, _words)(cell, typed, self.context), before)
        except (ValueError, ArithmeticError, Expected) as error:
            self.faults[path] = str(error) if isinstance(error, NotThis) else _wrong(cell)
            return _ABSENT

    def nothing(self, cell: Cell, old: Any, path: str) -> Any:
        # A key is made of the names; that they are missing is said there.
        if cell.required and cell.kind != "key":
            self.faults[path] = _("Fill this in.")
        return cell.empty if old is not _ABSENT and cell.empty is not None else _ABSENT

    def names(self, cell: Cell, typed: Mapping[str, str], before: Any, path: str) -> Any:
        if not typed:
            if cell.required:
                self.faults[path] = _("Give it a name, in one language at least.")
            return _ABSENT
        old = before if isinstance(before, Mapping) else {}
        # Words in a language that this server does not speak are not asked for, and not lost.
        return dict(typed) | {code: words for code, words in old.items() if code not in languages()}

    def choice(self, cell: Cell, typed: Any, path: str) -> Any:
        options = {key for key, _label in cell.options(self.context)} if cell.options else set()
        chosen = typed if isinstance(typed, list) else [typed] if typed else []
        if options and not set(chosen) <= options:
            self.faults[path] = _("This is not one of those there are.")
        elif cell.required and not chosen and cell.kind == "choices":
            self.faults[path] = _("Choose one at least.")
        elif cell.required and not chosen and (cell.names_new or not cell.others):
            self.faults[path] = _("Choose one, or give the new one a name.") if cell.names_new else _("Choose one.")
        return typed


def _seen_of(sheet: Rows) -> str:
    """Return the cell at which it is said that a row stands there twice: what people see of its key."""
    shown = [cell.name for cell in sheet.cells if cell.name in sheet.once and cell.kind != "key"]
    return shown[0] if shown else next(cell.name for cell in sheet.cells if cell.kind == "names")


def _stood(sheet: Rows, before: Any) -> list[Mapping[str, Any]]:
    if sheet.is_pairs:
        names = [cell.name for cell in sheet.cells]
        return [dict(zip(names, pair, strict=True)) for pair in before.items()] if isinstance(before, Mapping) else []
    return [row for row in before if isinstance(row, Mapping)] if isinstance(before, list) else []


class NotThis(ValueError):
    """Carries words for people."""


def _wrong(cell: Cell) -> str:
    return {
        "int": _("Write a whole number."), "rate": _("Write a part in per cent, such as 5 or 12.50, or as a fraction: 2/3."),
        "date": _("Write a day, such as 2027-03-01."), "time": _("Write a time, such as 08:00."),
    }.get(cell.kind) or _("Write a number, such as 5 or 12.50.")  # fmt: skip


def _words(cell: Cell, typed: str, context: Context) -> str:
    return typed


def _rate(cell: Cell, typed: str, context: Context) -> str:
    plain = figures.read(typed.replace("%", "").replace("\u066a", ""))
    share = rate(plain) if "/" in plain else rate(Decimal(plain)) / 100
    if not 0 <= share <= 1:
        raise NotThis(_("A part is between 0 and 100 %."))
    return exact(share)


def exact(share: Fraction) -> str:
    """Return a share as a document writes it: a decimal, or a fraction where it has none."""
    fits = 10**12 % share.denominator == 0
    return str(Decimal(share.numerator) / Decimal(share.denominator)) if fits else str(share)


def _money(cell: Cell, typed: str, context: Context) -> int:
    minor = amounts.read(typed, context.currency).minor
    if minor < (cell.minimum or 0):
        raise NotThis(_("At least %(value)s.") % {"value": formats.money(Money(cell.minimum or 0, context.currency))})
    return minor


def _int(cell: Cell, typed: str, context: Context) -> int:
    number = int(figures.read(typed))
    _between(cell, Fraction(number))
    return number


def _decimal(cell: Cell, typed: str, context: Context) -> str:
    plain = figures.read(typed)
    _between(cell, rate(plain))
    return plain if "/" in plain else format(Decimal(plain), "f")


def _between(cell: Cell, number: Fraction) -> None:
    for limit, is_out, words in (
        (cell.minimum, cell.minimum is not None and number < cell.minimum, _("At least %(value)s.")),
        (cell.maximum, cell.maximum is not None and number > cell.maximum, _("At most %(value)s.")),
    ):
        if is_out and limit is not None:
            raise NotThis(words % {"value": formats.number(limit)})


def _date(cell: Cell, typed: str, context: Context) -> str:
    return date.fromisoformat(typed).isoformat()


def _time(cell: Cell, typed: str, context: Context) -> str:
    return time.fromisoformat(typed).strftime("%H:%M")


_READERS: dict[str, Any] = {"rate": _rate, "money": _money, "int": _int, "decimal": _decimal, "date": _date, "time": _time}


def _same(cell: Cell, value: Any, before: Any) -> Any:
    """Keep a number as it was written where it is the same: "0.50" is not a change of "0.5"."""
    if cell.kind in ("rate", "decimal") and isinstance(before, str):
        try:
            return before if rate(before) == rate(value) else value
        except ValueError:
            return value
    return value

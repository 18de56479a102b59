"""A value as it is read: rows of a label and a text, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.ui import formats
from toadlane.ui.sheets.schema import Cell, Context, Record, Rows, Sheet


@dataclass(frozen=True)
class Line:
    label: str
    text: str


def tell(sheet: Sheet, value: Any, context: Context) -> Iterator[Line]:
    """Write a value out: each row by its first cell, the others behind it."""
    if isinstance(sheet, Record):
        for cell in sheet.cells:
            if cell.kind == "rows" and cell.rows:
                yield from tell(cell.rows, value.get(cell.name) or [], context)
            elif text := said(cell, value.get(cell.name, cell.empty), context):
                yield Line(str(cell.label), text)
        return
    names = [cell.name for cell in sheet.cells]
    rows = [dict(zip(names, pair, strict=True)) for pair in value.items()] if sheet.is_pairs else value
    for row in rows:
        yield _line(sheet, row, context)


def _line(sheet: Rows, row: Mapping[str, Any], context: Context) -> Line:
    first, *others = (cell for cell in sheet.cells if cell.kind != "key")
    label = _with_unit(first, said(first, row.get(first.name, first.empty), context))
    if not others and first.kind != "names":
        return Line(str(first.label), label)
    if first.kind not in ("words", "names", "choice", "date"):
        label = f"{first.label} {label}"
    texts = [_part(cell, row, context, alone=len(others) == 1) for cell in others]
    return Line(label, " · ".join(text for text in texts if text and text != label))


def _with_unit(cell: Cell, text: str) -> str:
    return f"{text} {cell.unit}" if text and cell.unit else text


def _part(cell: Cell, row: Mapping[str, Any], context: Context, *, alone: bool) -> str:
    value = row.get(cell.name, cell.empty)
    if cell.kind == "flag":
        return str(cell.label) if value else ""
    text = said(cell, value, context) if value != cell.empty else ""
    if not text or alone or cell.kind == "names":
        return _with_unit(cell, text)
    return _("%(name)s: %(value)s") % {"name": cell.label, "value": _with_unit(cell, text)}


def said(cell: Cell, value: Any, context: Context) -> str:
    """Write the value of one cell as it is read."""
    if cell.kind == "choice":
        return dict(cell.options(context) if cell.options else ()).get(value, str(value or "")) or str(cell.others)
    if value is None or value in ("", [], {}):
        return ""
    return str(_WRITERS.get(cell.kind, lambda _cell, value, _context: value)(cell, value, context))


def _chosen(cell: Cell, value: Any, context: Context) -> str:
    known = dict(cell.options(context)) if cell.options else {}
    return formats.listed(known.get(one, one) for one in value)


def _named(cell: Cell, value: Any, context: Context) -> str:
    language = (get_language() or "en").split("-")[0]
    return str(value.get(language) or value.get("en") or next(iter(value.values()), ""))


def _listed(cell: Cell, value: Any, context: Context) -> str:
    return formats.listed(line.label for line in tell(cell.rows, value, context)) if cell.rows else ""


_WRITERS: dict[str, Any] = {
    "names": _named, "text": _named, "choices": _chosen, "rows": _listed,
    "rate": lambda cell, value, context: formats.percent(rate(value)),
    "money": lambda cell, value, context: formats.money(Money(value, context.currency)),
    "date": lambda cell, value, context: formats.day(date.fromisoformat(value)),
    "int": lambda cell, value, context: formats.number(value),
    "decimal": lambda cell, value, context: formats.number(float(rate(value))),
    "flag": lambda cell, value, context: _("yes") if value else _("no"),
}  # fmt: skip

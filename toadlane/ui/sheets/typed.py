"""From a value to what stands in the fields, and from what was sent back to the same: strings, lists and dicts of them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from text_unidecode import unidecode

from toadlane.kernel import digits
from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.ui import figures
from toadlane.ui.sheets.schema import Cell, Context, Record, Rows, Sheet

# Where a row stood before: what its cells do not ask about is carried over from there.
WAS = "#was"
MOST_ROWS = 200
_KEY = re.compile(r"[\w.:-]{1,100}")
_DEED = re.compile(r"(add|drop|up):([A-Za-z0-9_.-]*)")


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def write(sheet: Sheet, value: Any, context: Context) -> Any:
    """Return a value as it stands in the fields, in the reader's own form of numbers."""
    if isinstance(sheet, Record):
        return {cell.name: _written(cell, value.get(cell.name, cell.empty), context) for cell in sheet.cells}
    rows = [dict(zip(_pair(sheet), pair, strict=True)) for pair in value.items()] if sheet.is_pairs else value
    return [
        {WAS: str(n)} | {cell.name: _written(cell, row.get(cell.name, cell.empty), context) for cell in sheet.cells}
        for n, row in enumerate(rows)
    ]


def _pair(sheet: Rows) -> list[str]:
    return [cell.name for cell in sheet.cells]


def _written(cell: Cell, value: Any, context: Context) -> Any:
    if cell.rows is not None:
        return write(cell.rows, value or ({} if cell.rows.is_pairs else []), context)
    if cell.kind in ("names", "text"):
        return {code: str(words) for code, words in (value or {}).items()}
    if cell.kind in ("choices", "flag"):
        return bool(value) if cell.kind == "flag" else [str(one) for one in value or []]
    return "" if value is None else _said(cell, value, context)


def _said(cell: Cell, value: Any, context: Context) -> str:
    if cell.kind == "rate":
        plain = figures.percentage(rate(value))
        return str(rate(value)) if plain is None else figures.write(plain)
    if cell.kind == "money":
        return figures.write(Decimal(Money(value, context.currency).amount))
    return figures.write(value) if cell.kind in ("int", "decimal") else str(value)


def take(sheet: Sheet, data: Any, prefix: str) -> Any:
    """Return what was sent back, by the same names under which it was drawn.

    :param data: a form's data, with `getlist`
    """
    if isinstance(sheet, Record):
        return {cell.name: _taken(cell, data, f"{prefix}-{cell.name}") for cell in sheet.cells}
    many = str(data.get(f"{prefix}-rows", "0"))
    count = min(digits.number(many, most=5) or 0, MOST_ROWS)
    rows = [_row(sheet, data, f"{prefix}-{n}") for n in range(count)]
    return _named(sheet, rows)


def _row(sheet: Rows, data: Any, prefix: str) -> dict[str, Any]:
    row = {cell.name: _taken(cell, data, f"{prefix}-{cell.name}") for cell in sheet.cells}
    return {WAS: str(data.get(f"{prefix}-was", ""))} | row


def _taken(cell: Cell, data: Any, name: str) -> Any:
    if cell.rows is not None:
        return take(cell.rows, data, name)
    if cell.kind in ("names", "text"):
        known = {code: str(data.get(f"{name}-{code}", "")).strip() for code in languages()}
        return {code: words for code, words in known.items() if words}
    if cell.kind == "choices":
        return list(data.getlist(name))
    if cell.kind == "flag":
        return name in data
    return str(data.get(name, "")).strip()


def _named(sheet: Rows, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each row that has a name and no key one of its own: founders name things, and programs point at them."""
    key = next((cell.name for cell in sheet.cells if cell.kind == "key" or cell.names_new), "")
    names = next((cell.name for cell in sheet.cells if cell.kind == "names"), "")
    if not key or not names:
        return rows
    for row in rows:
        row[key] = row[key] if _KEY.fullmatch(row[key]) else ""
    used = {row[key] for row in rows}
    for row in rows:
        if not row[key] and row[names]:
            said = row[names].get("en") or next(iter(row[names].values()))
            wanted = slugify(unidecode(said)).replace("-", "_")[:40].strip("_") or "one"
            row[key] = next(name for name in _tries(wanted) if name not in used)
            used.add(row[key])
    return rows


def _tries(wanted: str) -> Any:
    yield wanted
    yield from (f"{wanted}_{n}" for n in range(2, MOST_ROWS + 2))


def is_blank(cell: Cell, typed: Any) -> bool:
    """Say whether nothing was filled in: ticks and choices that begin somewhere say nothing."""
    if cell.rows is not None:
        return all(is_blank_row(cell.rows, row) for row in typed)
    return cell.kind in ("flag", "choices", "key") or (cell.kind == "choice" and typed in ("", cell.empty)) or not typed


def is_blank_row(sheet: Rows, row: Mapping[str, Any]) -> bool:
    return all(is_blank(cell, row[cell.name]) for cell in sheet.cells) and not row.get("id")


def arranged(sheet: Sheet, typed: Any, deed: str) -> tuple[Any, str]:
    """Do what a button of a list says: another row, one less, one further up. Return the rows, and where to go on typing.

    :param deed: `add:sizes`, `drop:sizes-2`, `up:sizes-2`, the path as it stands in the names of the fields
    """
    found = _DEED.fullmatch(deed)
    if found is None:
        return typed, ""
    what, steps = found[1], [step for step in found[2].split("-") if step]
    at = None if what == "add" else digits.number(steps.pop()) if steps else None
    place = _place(sheet, typed, steps)
    if place is None:
        return typed, ""
    rows_of, rows = place
    path = "-".join(steps)
    if what == "add" and len(rows) < MOST_ROWS:
        rows.append(blank(rows_of))
        return typed, f"{path}-{len(rows) - 1}".strip("-")
    if at is None or not 0 <= at < len(rows):
        return typed, path
    if what == "drop":
        del rows[at]
        return typed, f"{path}-{min(at, len(rows) - 1)}".strip("-") if rows else path or "."
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    return typed, f"{path}-{max(at - 1, 0)}".strip("-")


def _place(sheet: Sheet, typed: Any, steps: list[str]) -> tuple[Rows, list[Any]] | None:
    """Return the list at a path, and what it is made of."""
    if not steps:
        return (sheet, typed) if isinstance(sheet, Rows) else None
    if isinstance(sheet, Rows):
        nth = digits.number(steps[0])
        if nth is None or nth >= len(typed) or len(steps) < 2:
            return None
        typed, steps = typed[nth], steps[1:]
    cell = next((one for one in sheet.cells if one.name == steps[0] and one.rows), None)
    return _place(cell.rows, typed[cell.name], steps[1:]) if cell and cell.rows else None


def blank(sheet: Rows) -> dict[str, Any]:
    empty = Context()
    return {WAS: ""} | {cell.name: _written(cell, cell.empty, empty) for cell in sheet.cells}

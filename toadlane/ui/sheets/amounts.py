"""The amounts of money in what was filled in, wherever in it they stand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from toadlane.ui.sheets.schema import Cell, Record, Sheet


def with_amounts(sheet: Sheet, value: Any, change: Callable[[int], int]) -> Any:
    """Return a value of a sheet with each amount changed; everything else stays as it is.

    :param change: takes and gives minor units
    """
    if isinstance(sheet, Record):
        return _row(sheet.cells, value, change)
    if sheet.is_pairs:
        return {key: _cell(sheet.cells[1], one, change) for key, one in value.items()}
    return [_row(sheet.cells, row, change) for row in value]


def _row(cells: Sequence[Cell], row: Mapping[str, Any], change: Callable[[int], int]) -> dict[str, Any]:
    return {**row, **{cell.name: _cell(cell, row[cell.name], change) for cell in cells if cell.name in row}}


def _cell(cell: Cell, value: Any, change: Callable[[int], int]) -> Any:
    if value is None:
        return None
    if cell.kind == "money":
        return change(value)
    return with_amounts(cell.rows, value, change) if cell.rows else value

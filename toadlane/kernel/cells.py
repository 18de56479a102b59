"""Cells of tables that strangers fill and spreadsheets open."""

import re

# What a spreadsheet could take for a formula, once it has trimmed the cell; with the full-width forms of East Asia.
_FORMULA = re.compile(r"[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
# A number, a phone number or a handle begins like one and is none.
_HARMLESS = re.compile(r"[+-]?[0-9][0-9 ]*([.,][0-9]+)?|@[A-Za-z0-9_]+")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe stands before what looks like a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def kept_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs and that `read_cell` turns back into just what it was."""
    return f"'{text}" if safe_cell(text.lstrip("'")) != text.lstrip("'") else text


def read_cell(cell: str) -> str:
    """Return what was written by `kept_cell`."""
    return cell[1:] if cell.startswith("'") and kept_cell(cell[1:]) == cell else cell

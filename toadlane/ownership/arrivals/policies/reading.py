"""Rows of a table that people saved: with or without BOM, comma or semicolon, line breaks inside quotes."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from toadlane.kernel.cells import read_cell
from toadlane.ui import formats

SAYS_SEPARATOR = re.compile(r"\s*sep=([,;\t])\r?\n", re.IGNORECASE)
LARGEST = 3 * 1024 * 1024  # Bytes of one file.
LONGEST = 200  # Signs of one cell.
MANY = 500  # Faults that are told; after so many the rest is counted.
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Fault:
    """:param line: of the file, as an editor counts; 0 for the file as a whole"""

    file: str
    line: int
    column: str
    wrong: str
    todo: str


@dataclass(frozen=True)
class Row:
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table that we know how to read.

    :param most: how many rows it may have
    """

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    most: int

    @property
    def columns(self) -> tuple[str, ...]:
        return self.needed + self.optional


MEMBERS = Sheet("members", ("number", "name", "class", "joined_on"), ("email", "phone", "kind"), 15_000)
SHARES = Sheet("shares", ("member", "share_class", "shares"), ("paid", "on"), 30_000)
LOANS = Sheet("loans", ("member", "principal", "interest", "ends_on"), ("owed",), 15_000)
BALANCES = Sheet("balances", ("account", "debit", "credit"), ("member",), 2_000)
SHEETS = (MEMBERS, SHARES, LOANS, BALANCES)


def read(sheet: Sheet, data: bytes) -> tuple[list[Row], list[Fault]]:
    """Return the rows of a file and what cannot be read in it. A file of nothing has no rows and no faults."""
    try:
        text = _text(sheet, data)
        return _rows(sheet, text) if text.strip() else ([], [])
    except _Unreadable as error:
        return [], [error.fault]


class _Unreadable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.wrong)
        self.fault = fault


def _text(sheet: Sheet, data: bytes) -> str:
    if len(data) > LARGEST:
        wrong = _("The file has more than %(count)s bytes.") % {"count": LARGEST}
        raise _Unreadable(Fault(sheet.name, 0, "", wrong, _("Leave out columns that are not asked for.")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        todo = _("Save it again as CSV in UTF-8: in a spreadsheet under “Save as”, “CSV UTF-8”.")
        line = data[: error.start].count(b"\n") + 1
        raise _Unreadable(Fault(sheet.name, line, "", _("This is not UTF-8."), todo)) from error


def _rows(sheet: Sheet, text: str) -> tuple[list[Row], list[Fault]]:
    named = SAYS_SEPARATOR.match(text)
    heading = text[named.end() :] if named else text.lstrip("\r\n")
    separator = named[1] if named else max(SEPARATORS, key=heading.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] | None = None
    rows: list[Row] = []
    faults: list[Fault] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num  # A cell may hold line breaks: the row began where the last ended.
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                if named and line == 1:
                    continue  # Some spreadsheets say in a line before the first how the cells are parted.
                columns = _without_empty_ends([cell.strip().lower() for cell in cells])
                if wrong := _heading(sheet, columns, line):
                    return [], wrong
                continue
            if len(rows) >= sheet.most:
                wrong_many = _("There are more than %(count)s rows.") % {"count": sheet.most}
                faults.append(Fault(sheet.name, line, "", wrong_many, _("Ask whoever keeps the server.")))
                break
            row, wrong = _row(sheet, columns, cells, line)
            faults += wrong
            if row:
                rows.append(row)
    except csv.Error as error:
        todo = _("Look at the quotes of this line: each that is opened is closed, and a quote inside is written twice.")
        wrong_text = _("This line cannot be read: %(why)s.") % {"why": str(error)}
        faults.append(Fault(sheet.name, before + 1, "", wrong_text, todo))
    return rows, faults


def _heading(sheet: Sheet, columns: list[str], line: int) -> list[Fault]:
    found = []
    known = {"columns": formats.listed(sheet.columns)}
    for name in sheet.needed:
        if name not in columns:
            todo = _("The first line names the columns: %(columns)s.") % known
            found.append(Fault(sheet.name, line, name, _("This column is missing."), todo))
    for n, name in enumerate(columns):
        if name not in sheet.columns:
            wrong = _("There is no column “%(name)s”.") % {"name": name[:40]}
            found.append(Fault(sheet.name, line, name[:40], wrong, _("Take it out. There are these: %(columns)s.") % known))
        elif name in columns[:n]:
            found.append(Fault(sheet.name, line, name, _("This column is there twice."), _("Take one of them out.")))
    return found


def _without_empty_ends(cells: list[str]) -> list[str]:
    """Leave out the empty cells with which many programs end each line."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _row(sheet: Sheet, columns: list[str], cells: list[str], line: int) -> tuple[Row | None, list[Fault]]:
    if len(cells) > len(columns):
        ended = _without_empty_ends(cells)
        cells = ended + [""] * max(0, len(columns) - len(ended))
    if len(cells) != len(columns):
        about = {"found": len(cells), "wanted": len(columns)}
        wrong = _("This line has %(found)s cells, the first line has %(wanted)s.") % about
        todo = _("Put a cell that holds the separator between quotes, and leave empty cells in their place.")
        return None, [Fault(sheet.name, line, "", wrong, todo)]
    found, faults = {}, []
    for name, cell in zip(columns, cells, strict=True):
        value = " ".join(read_cell(cell.strip()).split())  # A line break inside a name is a blank.
        if any(not sign.isprintable() for sign in value):
            faults.append(Fault(sheet.name, line, name, _("There is a sign that nobody can see."), _("Type it again.")))
        elif len(value) > LONGEST:
            wrong = _("This is longer than %(count)s signs.") % {"count": LONGEST}
            faults.append(Fault(sheet.name, line, name, wrong, _("Shorten it.")))
        found[name] = value
    return (None if faults else Row(line, found)), faults

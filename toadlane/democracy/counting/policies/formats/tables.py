"""Ballots in tables (CSV): ranks as columns, options as columns, or the aggregated form of Scottish vote records.

weight,rank1,rank2,rank3          a row a ballot, or several alike; `undervote` or nothing where a rank is empty,
12,Ann,Ben,                       `overvote` where it names several
0,Ann,Ben,Cleo                    a row of weight 0 only says which options there are, in order

weight,Ann,Ben,Cleo               a column an option: ranks, scores, dots, votes or amounts; `x` for a choice
12,1,2,2

7,4,                              seven candidates, four seats
64,1,3,                           64 ballots with one first and three second
"Candidate 1","Ann","Party",      the names, and the title
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.formats.files import (
    MOST_OPTIONS,
    BadFile,
    BallotFile,
    Table,
    number_of,
    rankings,
    weight_of,
)
from toadlane.democracy.counting.policies.profiles import OVERVOTE, SKIPPED, Mark, Profile, Weight, collect
from toadlane.democracy.counting.policies.results import written
from toadlane.kernel.cells import kept_cell, read_cell
from toadlane.ui import formats

_RANK = re.compile(
    r"(?:(?:rank|choice|preference|pref|place|rang)[ _.-]*)?(\d{1,3})(?:st|nd|rd|th)?[ _]*(?:rank|choice|preference)?", re.I
)
_WEIGHTS = {"weight", "count", "votes", "ballots", "number"}
_OTHERS = {"#", "id", "ballot", "ballot id", "ballot_id", "precinct", "voter"}
# What stands above a table whose options are called like other columns: "Choice 1", "Number", "ID".
_OPTIONS = "# a column an option"
# Where cells are parted by semicolons, a comma stands before decimals, and a point before thousands: or it does not.
_POINTED = re.compile(r"\d{1,3}(\.\d{3})+")
_CHOSEN = {"x": 1, "✓": 1, "✔": 1, "yes": 1}


@dataclass(frozen=True)
class Labels:
    """What the cells of an official record say where they name nobody; `names`: what else an option is called there."""

    skipped: frozenset[str] = frozenset({"", "undervote", "skipped", "skip", "blank", "-"})
    overvote: frozenset[str] = frozenset({"overvote"})
    names: Mapping[str, str] | None = None
    options: tuple[str, ...] = ()
    ranks: int | None = None


def read(text: str, labels: Labels = Labels()) -> BallotFile:
    """Read a table, whichever of its forms it has.

    :raises BadFile: with the line and the reason
    """
    rows = _Rows(text)
    first = rows.next()
    if text.lstrip().startswith(_OPTIONS):
        return _columns(rows, first, 0, others=frozenset())
    if len(first) >= 2 and all(cell.isdecimal() for cell in first[:2]) and not any(first[2:]) and _is_scottish(text):
        return _scottish(rows, first)
    if len(first) == 1 and "\n" not in text.strip():
        hint = _("The first row names the columns: weight, and rank1, rank2 … or each option once.")
        raise BadFile(_("This is no file of ballots: nothing follows “%(text)s”.") % {"text": first[0][:40]}, hint=hint)
    if all(cell.isdecimal() for cell in first) and list(map(number_of, first)) != list(range(1, len(first) + 1)):
        raise _numbers(rows.line)
    ranks = {column: int(found[1]) for column, cell in enumerate(first) if (found := _RANK.fullmatch(cell))}
    if len(set(ranks.values())) < len(ranks):
        raise BadFile(_("Two columns of this table are the same rank."), line=rows.line)
    weights = [column for column, cell in enumerate(first) if cell.lower() in _WEIGHTS]
    if len(weights) > 1:
        told = formats.listed([f"“{first[column][:40]}”" for column in weights])
        raise BadFile(
            _("Several columns may say how many ballots a row stands for: %(names)s.") % {"names": told}, line=rows.line
        )
    weight = weights[0] if weights else None
    return _ranked(rows, ranks, weight, labels, first) if ranks else _columns(rows, first, weight)


def _numbers(line: int) -> BadFile:
    """Return the error of a table whose first row may be a ballot already: what it says would be lost without a word."""
    hint = _("The first row names the columns: weight, and rank1, rank2 … or each option once.")
    return BadFile(_("The first row holds numbers, not names."), line=line, hint=hint)


class _Rows:
    """The rows that say something, cells trimmed, with the line each ends on."""

    def __init__(self, text: str) -> None:
        text = _without_remarks(text)
        head = text.lstrip("\n ").split("\n", 1)[0]
        self._table = Table(text, max(",;\t", key=head.count))
        self.delimiter = self._table.delimiter

    @property
    def line(self) -> int:
        return self._table.line

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._table:
            cells = [read_cell(cell.strip()) for cell in row]
            if any(cells):
                yield cells

    def next(self) -> list[str]:
        for row in self:
            return row
        raise BadFile(_("The file is empty."))


def _without_remarks(text: str) -> str:
    """Take off remarks before the first row, leaving their lines empty; a column of numbers may be called `#`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, line in enumerate(lines):
        if line.strip() and not (line.startswith("#") and line[1:2] not in (*",;\t", "")):
            break
        lines[place] = ""
    return "\n".join(lines)


def _is_scottish(text: str) -> bool:
    return re.search(r'^"?candidate 1"?,', text, re.I | re.M) is not None


def _scottish(rows: _Rows, first: list[str]) -> BallotFile:
    count, seats = number_of(first[0]), number_of(first[1])
    if not 1 <= count <= MOST_OPTIONS:
        raise BadFile(_("There have to be from 1 to %(most)d candidates.") % {"most": MOST_OPTIONS}, line=rows.line)
    known = frozenset(str(number) for number in range(1, count + 1))
    names: dict[int, str] = {}
    titles: list[str] = []

    def ballots() -> Iterator[tuple[list[Any], Weight]]:
        for row in rows:
            if named := re.fullmatch(r"candidate (\d+)", row[0], re.I):
                number = number_of(named[1])
                if number in names:
                    raise BadFile(_("Candidate %(number)s is named twice.") % {"number": named[1][:40]}, line=rows.line)
                names[number] = row[1] if len(row) > 1 else ""
            elif names:
                if len(_trimmed(row)) > 1 and all(cell.isdecimal() for cell in row if cell):
                    hint = _("The names of the candidates come after the last ballot.")
                    raise BadFile(_("A ballot stands among the names."), line=rows.line, hint=hint)
                titles.append(row[0])
            else:
                weight = weight_of(row[0], rows.line)
                places = _trimmed(row[1:])
                for place in places:
                    if place and place not in known:
                        raise BadFile(_("There is no candidate %(number)s.") % {"number": place[:40]}, line=rows.line)
                yield [place or SKIPPED for place in places], weight

    profile = collect(ballots(), sorted(known, key=int))
    if sorted(names) != list(range(1, count + 1)) or len(set(names.values())) < count:
        told = {"names": len(set(names.values())), "count": count}
        raise BadFile(_("There are %(names)d names for %(count)d candidates.") % told, line=rows.line)
    options = tuple(names[number] for number in range(1, count + 1))
    return BallotFile(options, profile=replace(profile, options=options), seats=seats, title=titles[0] if titles else "")


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _ranked(rows: _Rows, ranks: Mapping[int, int], weight: int | None, labels: Labels, first: Sequence[str]) -> BallotFile:
    """Read a row a ballot. Options are those the labels know, then each in the order in which it is first named.

    :param first: the row that names the columns; where these are 1, 2, 3 and no more, options have to have names
    """
    heading, width, is_bare = rows.line, len(first), all(cell.isdecimal() for cell in first)
    order = sorted(ranks, key=ranks.__getitem__)[: labels.ranks]
    numbers: dict[str, str] = {name: str(number) for number, name in enumerate(labels.options)}
    called = labels.names or {}

    def place(cell: str) -> str | Mark:
        lower = cell.lower()
        if lower in labels.skipped:
            return SKIPPED
        if lower in labels.overvote:
            return OVERVOTE
        if is_bare and cell.isdecimal():
            raise _numbers(heading)
        name = called.get(cell, cell)
        if name not in numbers:
            if len(numbers) >= MOST_OPTIONS:
                raise BadFile(_("There are more than %(most)d options.") % {"most": MOST_OPTIONS}, line=rows.line)
            numbers[name] = str(len(numbers))
        return numbers[name]

    def ballots() -> Iterator[tuple[list[Any], Weight]]:
        for row in rows:
            if any(row[width:]):
                hint = _("The first row names the columns: weight, and rank1, rank2 … or each option once.")
                raise BadFile(_("This row has more cells than the first one names."), line=rows.line, hint=hint)
            cells = [row[column] if column < len(row) else "" for column in order]
            yield [place(cell) for cell in cells], _weight(row, weight, rows)

    held = list(ballots())
    profile = collect(held, tuple(numbers.values()))
    options = tuple(numbers)
    return BallotFile(options, profile=replace(profile, options=options))


def _weight(row: Sequence[str], column: int | None, rows: _Rows) -> Weight:
    if column is None:
        return 1
    text = row[column] if column < len(row) else ""
    if rows.delimiter != "," and _POINTED.fullmatch(text):
        hint = _("Write it without the point, or with another number of decimals.")
        words = _("“%(text)s” is a thousand times more to some than to others.")
        raise BadFile(words % {"text": text}, line=rows.line, hint=hint)
    return weight_of(text, rows.line)


def _columns(rows: _Rows, first: list[str], weight: int | None, others: Collection[str] = _OTHERS) -> BallotFile:
    """Read a column an option. A row whose weight is the word `cost` says what each costs.

    :param others: how columns are called that are no option's
    """
    columns = {column: cell for column, cell in enumerate(first) if column != weight and cell and cell.lower() not in others}
    options = tuple(columns.values())
    if not options or len(set(options)) < len(options):
        hint = _("The first row names the columns: weight, and rank1, rank2 … or each option once.")
        raise BadFile(_("The columns of this table have no names, or two have the same."), line=rows.line, hint=hint)
    if others and all(_is_number(name) for name in options):
        raise _numbers(rows.line)
    numbers: list[tuple[dict[str, int], Weight]] = []
    lines: list[int] = []
    costs: dict[str, int] = {}
    for row in rows:
        if any(row[len(first) :]):
            raise BadFile(_("This row has more cells than the first one names."), line=rows.line)
        given = {name: _number(row[column], name, rows.line) for column, name in columns.items() if _has(row, column)}
        if weight is not None and weight < len(row) and row[weight].lower() in ("cost", "costs"):
            costs = given
        else:
            numbers.append((given, _weight(row, weight, rows)))
            lines.append(rows.line)
    return BallotFile(options, numbers=numbers, lines=lines, costs=costs)


def _has(row: Sequence[str], column: int) -> bool:
    return column < len(row) and row[column] not in ("", "-")


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?\d{1,18}", cell, re.A) is not None


def _number(cell: str, name: str, line: int) -> int:
    if cell.lower() in _CHOSEN:
        return _CHOSEN[cell.lower()]
    if not _is_number(cell):
        told = {"text": cell[:40], "name": name[:80]}
        raise BadFile(_("“%(text)s” under “%(name)s” is not a whole number.") % told, line=line)
    return int(cell)


def write(profile: Profile) -> Iterator[str]:
    """Write ranked ballots as a table, safe to open in a spreadsheet: ranks as columns, or options where any ranks are equal."""
    marks = Labels().skipped | Labels().overvote
    if profile.joined is None and not any(name.lower() in marks for name in profile.options):
        yield from _write_ranks(profile)
        return
    yield from _heads(profile.options)
    for ranking, weight in rankings(profile):
        ranks: dict[str, int] = {}
        for rank, place in enumerate(ranking, 1):
            ranks = dict.fromkeys(place if isinstance(place, list) else [place], rank) | ranks
        yield _row([written(weight), *(ranks.get(name, "") for name in profile.options)])
    if profile.blank:
        yield _row([written(profile.votes(profile.blank)), *("" for _name in profile.options)])


def _heads(options: Sequence[str]) -> Iterator[str]:
    if any(name.lower() in _WEIGHTS | _OTHERS or _RANK.fullmatch(name) or _is_number(name) for name in options):
        yield _OPTIONS
    yield _row(["weight", *options])


def _write_ranks(profile: Profile) -> Iterator[str]:
    width = max(profile.cells.shape[1], len(profile.options))
    yield _row(["weight", *(f"rank{rank}" for rank in range(1, width + 1))])
    yield _row(["0", *profile.options])
    for ranking, weight in rankings(profile):
        yield _row([written(weight), *(str(place) if isinstance(place, Mark) else place for place in ranking)])
    if profile.blank:
        yield _row([written(profile.votes(profile.blank)), str(SKIPPED)])


def write_numbers(
    votes: Iterable[tuple[Mapping[str, int], Weight]], options: Sequence[str], costs: Mapping[str, int] | None = None
) -> Iterator[str]:
    """Write votes that give numbers as a table, a column an option; with what each costs, where they cost something."""
    yield from _heads(options)
    if costs:
        yield _row(["cost", *(costs.get(name, "") for name in options)])
    for given, weight in votes:
        yield _row([written(weight), *(given.get(name, "") for name in options)])


def _row(cells: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([kept_cell(str(cell)) for cell in cells])
    return line.getvalue()

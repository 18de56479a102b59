"""What a file of ballots holds, whatever its form, and how it is told where something is wrong with it."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.profiles import OVERVOTE, SKIPPED, Mark, Profile, Weight, collect
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate

# Far above any ballot, far below what fills a machine.
MOST_OPTIONS = 10_000
HEAVIEST = 10**18
# What ends a line. `str.splitlines` breaks at ten more, which may stand in a name and would move everybody after it.
_ENDS = re.compile(r"\r\n|\r|\n")


class BadFile(Expected):
    """This file of ballots cannot be read. The message begins with the line, where it is about one."""

    status = 422

    def __init__(self, reason: str, *, line: int | None = None, hint: str = "") -> None:
        self.line, self.reason = line, reason
        super().__init__(_("Line %(line)d: %(reason)s") % {"line": line, "reason": reason} if line else reason, hint=hint)


@dataclass
class BallotFile:
    """Ballots of a file: ranked ones as a `profile`, ones with numbers as `numbers` (number by option, weight)."""

    options: tuple[str, ...]
    profile: Profile | None = None
    numbers: list[tuple[dict[str, int], Weight]] = field(default_factory=list)
    seats: int | None = None
    title: str = ""
    withdrawn: tuple[str, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    budget: int | None = None
    # The line of each vote in `numbers`, and the one that was handed out last.
    lines: list[int] = field(default_factory=list)
    at: int | None = None

    def ranked(self) -> Profile:
        """Return ranked ballots, without who has withdrawn; numbers are read as ranks."""
        profile = self.profile
        if profile is None:
            for line, (numbers, _weight) in zip(self.lines, self.numbers, strict=True):
                if any(rank < 1 for rank in numbers.values()):
                    hint = _("Leave the cell empty where a ballot does not rank an option.")
                    raise BadFile(_("Ranks begin at 1."), line=line, hint=hint)
            profile = collect(((by_rank(numbers), weight) for numbers, weight in self.numbers), self.options)
        return profile.without(name for name in self.withdrawn if name in profile.options)

    @property
    def standing(self) -> tuple[str, ...]:
        """Return the options without who has withdrawn."""
        return tuple(name for name in self.options if name not in self.withdrawn)

    def votes(self, kind: str) -> Iterator[tuple[Any, Weight]]:
        """Return votes on who stands as a method of this kind takes them (see methods.py).

        :raises BadFile: when the file ranks options, and the method wants numbers
        """
        if kind in ("approval", "budget"):
            yield from self._lists()
        elif self.profile is not None:
            hint = _("Write a column for each option, and in it the number that each vote gives it.")
            raise BadFile(_("These ballots rank options, and this method counts numbers."), hint=hint)
        else:
            for line, (numbers, weight) in zip(self.lines, self.numbers, strict=True):
                self.at = line
                yield {name: number for name, number in numbers.items() if name not in self.withdrawn}, weight

    def _lists(self) -> Iterator[tuple[list[str], Weight]]:
        if self.profile is None:
            for line, (numbers, weight) in zip(self.lines, self.numbers, strict=True):
                self.at = line
                yield [name for name, number in numbers.items() if number > 0 and name not in self.withdrawn], weight
            return
        profile = self.ranked()
        known = len(profile.options)
        for row, weight in zip(profile.cells.tolist(), profile.weights.tolist(), strict=True):
            yield [profile.options[code] for code in row if code < known], weight * profile.unit
        if profile.blank:
            yield [], profile.blank * profile.unit


def by_rank(numbers: Mapping[str, int]) -> list[Any]:
    """Turn ranks by option into a ranking: equal ranks share a place, missing ones are skipped."""
    places: dict[int, list[str]] = {}
    for name, rank in numbers.items():
        places.setdefault(rank, []).append(name)
    ranking: list[Any] = []
    last = 0
    for rank in sorted(places):
        ranking += [SKIPPED] * min(rank - last - 1, 255)
        ranking.append(places[rank])
        last = rank
    return ranking


def weight_of(text: str, line: int) -> Weight:
    """Read a weight: a whole number, or an exact decimal or fraction.

    :raises BadFile: when it is none, or below zero
    """
    try:
        exact = rate(text)
    except ValueError:
        exact = Fraction(-1)
    if exact < 0:
        hint = _("Write how many ballots look like this one: a whole number, or an exact one such as 1.5.")
        raise BadFile(_("“%(text)s” is not a weight.") % {"text": text[:40]}, line=line, hint=hint)
    if max(exact.numerator, exact.denominator) > HEAVIEST:
        hint = _("At most %(most)s ballots can stand on one line.") % {"most": HEAVIEST}
        raise BadFile(_("“%(text)s” is too large a weight to be summed exactly.") % {"text": text[:40]}, line=line, hint=hint)
    return int(exact) if exact.denominator == 1 else exact


def number_of(text: str) -> int:
    """Read a number of candidates or seats; what no file of ballots can mean is one more than the most there can be."""
    return int(text) if len(text) <= len(str(MOST_OPTIONS)) else MOST_OPTIONS + 1


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 as spreadsheets save it, or the Western encoding of old.

    Letters are composed: who writes é in one sign and who writes it in two name the same option.
    """
    try:
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", text)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, without what ends them."""
    return _ENDS.split(text)


class Table:
    """The rows of a table, with the line each ends on. Lines that an open quotation mark joins are refused: it would swallow
    ballots in silence. Within one line a stray mark does no harm, and official files have them.

    :raises BadFile: with the line and the reason
    """

    def __init__(self, text: str, delimiter: str) -> None:
        self._lines = io.StringIO(text, newline="").readlines()
        self._reader = csv.reader(self._lines, delimiter=delimiter)
        self.delimiter = delimiter
        self.line = 0

    def __iter__(self) -> Iterator[list[str]]:
        try:
            for row in self._reader:
                before, self.line = self.line, self._reader.line_num
                if self.line - before > 1:
                    self._check_quotes(before)
                yield row
        except csv.Error as error:
            raise BadFile(_("This is no row of a table: %(error)s") % {"error": error}, line=self.line + 1) from error

    def _check_quotes(self, before: int) -> None:
        joined, self.line = self._lines[before : self.line], before
        list(csv.reader(joined, delimiter=self.delimiter, strict=True))
        self.line = before + len(joined)


def rankings(profile: Profile) -> Iterator[tuple[list[Any], Weight]]:
    """Return the rows of a profile as rankings: names, lists of names that share a rank, SKIPPED and OVERVOTE."""
    marks: dict[int, Mark] = {profile.skipped: SKIPPED, profile.overvote: OVERVOTE}
    joined = profile.joined.tolist() if profile.joined is not None else None
    for number, (row, weight) in enumerate(zip(profile.cells.tolist(), profile.weights.tolist(), strict=True)):
        ranking: list[Any] = []
        for rank, code in enumerate(row):
            if code == profile.end:
                break
            if joined is not None and joined[number][rank]:
                ranking[-1] = [*(ranking[-1] if isinstance(ranking[-1], list) else [ranking[-1]]), profile.options[code]]
            else:
                ranking.append(marks[code] if code in marks else profile.options[code])
        yield ranking, profile.votes(weight)

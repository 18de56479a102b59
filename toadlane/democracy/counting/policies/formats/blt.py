"""BLT, the common form of ranked ballots: as Hill, Wichmann and Woodall gave it with algorithm 123, and OpenSTV extended it.

7 4                     seven candidates, four seats
-2                      number two has withdrawn
64 1 3 0                64 ballots with one first and three second
5 1 2=4 - 3 0           equal ranks, a rank left empty
(A17) 1 3 2 0           a ballot with a name of its own
0                       the ballots end
"Ann"                   the names, in order, and the title
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.formats.files import (
    MOST_OPTIONS,
    BadFile,
    BallotFile,
    lines_of,
    number_of,
    rankings,
    weight_of,
)
from toadlane.democracy.counting.policies.profiles import SKIPPED, Mark, Profile, Weight, collect
from toadlane.democracy.counting.policies.results import written

# Ranks left empty cost memory on every ballot of a file.
MOST_EMPTY = 100
_ESCAPED = re.compile(r"\\.")


def read(text: str) -> BallotFile:
    """Read a BLT file.

    :raises BadFile: with the line and the reason
    """
    lines = _Lines(text)
    count, seats = _head(lines)
    withdrawn = _withdrawn(lines, count)
    numbers = [str(number) for number in range(1, count + 1)]
    profile = collect(_ballots(lines, frozenset(numbers)), numbers)
    names, title = _names(lines, count)
    profile = replace(profile, options=names)
    gone = tuple(names[number - 1] for number in withdrawn)
    return BallotFile(names, profile=profile, seats=seats, title=title, withdrawn=gone)


def write(profile: Profile, *, seats: int, title: str = "") -> Iterator[str]:
    """Write a BLT file, line by line. An overvote of which nothing more is known is written as an empty rank."""
    number = {name: str(place) for place, name in enumerate(profile.options, 1)}
    yield f"{len(number)} {seats}"
    for ranking, weight in rankings(profile):
        yield " ".join([_weight(weight), *(_place(place, number) for place in ranking), "0"])
    if profile.blank:
        yield f"{_weight(profile.votes(profile.blank))} 0"
    yield "0"
    yield from (_quoted(name) for name in profile.options)
    yield _quoted(title)


def _place(place: Any, number: dict[str, str]) -> str:
    if isinstance(place, Mark):
        return "-"
    return "=".join(number[name] for name in place) if isinstance(place, list) else number[place]


def _weight(weight: Weight) -> str:
    # Elsewhere a weight is a number with decimals; only a fraction that never ends stays one.
    return written(Fraction(weight))


def _quoted(text: str) -> str:
    plain = " ".join(text.split())  # A name is one line.
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Lines:
    """The lines that say something, with their numbers, comments taken off."""

    def __init__(self, text: str) -> None:
        self._left = iter(self._told(text))
        self.line = 0

    def _told(self, text: str) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines_of(text), 1):
            told = _uncommented(line)
            if told:
                yield number, told

    def __iter__(self) -> Iterator[str]:
        for number, told in self._left:
            self.line = number
            yield told

    def next(self, missing: str) -> str:
        for told in self:
            return told
        raise BadFile(missing, line=self.line + 1, hint=_("The file ends too early."))


def _uncommented(line: str) -> str:
    """Take off a comment: from a # that begins a word, unless it stands in quotes."""
    start = line.find("#")
    while start >= 0:
        before = line[:start]
        if not before.strip() or (before[-1].isspace() and _ESCAPED.sub("", before).count('"') % 2 == 0):
            return before.strip()
        start = line.find("#", start + 1)
    return line.strip()


def _head(lines: _Lines) -> tuple[int, int]:
    told = lines.next(_("The file is empty."))
    words = told.split()
    if len(words) != 2 or not all(word.isascii() and word.isdecimal() for word in words):
        hint = _("The first line says how many candidates and how many seats there are, such as: 7 4")
        raise BadFile(_("“%(text)s” is not two numbers.") % {"text": told[:40]}, line=lines.line, hint=hint)
    count, seats = map(number_of, words)
    if not 1 <= count <= MOST_OPTIONS:
        raise BadFile(_("There have to be from 1 to %(most)d candidates.") % {"most": MOST_OPTIONS}, line=lines.line)
    return count, seats


def _withdrawn(lines: _Lines, count: int) -> list[int]:
    gone: list[int] = []
    for told in lines:
        words = told.split()
        if not all(word.startswith("-") and word[1:].isdecimal() for word in words):
            lines._left = _again((lines.line, told), lines._left)
            break
        for word in words:
            if not 1 <= number_of(word[1:]) <= count:
                raise BadFile(_("There is no candidate %(number)s.") % {"number": word[1:40]}, line=lines.line)
            gone.append(int(word[1:]))
    return gone


def _again(first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _ballots(lines: _Lines, known: frozenset[str]) -> Iterator[tuple[list[Any], Weight]]:
    for told in lines:
        words = _unnamed(told).split()
        while words:
            if words[0] == "0" and (len(words) == 1 or words[1].startswith('"')):
                if len(words) > 1:  # Names may follow on the line that ends the ballots.
                    lines._left = _again((lines.line, told[told.index('"') :]), lines._left)
                return
            if words[0].startswith('"'):  # Names already: the line that ends the ballots was forgotten.
                raise BadFile(
                    _("The ballots do not end."), line=lines.line, hint=_("After the last ballot comes a line with 0 alone.")
                )
            weight = weight_of(words[0], lines.line)
            if "0" not in words[1:]:
                hint = _("Each ballot is one line: its weight, the candidates from first to last, and 0.")
                raise BadFile(_("The ballot does not end with 0."), line=lines.line, hint=hint)
            end = words.index("0", 1)
            places = words[1:end]
            plain = known.issuperset(places) and len(set(places)) == len(places)
            yield places if plain else _slowly(places, known, lines.line), weight
            words = words[end + 1 :]
    raise BadFile(_("The ballots do not end."), line=lines.line + 1, hint=_("After the last ballot comes a line with 0 alone."))


def _unnamed(told: str) -> str:
    """Take off what a ballot is called, which stands before it in brackets: `(A17) 1 3 2 0`."""
    return told.partition(")")[2] if told.startswith("(") and ")" in told else told


def _slowly(places: Sequence[str], known: frozenset[str], line: int) -> list[Any]:
    """Read a ballot with equal or empty ranks, or say what is wrong with it."""
    ranking: list[Any] = []
    seen: set[str] = set()
    if len(places) > 2 * len(known) + MOST_EMPTY:
        raise BadFile(_("The ballot has more ranks than there are candidates."), line=line)
    for place in places:
        if place == "-":
            ranking.append(SKIPPED)
            continue
        equal = [name.lstrip("0") for name in place.split("=")]
        for name in equal:
            if name not in known:
                hint = _("There are the candidates 1 to %(count)d.") % {"count": len(known)}
                raise BadFile(_("“%(text)s” is not the number of a candidate.") % {"text": place[:40]}, line=line, hint=hint)
            if name in seen:
                raise BadFile(_("Candidate %(number)s is named twice.") % {"number": name}, line=line)
            seen.add(name)
        ranking.append(equal if len(equal) > 1 else equal[0])
    return ranking


def _names(lines: _Lines, count: int) -> tuple[tuple[str, ...], str]:
    found: list[str] = []
    quoted = 0
    for told in lines:
        on_line = _unquoted(told)
        if on_line is None:  # What it opens may go on on the next line, and everybody after it would move.
            raise BadFile(_("The quotation mark is not closed."), line=lines.line)
        quoted += len(on_line) if told.startswith('"') else 0
        for name in on_line:
            if not name.strip() and len(found) < count:
                raise BadFile(_("Candidate %(number)d has no name.") % {"number": len(found) + 1}, line=lines.line)
            if name in found[:count] and len(found) < count:
                raise BadFile(_("Two candidates are called “%(name)s”.") % {"name": name[:80]}, line=lines.line)
            found.append(name)
    if len(found) < count:
        hint = _("After the line with 0 come the names, one a line, and the title.")
        numbers = {"names": len(found), "count": count}
        raise BadFile(_("There are %(names)d names for %(count)d candidates.") % numbers, line=lines.line + 1, hint=hint)
    if quoted > count + 1:  # Whom the numbers stand for would be a guess.
        numbers = {"names": quoted, "count": count}
        raise BadFile(_("There are %(names)d names for %(count)d candidates.") % numbers, line=lines.line)
    return tuple(found[:count]), found[count] if len(found) > count else ""


def _unquoted(told: str) -> list[str] | None:
    """Return the names on a line: what stands in quotes, one or several, or the line as it is; nothing where a quote is open."""
    if not told.startswith('"'):
        return [told]
    parts, part, quoted, escaped = [], "", False, False
    for place, letter in enumerate(told):
        if escaped or (quoted and letter not in '"\\'):
            # A backslash keeps its meaning only before a quote or another.
            part += letter if not escaped or letter in '"\\' else f"\\{letter}"
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"' and quoted and told[place + 1 : place + 2] == '"':
            escaped = True  # A quote written twice, as in a table, is one.
        elif letter == '"':
            if quoted:
                parts.append(part)
                part = ""
            quoted = not quoted
        elif not letter.isspace():
            # `"Ann" Lee`: quotes that do not enclose names. The line is one name.
            return [told.strip('"')]
    return None if quoted else parts

"""Many ranked ballots in little room: a matrix of small integers, equal ballots as one row with their weight.

A row of `cells` is a ballot read from its first rank down: the number of an option, or one of three marks. `joined` (where
any ballot has equal ranks) says of a cell that it shares the rank of the cell before it. 850,000 ballots of twelve ranks are
ten megabytes, and gathering them costs linear time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import lcm
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from toadlane.democracy.counting.policies.choices import NotAVote, UnknownOption, distinct
from toadlane.kernel.errors import Expected

Ints = NDArray[np.int64]
Cells = NDArray[np.integer[Any]]
Weight = int | Fraction

CHUNK = 1 << 16
# Sums are taken in doubles where that is exact.
EXACT = 1 << 53


class BadWeight(Expected):
    words = _("A ballot's weight is a whole number or a fraction, and not below zero.")
    status = 422


class TooHeavy(Expected):
    words = _("The weights of these ballots are too large to be summed exactly.")
    status = 422


class Mark:
    """What stands in the file of an official count where a rank names nobody: skipped, or marked for several at once."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


SKIPPED, OVERVOTE = Mark("skipped"), Mark("overvote")


@dataclass(frozen=True)
class Profile:
    """Ranked ballots: `cells` (rows, ranks), `weights` (rows) in units of `unit` of a vote, `blank` the weight that says nothing.

    Options are numbers into `options`. The marks of a cell are `end`, `skipped` and `overvote`, the three largest numbers of
    its type.
    """

    options: tuple[str, ...]
    cells: Cells
    weights: Ints
    joined: NDArray[np.bool_] | None = None
    blank: int = 0
    unit: Fraction = Fraction(1)

    @property
    def end(self) -> int:
        return int(np.iinfo(self.cells.dtype).max)

    @property
    def skipped(self) -> int:
        return self.end - 1

    @property
    def overvote(self) -> int:
        return self.end - 2

    @property
    def total(self) -> int:
        """The weight of all rows, in units; the blank ones are not among them."""
        return int(self.weights.sum())

    def votes(self, units: int) -> Weight:
        """Turn a sum of weights into votes."""
        counted = units * self.unit
        return int(counted) if counted.denominator == 1 else counted

    def without(self, gone: Iterable[str]) -> "Profile":
        """Return the profile as if nobody had ever named these: ballots close up, and may become blank."""
        numbers = [self.options.index(name) for name in gone]
        if not numbers:
            return self
        left = [name for number, name in enumerate(self.options) if number not in numbers]
        table = np.arange(self.end + 1, dtype=self.cells.dtype)
        for number, name in enumerate(self.options):
            table[number] = self.end if number in numbers else left.index(name)
        keep = ~np.isin(self.cells, numbers)
        joined = self.joined
        if joined is not None:
            # Whoever shared a rank with one who is gone begins the rank now.
            groups = np.where(keep, np.cumsum(~joined, axis=1), -1)
            groups, _ = closed_up(groups, keep, fill=-1)
            joined = np.zeros(self.cells.shape, bool)
            joined[:, 1:] = (groups[:, 1:] == groups[:, :-1]) & (groups[:, 1:] >= 0)
        cells, _ = closed_up(table[self.cells], keep, fill=self.end)
        return gathered(tuple(left), cells, self.weights, joined, blank=self.blank, unit=self.unit)


def closed_up(cells: NDArray[Any], keep: NDArray[np.bool_], *, fill: int) -> tuple[NDArray[Any], Ints]:
    """Move what is kept of each row to its left, and say how much that is."""
    order = np.argsort(~keep, axis=1, kind="stable")
    moved = np.take_along_axis(cells, order, axis=1)
    lengths = keep.sum(axis=1)
    moved[np.arange(cells.shape[1]) >= lengths[:, None]] = fill
    return moved, lengths


def collect(ballots: Iterable[tuple[Any, Weight]], options: Iterable[str]) -> Profile:
    """Gather ballots into a profile.

    :param ballots: (ranking, weight), the ranking a list from best to worst: names, lists of names that share a rank, SKIPPED,
        OVERVOTE. Read once, a chunk at a time.
    :raises NotAVote: when a ranking is no list
    :raises UnknownOption: when it names what is not on the ballot
    :raises BadWeight: when a weight is no exact number, or below zero
    :raises TooHeavy: when all weights together pass 2^62
    """
    known = distinct(options)
    encode = _Encoder(known)
    parts = [encode.chunk(chunk) for chunk in _chunks(ballots)]
    unit = lcm(*(denominator for *_, denominator in parts)) if parts else 1
    width = max((cells.shape[1] for cells, *_ in parts), default=1)
    cells = np.full((sum(len(part[0]) for part in parts), width), encode.end, encode.dtype)
    flags = np.zeros(cells.shape, bool) if any(joined is not None for _, joined, *_ in parts) else None
    weights, start = np.zeros(len(cells), np.int64), 0
    if sum(int(part[2].sum()) * (unit // part[4]) for part in parts) >= 1 << 62:
        raise TooHeavy
    blank = sum(part[3] * (unit // part[4]) for part in parts)
    while parts:  # Each is let go as soon as it is copied.
        part, joined, weight, _, denominator = parts.pop(0)
        rows = slice(start, start + len(part))
        cells[rows, : part.shape[1]] = part
        if flags is not None and joined is not None:
            flags[rows, : part.shape[1]] = joined
        weights[rows] = weight * (unit // denominator)
        start += len(part)
    return gathered(known, cells, weights, flags, blank=blank, unit=Fraction(1, unit))


def gathered(
    options: tuple[str, ...], cells: Cells, weights: Ints, joined: NDArray[np.bool_] | None, *, blank: int = 0,
    unit: Fraction = Fraction(1),
) -> Profile:  # fmt: skip
    """Make a profile of these rows: equal ones become one, empty ones are blank, and what weighs nothing is not there."""
    end = int(np.iinfo(cells.dtype).max)
    cells = _without_trail(cells, end)
    # A ballot of nothing but empty ranks says nothing; one with an overvote was marked.
    says = np.zeros(len(cells), bool)
    for column in cells.T:
        says |= column < end - 1
    blank += int(weights[~says].sum())
    keep = says & (weights > 0)
    if not keep.all():
        cells, weights = cells[keep], weights[keep]
        joined = joined[keep] if joined is not None else None
    cells, weights, joined = _merged(cells, weights, joined)
    if joined is not None and not joined.any():
        joined = None
    return Profile(options, cells, weights, joined, blank, unit)


def _without_trail(cells: Cells, end: int) -> Cells:
    """Let a ballot end with the last rank that is marked: ranks left empty after it say nothing."""
    if not any((column == end - 1).any() for column in cells.T):
        return cells
    cells = cells.copy()
    ended = np.ones(len(cells), bool)
    for rank in range(cells.shape[1] - 1, -1, -1):
        ended &= cells[:, rank] >= end - 1
        cells[ended, rank] = end
    return cells


def _chunks(ballots: Iterable[tuple[Any, Weight]]) -> Iterator[list[tuple[Any, Weight]]]:
    left = iter(ballots)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


class _Encoder:
    """Turn rankings into rows, quickly where they are plain lists of names."""

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options
        small = len(options) < 250
        self.dtype: Any = np.dtype(np.uint8 if small else np.uint16)
        self.end = int(np.iinfo(self.dtype).max)
        self.number: dict[Any, int] = {name: number for number, name in enumerate(options)}
        self.number |= {SKIPPED: self.end - 1, OVERVOTE: self.end - 2}
        self.pack: Callable[[Iterable[int]], bytes] = bytes if small else self._wide

    def _wide(self, numbers: Iterable[int]) -> bytes:
        return np.fromiter(numbers, self.dtype).tobytes()

    def chunk(self, ballots: list[tuple[Any, Weight]]) -> tuple[Cells, NDArray[np.bool_] | None, Ints, int, int]:
        """Return cells, joined, weights, the blank weight and the denominator of the weights, equal ballots merged."""
        weights, denominator = _exact([weight for _, weight in ballots])
        packed, shared = [], {}
        get, pack = self.number.__getitem__, self.pack
        for row, (ranking, _weight) in enumerate(ballots):
            if not isinstance(ranking, list | tuple):
                raise NotAVote
            try:
                packed.append(pack(map(get, ranking)))
            except (KeyError, TypeError):
                numbers, shared[row] = self._slowly(ranking)
                packed.append(pack(numbers))
        lengths = np.fromiter(map(len, packed), np.int64, len(packed)) // self.dtype.itemsize
        width = max(int(lengths.max()), 1)
        there = np.arange(width) < lengths[:, None]
        cells = np.full(there.shape, self.end, self.dtype)
        cells[there] = np.frombuffer(b"".join(packed), self.dtype)
        joined = np.zeros(there.shape, bool) if any(map(any, shared.values())) else None
        for row, joins in shared.items() if joined is not None else ():
            joined[row, : len(joins)] = joins  # type: ignore[index]
        one = gathered(self.options, cells, weights, joined)
        return one.cells, one.joined, one.weights, one.blank, denominator

    def _slowly(self, ranking: Sequence[Any]) -> tuple[list[int], list[bool]]:
        numbers, joins = [], []
        for place in ranking:
            for position, name in enumerate(place if isinstance(place, list | tuple) else [place]):
                if not isinstance(name, str | Mark):
                    raise NotAVote
                if name not in self.number:
                    raise UnknownOption(hint=str(name))
                numbers.append(self.number[name])
                joins.append(position > 0)
        return numbers, joins


def _exact(weights: Sequence[Weight]) -> tuple[Ints, int]:
    """Return weights as whole numbers over one denominator."""
    if set(map(type, weights)) == {int}:
        whole, denominator = list(weights), 1
    else:
        if not all(isinstance(weight, int | Fraction) and not isinstance(weight, bool) for weight in weights):
            raise BadWeight
        denominator = lcm(*(weight.denominator for weight in weights))
        whole = [int(weight * denominator) for weight in weights]
    if min(whole) < 0:
        raise BadWeight
    if sum(whole) >= 1 << 62:
        raise TooHeavy
    return np.array(whole, np.int64), denominator


def _merged(
    cells: Cells, weights: Ints, joined: NDArray[np.bool_] | None
) -> tuple[Cells, Ints, NDArray[np.bool_] | None]:  # fmt: skip
    """Add up the weights of equal rows, in an order that only the ballots decide."""
    if not len(cells):
        return cells, weights, joined
    keys = _keys(cells, joined)
    order = np.argsort(keys)
    keys = keys[order]
    begins = np.concatenate([[True], keys[1:] != keys[:-1]])
    # Two different ballots with one key: never seen, and no reason to count them as one.
    again = np.flatnonzero(~begins)
    for start in range(0, len(again), CHUNK):
        at = again[start : start + CHUNK]
        one, other = order[at], order[at - 1]
        differs = (cells[one] != cells[other]).any(axis=1)
        if joined is not None:
            differs |= (joined[one] != joined[other]).any(axis=1)
        begins[at[differs]] = True
    starts = np.flatnonzero(begins)
    first = order[starts]
    totals = np.add.reduceat(weights[order], starts)
    return cells[first], totals, None if joined is None else joined[first]


def _keys(cells: Cells, joined: NDArray[np.bool_] | None) -> NDArray[np.uint64]:
    """Return a number of 64 bits for each row: a polynomial in an odd constant, modulo 2^64."""
    factor, keys = np.uint64(0x9E3779B97F4A7C15), np.zeros(len(cells), np.uint64)
    for column in range(cells.shape[1]):
        keys += cells[:, column].astype(np.uint64)
        keys *= factor
        if joined is not None:
            keys += joined[:, column]
            keys *= factor
    return keys


def total_by(index: NDArray[Any], weights: Ints, length: int) -> Ints:
    """Sum whole weights by index, exactly."""
    if int(weights.sum()) < EXACT:
        return np.bincount(index, weights, length).astype(np.int64)
    totals = np.zeros(length, np.int64)
    np.add.at(totals, index, weights)
    return totals

"""Ballot papers on a table: whose pile each lies in, and where it goes when a pile is passed on. Under irv and stv alike."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toadlane.democracy.counting.policies.profiles import Cells, Ints, Profile, closed_up, total_by

# Why a paper can be passed on no further.
CHOICES, SKIPPED, OVERVOTE, REPEATED = range(4)
REASONS = ("exhausted_choices", "skipped_rankings", "overvotes", "repeated_rankings")
NOBODY = -1


@dataclass(frozen=True)
class Lines:
    """Ballots as a count by piles reads them: `cells` (rows, ranks), an option a rank, then the end; `why` (rows) they end."""

    cells: Cells
    weights: Ints
    why: NDArray[np.uint8]
    options: int
    end: int


def read(profile: Profile, *, max_skipped: int | None, overvote: str, repeats: str) -> Lines:
    """Read ballots rank by rank, as far as the rules let them be read.

    :param max_skipped: how many ranks in a row may stand empty; one more, and the rest of the ballot is not read. None: any.
        Minneapolis 2017 and others allow one; the Scottish rules none ("consecutive order").
    :param overvote: what is done at a rank that names several: `skip` goes to the next, `exhaust` reads no further
    :param repeats: what is done where an option is named again: `skip` or `exhaust`
    """
    cells, end = profile.cells, profile.end
    why = np.zeros(len(cells), np.uint8)
    if repeats == "skip" and _is_plain(profile):
        return Lines(cells, profile.weights, why, len(profile.options), end)
    overvoted = cells == profile.overvote
    if profile.joined is not None:
        overvoted |= profile.joined
        overvoted[:, :-1] |= profile.joined[:, 1:]
    empty = cells == profile.skipped
    keep = (cells < len(profile.options)) & ~overvoted
    cut = np.full(len(cells), cells.shape[1])
    if max_skipped is not None and empty.any():
        running = np.zeros(len(cells), np.int64)
        for rank in range(cells.shape[1]):
            running = np.where(empty[:, rank], running + 1, 0)
            _cut(cut, why, running > max_skipped, rank, SKIPPED)
    if overvote == "exhaust" and overvoted.any():
        _cut(cut, why, overvoted, None, OVERVOTE)
    if repeats == "exhaust":
        _cut(cut, why, _repeated(cells, keep), None, REPEATED)
    keep &= np.arange(cells.shape[1]) < cut[:, None]
    plain, _ = closed_up(cells, keep, fill=end)
    return Lines(plain, profile.weights, why, len(profile.options), end)


def _is_plain(profile: Profile) -> bool:
    """Say whether every ballot names one option a rank, without gaps: as good as all that are cast on a screen."""
    marks = (((column >= len(profile.options)) & (column != profile.end)).any() for column in profile.cells.T)
    return profile.joined is None and not any(marks)


def _cut(cut: Ints, why: NDArray[np.uint8], where: NDArray[np.bool_], rank: int | None, reason: int) -> None:
    """End rows at this rank, or at the first where `where` is true, unless they end before."""
    first = np.full(len(cut), rank) if rank is not None else where.argmax(axis=1)
    found = where if rank is not None else where.any(axis=1)
    ends = found & (first < cut)
    cut[ends], why[ends] = first[ends], reason


def _repeated(cells: Cells, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    again = np.zeros(cells.shape, bool)
    for rank in range(1, cells.shape[1]):
        again[:, rank] = ((cells[:, :rank] == cells[:, rank, None]) & keep[:, :rank]).any(axis=1) & keep[:, rank]
    return again


class Papers:
    """All papers with their piles. `holder` (rows) is the option whose pile a paper lies in, or NOBODY."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        # A column that is always the end, so that a step beyond the last rank finds it.
        self._cells = np.concatenate([lines.cells, np.full((len(lines.cells), 1), lines.end, lines.cells.dtype)], axis=1)
        self._at = np.zeros(len(lines.cells), np.int16)
        first = self._cells[:, 0]
        self.holder = np.where(first == lines.end, NOBODY, first.astype(np.int16)).astype(np.int16)
        self.weights = lines.weights

    def deal(self, rows: NDArray[Any], continuing: NDArray[np.bool_]) -> NDArray[np.int16]:
        """Pass papers on to the next option that continues, and return who has each now."""
        open_to = np.zeros(self.lines.end + 1, bool)
        open_to[: len(continuing)] = continuing
        open_to[self.lines.end] = True
        left = rows
        while len(left):
            at = self._at[left] + 1
            self._at[left] = at
            code = self._cells[left, at]
            there = open_to[code]
            arrived = left[there]
            code = code[there]
            self.holder[arrived] = np.where(code == self.lines.end, NOBODY, code.astype(np.int16))
            left = left[~there]
        return self.holder[rows]

    def pile(self, option: int) -> NDArray[Any]:
        return np.flatnonzero(self.holder == option)

    def totals(self) -> Ints:
        """Return the weight of each pile."""
        held = self.holder != NOBODY
        return total_by(self.holder[held], self.weights[held], self.lines.options)

    def ended(self) -> dict[str, int]:
        """Return the weight of the papers that are with nobody, by why they are."""
        out = self.holder == NOBODY
        return dict(zip(REASONS, total_by(self.lines.why[out], self.weights[out], len(REASONS)).tolist(), strict=True))


def readable(profile: Profile, lines: Lines) -> tuple[Profile, Lines, int]:
    """Set aside the ballots on which no first choice can be read; return the rest and the weight set aside."""
    good = lines.cells[:, 0] != lines.end if lines.cells.shape[1] else np.zeros(len(lines.cells), bool)
    if good.all():
        return profile, lines, 0
    rejected = int(lines.weights[~good].sum())
    lines = replace(lines, cells=lines.cells[good], weights=lines.weights[good], why=lines.why[good])
    return replace(profile, weights=profile.weights * good), lines, rejected

"""Every option against every other: Schulze's strongest paths, and Tideman's ranked pairs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toadlane.democracy.counting.policies.profiles import CHUNK, Ints, Profile
from toadlane.democracy.counting.policies.results import Elected, Number, Result, Stage, Tie
from toadlane.democracy.counting.policies.ties import Lot


def pairwise(profile: Profile) -> Ints:
    """Return (options, options): the weight of the ballots that put the row's option above the column's.

    What a ballot leaves out is below all it names and equal among itself, as in Debian's constitution, A.6.
    """
    count = len(profile.options)
    above = np.zeros((count, count), np.int64)
    for start in range(0, len(profile.cells), CHUNK):
        rows = slice(start, start + CHUNK)
        ranks, weights = _ranks(profile, rows), profile.weights[rows]
        alike = bool((weights == weights[0]).all())
        for row, column in combinations(range(count), 2):
            for one, other in ((row, column), (column, row)):
                higher = ranks[one] < ranks[other]
                above[one, other] += int(np.count_nonzero(higher)) * int(weights[0]) if alike else int(weights[higher].sum())
    return above


def _ranks(profile: Profile, rows: slice) -> NDArray[Any]:
    """Return (options, rows): the rank of each option on each ballot, the largest number where it has none."""
    cells = profile.cells[rows]
    small: Any = np.uint8 if cells.shape[1] < 255 else np.uint16
    ranks = np.full((len(cells), len(profile.options)), np.iinfo(small).max, small)
    groups = np.broadcast_to(np.arange(cells.shape[1]), cells.shape)
    if profile.joined is not None:
        groups = np.cumsum(~profile.joined[rows], axis=1)
    # From the last rank to the first: named twice, an option stands where it is named first.
    for rank in range(cells.shape[1] - 1, -1, -1):
        named = np.flatnonzero(cells[:, rank] < len(profile.options))
        ranks[named, cells[named, rank]] = groups[named, rank]
    return np.ascontiguousarray(ranks.T)


def strengths(above: Ints, measure: str) -> Ints:
    """Return how strong each win is, 0 where there is none: the votes for it (`winning`) or their lead (`margins`)."""
    lead = above - above.T
    return np.where(lead > 0, above if measure == "winning" else lead, 0)


def strongest_paths(strength: Ints) -> Ints:
    """Return the strength of the strongest path between any two: a path is as strong as its weakest win.

    M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
    method, Social Choice and Welfare 36 (2011), section 2.3 (after Floyd and Warshall).
    """
    paths = strength.copy()
    for through in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, through, None], paths[None, through, :]))
    np.fill_diagonal(paths, 0)
    return paths


@dataclass(frozen=True)
class Table:
    """Options under comparison and the votes between them; `beaten`: those set aside for not beating the default option."""

    profile: Profile
    names: tuple[str, ...]
    above: Ints
    beaten: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile, default: str | None) -> "Table":
        above, names = pairwise(profile), profile.options
        if not default:
            return cls(profile, names, above, ())
        at = names.index(default)
        kept = [n for n in range(len(names)) if n == at or above[n, at] > above[at, n]]
        beaten = tuple(name for n, name in enumerate(names) if n not in kept)
        return cls(profile, tuple(names[n] for n in kept), above[np.ix_(kept, kept)], beaten)

    def votes(self, one: int, other: int) -> Number:
        return self.profile.votes(int(self.above[one, other]))

    def by_pair(self, matrix: Ints) -> dict[str, Number]:
        pairs = permutations(range(len(self.names)), 2)
        return {f"{self.names[a]}>{self.names[b]}": self.profile.votes(int(matrix[a, b])) for a, b in pairs}

    def pair(self, one: int, other: int, number: int, action: str) -> Stage:
        """Return a step about two options: the votes each way, and in `non_transferable` those that put them level."""
        totals = {self.names[one]: self.votes(one, other), self.names[other]: self.votes(other, one)}
        level = self.profile.votes(self.profile.total) - self.votes(one, other) - self.votes(other, one)
        names = (self.names[one], self.names[other])
        return Stage(number=number, action=action, candidates=names, totals=totals, non_transferable=level)

    def comparisons(self) -> Iterator[Stage]:
        for number, (one, other) in enumerate(combinations(range(len(self.names)), 2), 1):
            yield self.pair(one, other, number, "compare")

    def undefeated(self) -> str | None:
        """Return the option that beats every other, where there is one."""
        wins = (self.above > self.above.T).sum(axis=1)
        found = [name for name, won in zip(self.names, wins.tolist(), strict=True) if won == len(self.names) - 1]
        return found[0] if found and self.profile.total else None


def schulze(profile: Profile, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Rank options by their strongest paths (vectors 11, S1 and S2).

    :param params: `seats`; `strength`: `winning` or `margins`; `default`: an option that others have to beat to be elected
        (Debian's constitution, A.6, with a ratio of one): who does not is not compared at all
    :returns: a stage for each pair with the votes each way; `strongest_paths`, and `ranks`: the order before the lot
    """
    table = Table.of(profile, params["default"])
    paths = strongest_paths(strengths(table.above, params["strength"]))
    extra = {"strongest_paths": table.by_pair(paths)}
    return _result("schulze", table, paths > paths.T, tuple(table.comparisons()), (), params=params, lot=lot, extra=extra)


def ranked_pairs(profile: Profile, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Rank options by locking wins in, the strongest first, unless they would close a circle.

    T. N. Tideman, Independence of clones as a criterion for voting rules, Social Choice and Welfare 4 (1987). Equal wins: first
    the one with fewer votes against, then the one whose winner is drawn earlier, then the one whose loser is drawn later (after
    T. M. Zavist and T. N. Tideman, Social Choice and Welfare 6, 1989).

    :param params: as for `schulze`
    :returns: a stage for each win, `lock` or `refuse`, with the votes each way; `ranks`: the order before the lot
    """
    table = Table.of(profile, params["default"])
    stages, ties, reach = _lock(table, strengths(table.above, params["strength"]), lot)
    return _result("ranked-pairs", table, reach, tuple(stages), tuple(ties), params=params, lot=lot, extra={})


def _lock(table: Table, strength: Ints, lot: Lot) -> tuple[list[Stage], list[Tie], NDArray[np.bool_]]:
    """Lock wins in order of strength; return the steps, the ties, and who stands above whom in the end."""
    names, place = table.names, [lot.place[name] for name in table.names]
    wins = [(int(one), int(other)) for one, other in np.argwhere(strength > 0)]

    def weight(win: tuple[int, int]) -> tuple[int, int]:
        return -int(strength[win]), int(table.above[win[1], win[0]])

    wins.sort(key=lambda win: (*weight(win), place[win[0]], -place[win[1]]))
    stages: list[Stage] = []
    ties: list[Tie] = []
    reach = np.zeros(strength.shape, bool)
    for _, equals in groupby(wins, key=weight):
        stronger, group = reach.copy(), list(equals)
        for one, other in group:
            circle = bool(reach[other, one])
            stages.append(table.pair(one, other, len(stages) + 1, "refuse" if circle else "lock"))
            if circle and not stronger[other, one]:
                # Only wins as strong as itself stand against it: the order among equals decided.
                rivals = tuple(f"{names[a]}>{names[b]}" for a, b in group)
                by = lot.by({names[n] for win in group for n in win})
                ties.append(Tie(stage=len(stages), about="pair", candidates=rivals, chosen=rivals[0], by=by))
            if not circle and not reach[one, other]:
                ahead, behind = reach[:, one].copy(), reach[other].copy()
                ahead[one] = behind[other] = True
                reach |= np.outer(ahead, behind)
    return stages, ties, reach


def _unfold(
    table: Table, beats: NDArray[np.bool_], lot: Lot, *, seats: int, stage: int
) -> tuple[list[str], list[Tie]]:  # fmt: skip
    """Put options in order: again and again the one that nobody left beats; where there are several, the one drawn first."""
    left = list(range(len(table.names)))
    ranking: list[str] = []
    ties: list[Tie] = []
    while left:
        names = [table.names[one] for one in left if not beats[left, one].any()]
        chosen = lot.first(names)
        if len(names) > 1 and len(ranking) < seats:
            ties.append(Tie(stage=stage, about="ranking", candidates=tuple(names), chosen=chosen, by=lot.by(names)))
        ranking.append(chosen)
        left.remove(table.names.index(chosen))
    return ranking, ties


def _layers(names: Sequence[str], beats: NDArray[np.bool_]) -> list[list[str]]:
    """Return the order before any lot: those whom nobody beats, then those whom nobody left beats, and so on."""
    left, layers = list(range(len(names))), []
    while left:
        free = [one for one in left if not beats[left, one].any()]
        layers.append([names[one] for one in free])
        left = [one for one in left if one not in free]
    return layers


def _result(
    method: str, table: Table, beats: NDArray[np.bool_], stages: tuple[Stage, ...], ties: tuple[Tie, ...], *,
    params: Mapping[str, Any], lot: Lot, extra: Mapping[str, Any],
) -> Result:  # fmt: skip
    seats, last, profile = params["seats"], max(len(stages), 1), table.profile
    ranking, more = _unfold(table, beats, lot, seats=seats, stage=last)
    before = ranking[: ranking.index(params["default"])] if params["default"] else ranking
    elected = tuple(Elected(candidate=name, stage=last, how="most") for name in before[:seats])
    known = {
        "pairwise": table.by_pair(table.above), "condorcet_winner": table.undefeated(), "ranks": _layers(table.names, beats),
        "set_aside": list(table.beaten),
    }  # fmt: skip
    return Result(
        method=method, options=profile.options, seats=seats, valid=profile.votes(profile.total),
        blank=profile.votes(profile.blank), elected=elected if profile.total else (), stages=stages,
        ranking=(*ranking, *table.beaten), ties=(*ties, *more) if profile.total else (),
        params={key: value for key, value in params.items() if key != "seats"}, extra={**known, **extra},
    )  # fmt: skip

"""The single transferable vote: seats by quota; what is above it goes on in part, who is last drops out and goes on whole."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toadlane.democracy.counting.policies.papers import NOBODY, Papers, read, readable
from toadlane.democracy.counting.policies.profiles import Profile, total_by
from toadlane.democracy.counting.policies.results import Elected, Number, Result, Stage, Tie
from toadlane.democracy.counting.policies.ties import Lot, settle

# Scottish Local Government Elections Order 2007 (SSI 2007/42) and 2011 (SSI 2011/399), schedule 1, part III.
SCOTTISH: Mapping[str, Any] = {"quota": "droop", "places": 5, "max_skipped": 0, "overvote": "exhaust"}


def quota(valid: Number, seats: int, kind: str = "droop") -> Number:
    """Return the votes that secure a seat.

    `droop`: floor(valid / (seats + 1)) + 1 (SSI 2007/42, rule 46; vectors 11, T1 and T2). `hagenbach-bischoff`: valid /
    (seats + 1), exactly. `hare`: valid / seats, exactly.
    """
    if kind == "hare":
        return Fraction(valid) / max(seats, 1)
    share = Fraction(valid) / (seats + 1)
    return share if kind == "hagenbach-bischoff" else share // 1 + 1


def scottish(profile: Profile, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Fill seats as Scottish councils do: Droop quota, values cut to five decimals; a gap or a doubled rank ends a paper.

    :param params: `seats`
    """
    return count(profile, params={**SCOTTISH, **params}, lot=lot, method="scottish-stv")


def count(profile: Profile, *, params: Mapping[str, Any], lot: Lot, method: str = "stv") -> Result:
    """Fill seats by the single transferable vote, surpluses passed on by the weighted inclusive Gregory method.

    Every paper of an elected option goes on, at its value times surplus / votes (rule 48(3)); the largest surplus first, one a
    stage (rule 49); then the option with the fewest votes is excluded, its papers going on at the value they had (rules 50, 51).
    Who is left when as many are left as seats is elected (rule 52). Where `places` is a number each transfer value is cut to
    so many decimals, and what that loses is counted as non-transferable; without it, values are exact fractions.

    :param params: `seats`; `quota` (see `quota`); `places`; `max_skipped`, `overvote` (see papers.read)
    :returns: stages whose totals with `non_transferable` sum to the valid votes, each time
    """
    lines = read(profile, max_skipped=params["max_skipped"], overvote=params["overvote"], repeats="skip")
    profile, lines, rejected = readable(profile, lines)
    run = _Count(profile, Papers(lines), lot, params)
    run.first_preferences()
    while not run.is_full():
        if (name := run.largest_surplus()) is not None:
            run.transfer(name)
        else:
            run.exclude(run.weakest())
    return run.result(method, rejected)


class _Count:
    """A count under way. Values and totals are whole numbers of `1 / scale` votes where decimals are cut, else fractions."""

    def __init__(self, profile: Profile, papers: Papers, lot: Lot, params: Mapping[str, Any]) -> None:
        self.profile, self.papers, self.lot, self.params = profile, papers, lot, params
        self.options, self.seats = profile.options, int(params["seats"])
        self.places: int | None = params["places"]
        self.one: int = 10**self.places if self.places is not None else 1
        # A paper's value is values[parcel[row]]: few values, many papers.
        self.values: list[Number] = [self.one]
        self.parcel = np.zeros(len(papers.weights), np.int32)
        self.totals: dict[str, Number] = {}
        self.left = list(self.options)
        self.elected: list[Elected] = []
        self.surpluses: list[str] = []
        self.out: list[str] = []
        self.history: list[dict[str, Number]] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        # In the same units as totals: a paper of weight 1 counts `unit` votes.
        self.valid: Number = profile.total * self.one
        self.quota = quota(profile.votes(profile.total), self.seats, params["quota"])
        self.bar: Number = self.quota / profile.unit * self.one

    def first_preferences(self) -> None:
        self.totals = {name: units * self.one for name, units in zip(self.options, self.papers.totals().tolist(), strict=True)}
        self.stage("first_preferences", None, {})

    def is_full(self) -> bool:
        return len(self.elected) >= self.seats or not self.left or not self.valid

    def stage(self, action: str, name: str | None, gained: Mapping[str, Number]) -> None:
        """Close a stage: note the totals, then whom they elect."""
        self.history.append(dict(self.totals))
        before = len(self.elected)
        if self.valid:
            self.elect()
        self.stages.append(
            Stage(
                number=len(self.history), action=action, candidates=(name,) if name else (),
                totals=self.votes(self.totals), transfers=self.votes(gained),
                non_transferable=self.vote(self.valid - sum(self.totals.values())),
                elected=tuple(one.candidate for one in self.elected[before:]),
            )
        )  # fmt: skip

    def vote(self, units: Number) -> Number:
        exact = Fraction(units) * self.profile.unit / self.one
        return int(exact) if exact.denominator == 1 else exact

    def votes(self, units: Mapping[str, Number]) -> dict[str, Number]:
        return {name: self.vote(number) for name, number in units.items()}

    def elect(self) -> None:
        """Elect who reaches the quota, most votes first; then all who are left, where there are seats for all (rules 47, 52)."""
        reached = [name for name in self.left if self.totals[name] >= self.bar]
        while reached and len(self.elected) < self.seats:
            name = self.take(reached, about="election", lowest=False, matters=len(reached) > self.seats - len(self.elected))
            reached.remove(name)
            self.seat(name, "quota")
        while self.left and len(self.left) <= self.seats - len(self.elected):
            self.seat(self.take(self.left, about="election", lowest=False, matters=False), "remaining")

    def seat(self, name: str, how: str) -> None:
        self.left.remove(name)
        self.elected.append(Elected(candidate=name, stage=len(self.history), how=how))
        if self.totals[name] > self.bar:
            self.surpluses.append(name)

    def take(self, names: list[str], *, about: str, lowest: bool, matters: bool = True) -> str:
        """Take the one with the most (or fewest) votes; a tie is told where something hangs on it."""
        extreme = (min if lowest else max)(self.totals[name] for name in names)
        equal = [name for name in names if self.totals[name] == extreme]
        name, tie = settle(
            equal, about=about, stage=len(self.history), history=self.history, lowest=lowest, lot=self.lot
        )  # fmt: skip
        if tie and matters:
            self.ties.append(tie)
        return name

    def largest_surplus(self) -> str | None:
        return self.take(self.surpluses, about="surplus", lowest=False) if self.surpluses else None

    def weakest(self) -> str:
        return self.take(self.left, about="exclusion", lowest=True)

    def transfer(self, name: str) -> None:
        """Pass on a surplus: every paper at its value times surplus / votes."""
        self.surpluses.remove(name)
        held = self.totals[name]
        rows = self.papers.pile(self.options.index(name))
        gained = self.move(rows, {parcel: self.share(self.values[parcel], held) for parcel in self.parcels(rows)})
        self.totals[name] = self.bar
        self.stage("surplus", name, gained)

    def share(self, value: Number, held: Number) -> Number:
        part = Fraction(value) * Fraction(held - self.bar) / Fraction(held)
        return part // 1 if self.places is not None else part

    def exclude(self, name: str) -> None:
        self.left.remove(name)
        self.out.append(name)
        rows = self.papers.pile(self.options.index(name))
        gained = self.move(rows, {parcel: self.values[parcel] for parcel in self.parcels(rows)})
        self.totals[name] = 0
        self.stage("exclusion", name, gained)

    def parcels(self, rows: NDArray[Any]) -> list[int]:
        return np.flatnonzero(np.bincount(self.parcel[rows], minlength=len(self.values))).tolist() if len(rows) else []

    def move(self, rows: NDArray[Any], worth: Mapping[int, Number]) -> dict[str, Number]:
        """Deal these papers out, each parcel at what it is worth now, and return what everybody gained."""
        known = {value: number for number, value in enumerate(self.values)}
        renumbered = np.zeros(len(self.values), np.int32)
        for parcel, value in worth.items():
            if value not in known:
                known[value] = len(self.values)
                self.values.append(value)
            renumbered[parcel] = known[value]
        self.parcel[rows] = renumbered[self.parcel[rows]]
        continuing = np.array([name in self.left for name in self.options])
        holder = self.papers.deal(rows, continuing).astype(np.int64)
        held = holder != NOBODY
        width = len(self.values)
        at = holder[held] * width + self.parcel[rows][held]
        counts = total_by(at, self.papers.weights[rows][held], len(self.options) * width)
        gained: dict[str, Number] = {}
        for place in np.flatnonzero(counts).tolist():
            name, value = self.options[place // width], self.values[place % width]
            gained[name] = gained.get(name, 0) + int(counts[place]) * value
        for name, votes in gained.items():
            self.totals[name] += votes
        return gained

    def result(self, method: str, rejected: int) -> Result:
        unseated = sorted(self.left, key=lambda name: (-self.totals[name], self.lot.place[name]))
        votes = self.profile.votes
        return Result(
            method=method, options=self.options, seats=self.seats, valid=votes(self.profile.total),
            blank=votes(self.profile.blank), rejected=votes(rejected), quota=self.quota, elected=tuple(self.elected),
            stages=tuple(self.stages), ranking=(*(one.candidate for one in self.elected), *unseated, *reversed(self.out)),
            ties=tuple(self.ties), params={key: value for key, value in self.params.items() if key != "seats"},
            extra={"vacant": max(self.seats - len(self.elected), 0)}, places=self.places,
        )  # fmt: skip

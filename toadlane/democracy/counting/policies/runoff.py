"""Instant runoff: the weakest drops out and its papers go on, until somebody holds more than half of what still counts."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from toadlane.democracy.counting.policies.papers import Papers, read
from toadlane.democracy.counting.policies.profiles import Profile
from toadlane.democracy.counting.policies.results import Elected, Number, Result, Stage, Tie
from toadlane.democracy.counting.policies.ties import Lot, settle


def count(profile: Profile, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Elect one by instant runoff (vectors 11, I1 to I3).

    Minneapolis Code of Ordinances, title 8.5, chapter 167, as the public tabulator RCTab runs it: the threshold of a round is
    more than half of the papers that count in it, and a paper is exhausted by more than `max_skipped` empty ranks in a row.

    :param params: `max_skipped`, `overvote`, `repeats` (see papers.read); `batch`: exclude at once all who even together
        cannot reach the next; `first_out`: options excluded before anybody else (write-ins without a name); `until`:
        `majority`, or `two` to go on until two are left
    :returns: stages with the papers exhausted so far in `non_transferable`, by reason in `notes`, the threshold in `needed`
    """
    lines = read(profile, max_skipped=params["max_skipped"], overvote=params["overvote"], repeats=params["repeats"])
    run = _Run(profile, Papers(lines), lot)
    run.record("first_preferences", ())
    while run.active and not run.is_decided(params["until"]):
        run.exclude(*run.weakest(batch=params["batch"], first_out=params["first_out"]))
    return run.result(params)


class _Run:
    def __init__(self, profile: Profile, papers: Papers, lot: Lot) -> None:
        self.profile, self.papers, self.lot = profile, papers, lot
        self.left = list(profile.options)
        self.out: list[str] = []
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        self.history: list[dict[str, Number]] = []

    @property
    def totals(self) -> dict[str, Number]:
        return self.history[-1]

    @property
    def active(self) -> Number:
        return sum(self.totals.values())

    def record(self, action: str, gone: Sequence[str]) -> None:
        names, before = self.profile.options, self.history[-1] if self.history else {}
        totals: dict[str, Number] = {
            name: self.profile.votes(units) for name, units in zip(names, self.papers.totals().tolist(), strict=True)
        }
        self.history.append(totals)
        gained = {name: totals[name] - before[name] for name in self.left if before and totals[name] != before[name]}
        self.stages.append(
            Stage(
                number=len(self.history), action=action, candidates=tuple(gone),
                totals={name: totals[name] for name in self.left},
                non_transferable=self.profile.votes(self.profile.total) - self.active, transfers=gained, needed=self.needed(),
                notes={reason: self.profile.votes(units) for reason, units in self.papers.ended().items()},
            )
        )  # fmt: skip

    def needed(self) -> Number:
        """Return the threshold: the least whole number above half, or half itself where votes are no whole numbers."""
        return self.active // 2 + 1 if self.profile.unit == 1 else Fraction(self.active) / 2

    def is_decided(self, until: str) -> bool:
        if len(self.left) == 1:
            return True
        has_majority = 2 * max(self.totals.values()) > self.active
        return has_majority and (until == "majority" or len(self.left) == 2)

    def weakest(self, *, batch: bool, first_out: Sequence[str]) -> tuple[list[str], Tie | None]:
        """Choose who drops out now: who is listed to go first, all who cannot catch up, or the one with the fewest votes."""
        listed = [name for name in self.left if name in first_out]
        if listed and len(listed) < len(self.left):
            return listed, None
        hopeless = self.hopeless() if batch else []
        if len(hopeless) > 1:
            return hopeless, None
        fewest = min(self.totals[name] for name in self.left)
        lowest = [name for name in self.left if self.totals[name] == fewest]
        name, tie = settle(
            lowest, about="exclusion", stage=len(self.history), history=self.history, lowest=True, lot=self.lot
        )  # fmt: skip
        return [name], tie

    def hopeless(self) -> list[str]:
        """Return the largest group whose votes together stay below those of the next: none of them can win."""
        found: list[str] = []
        seen: list[str] = []
        together: Number = 0
        for name in sorted(self.left, key=self.totals.__getitem__):
            if seen and self.totals[name] > together:
                found = list(seen)
            seen.append(name)
            together += self.totals[name]
        return [name for name in self.left if name in found]

    def exclude(self, gone: list[str], tie: Tie | None) -> None:
        if tie:
            self.ties.append(tie)
        self.left = [name for name in self.left if name not in gone]
        # The one with the most votes of those who go together is told last: the ranking reads from there.
        self.out += sorted(gone, key=self.totals.__getitem__)
        continuing = np.array([name in self.left for name in self.profile.options])
        rows = np.concatenate([self.papers.pile(self.profile.options.index(name)) for name in gone])
        self.papers.deal(rows, continuing)
        self.record("exclusion", gone)

    def result(self, params: Mapping[str, Any]) -> Result:
        order = sorted(self.left, key=lambda name: (-self.totals[name], self.lot.place[name]))
        elected: tuple[Elected, ...] = ()
        if self.active:
            how = "remaining" if 2 * self.totals[order[0]] <= self.active else "majority"
            elected = (Elected(candidate=order[0], stage=len(self.stages), how=how),)
        return Result(
            method="irv", options=self.profile.options, seats=1, valid=self.profile.votes(self.profile.total),
            blank=self.profile.votes(self.profile.blank), quota=self.stages[-1].needed, elected=elected,
            stages=tuple(self.stages), ranking=(*order, *reversed(self.out)), ties=tuple(self.ties), params=dict(params),
            extra={"eliminated": list(self.out)},
        )  # fmt: skip

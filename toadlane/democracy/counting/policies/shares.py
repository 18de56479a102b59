"""The method of equal shares: everybody holds a part of the budget, and a project is paid by those who want it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toadlane.democracy.counting.policies.budgets import by_votes, costs_of, outcome, votes_for
from toadlane.democracy.counting.policies.profiles import EXACT, Profile, TooHeavy
from toadlane.democracy.counting.policies.results import Number, Result, Stage, Tie
from toadlane.democracy.counting.policies.ties import Lot

# Doubles propose, exact numbers decide: whatever lies this close, relatively, is computed exactly. Doubles err by far less.
_NEAR = 1e-9
_CLOSER = 1e-12


def count(profile: Profile, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Fund projects from equal parts of the budget: who votes for a project pays for it, all alike or with all they still have.

    D. Peters, G. Pierczyński and P. Skowron, Proportional participatory budgeting with additive utilities, NeurIPS 2021. At each
    step the project is funded that costs its supporters least per unit of satisfaction; of equals the one with more votes, then
    the one drawn first. Exact throughout.

    :param params: `budget` and `costs` in minor units; `satisfaction`: `cost` (how much is spent on what I voted for) or `count`
        (how many of them are funded); `completion`: `votes` spends what is left on the projects with the most votes that still
        fit, `none` leaves it
    :returns: a stage for each project funded, with the most a supporter paid for it as `price` in `notes`
    :raises BadCost: when a project has no cost
    """
    costs, votes = costs_of(profile.options, params["costs"]), votes_for(profile)
    run = _Shares(profile, params, costs, votes, lot)
    run.spend()
    by_shares = [stage.candidates[0] for stage in run.stages]
    left = params["budget"] - sum(costs[name] for name in by_shares)
    if params["completion"] == "votes":
        rest = {name: cost for name, cost in costs.items() if name not in by_shares}
        stages, ties, left = by_votes(votes, rest, left=left, lot=lot, first=len(by_shares) + 1, action="complete")
        run.stages += stages
        run.ties += ties
    extra = {"by_shares": by_shares, "left": left}
    return outcome("equal-shares", profile, run.stages, run.ties, votes, params=params, lot=lot, extra=extra)


@dataclass
class _Project:
    name: str
    cost: int
    rows: NDArray[Any]
    weights: NDArray[np.int64]
    # What it gives each supporter.
    worth: int
    # What a unit of that costs them at least: purses only shrink.
    rate: float = 0.0


class _Purses:
    """What each row of voters still holds a head: `units / over` minor units exactly, `about` the same in doubles."""

    def __init__(self, rows: int, budget: int, voters: int) -> None:
        self.units = np.full(rows, budget, object)
        self.over = voters
        self.about = np.full(rows, budget / voters)

    def charge(self, rows: NDArray[Any], price: Fraction) -> None:
        """Take the price from each of these, or all they have."""
        over = lcm(self.over, price.denominator)
        self.units *= over // self.over
        self.over = over
        self.units[rows] = np.maximum(self.units[rows] - price.numerator * (over // price.denominator), 0)
        self.about[rows] = (self.units[rows] / over).astype(np.float64)

    def together(self, project: _Project, among: NDArray[np.bool_] | None = None) -> int:
        """Return what these supporters hold together, in units."""
        rows, weights = (project.rows, project.weights) if among is None else (project.rows[among], project.weights[among])
        return int((self.units[rows] * weights.astype(object)).sum()) if len(rows) else 0

    def less_than(self, rows: NDArray[Any], price: Fraction) -> NDArray[np.bool_]:
        """Say who holds less than the price: doubles where they can tell, exact numbers where they are close."""
        limit = float(price)
        less = self.about[rows] < limit
        close = np.flatnonzero(np.abs(self.about[rows] - limit) <= limit * _NEAR)
        less[close] = self.units[rows[close]] * price.denominator < price.numerator * self.over
        return less


class _Shares:
    def __init__(
        self, profile: Profile, params: Mapping[str, Any], costs: Mapping[str, int], votes: Mapping[str, Number], lot: Lot
    ) -> None:
        if profile.total >= EXACT:
            raise TooHeavy
        self.votes, self.lot = votes, lot
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        # A row of weight w is w heads that hold a part each, and always the same.
        self.purses = _Purses(len(profile.weights), params["budget"], max(profile.total, 1))
        self.projects: list[_Project] = []
        for number, name in enumerate(profile.options):
            rows = np.flatnonzero((profile.cells == number).any(axis=1))
            worth = max(costs[name], 1) if params["satisfaction"] == "cost" else 1
            if len(rows):
                self.projects.append(_Project(name, costs[name], rows, profile.weights[rows], worth))

    def spend(self) -> None:
        while near := self.candidates():
            project, price = self.cheapest(near)
            self.projects.remove(project)
            self.purses.charge(project.rows, price)
            notes = {"cost": project.cost, "price": price}
            totals = {project.name: self.votes[project.name]}
            number, names = len(self.stages) + 1, (project.name,)
            self.stages.append(Stage(number=number, action="fund", candidates=names, totals=totals, elected=names, notes=notes))

    def candidates(self) -> list[_Project]:
        """Return the projects whose rate may be the lowest; drop those that their supporters can no longer pay for."""
        best, looked = float("inf"), []
        for project in sorted(self.projects, key=lambda project: project.rate):
            if project.rate > best * (1 + _NEAR):
                break
            rate = self.rate(project)
            if rate is None:
                self.projects.remove(project)
                continue
            project.rate, best = rate, min(best, rate)
            looked.append(project)
        return [project for project in looked if project.rate <= best * (1 + _NEAR)]

    def rate(self, project: _Project) -> float | None:
        """Return in doubles what a unit of the project costs; None where its supporters hold too little, which is exact."""
        purses, weights = self.purses.about[project.rows], project.weights
        together = float(purses @ weights)
        if together < project.cost * (1 + _NEAR) and self.purses.together(project) < project.cost * self.purses.over:
            return None
        order = np.argsort(purses)
        purses, weights = purses[order], weights[order]
        # Were all before a row to give everything and the rest alike: the first row that holds as much tells the price.
        before = np.cumsum(purses * weights) - purses * weights
        price = (project.cost - before) / np.cumsum(weights[::-1])[::-1]
        enough = price <= purses * (1 + _CLOSER)
        return float(price[enough.argmax() if enough.any() else -1]) / project.worth

    def cheapest(self, near: list[_Project]) -> tuple[_Project, Fraction]:
        prices = {project.name: self.price(project) for project in near}
        least = min(prices[project.name] / project.worth for project in near)
        equal = [project for project in near if prices[project.name] / project.worth == least]
        most = max(self.votes[project.name] for project in equal)
        names = tuple(project.name for project in equal if self.votes[project.name] == most)
        name = self.lot.first(names)
        if len(names) > 1:
            by = self.lot.by(names)
            self.ties.append(Tie(stage=len(self.stages) + 1, about="election", candidates=names, chosen=name, by=by))
        return next(project for project in equal if project.name == name), prices[name]

    def price(self, project: _Project) -> Fraction:
        """Return exactly what a supporter pays at most, so that together they pay the cost.

        Whoever holds less gives all. From nobody giving all, the price can only rise, and stops at the one that is right.
        """
        poor = self.purses.about[project.rows] < project.rate * project.worth * (1 - _CLOSER)
        price = self.shared(project, poor)
        if price is None or not (self.purses.less_than(project.rows, price) == poor).all():
            poor = np.zeros(len(project.rows), bool)
        while True:
            price = self.shared(project, poor)
            assert price is not None, "those who can pay together never all give everything and still too little"
            poorer = self.purses.less_than(project.rows, price)
            if (poorer == poor).all():
                return price
            poor = poorer

    def shared(self, project: _Project, poor: NDArray[np.bool_]) -> Fraction | None:
        """Return what is left of the cost for each of the others when these give all they have."""
        heads = int(project.weights[~poor].sum())
        missing = project.cost * self.purses.over - self.purses.together(project, poor)
        return Fraction(missing, self.purses.over * heads) if heads else None

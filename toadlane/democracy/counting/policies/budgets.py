"""Spending one budget together, the most votes first, as far as it fits."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from toadlane.democracy.counting.policies.profiles import Profile
from toadlane.democracy.counting.policies.results import Elected, Number, Result, Stage, Tie
from toadlane.democracy.counting.policies.ties import Lot
from toadlane.kernel.errors import Expected


class BadCost(Expected):
    words = _("Each project needs a cost: a whole number of minor units, not below zero.")
    status = 422
    field = "costs"


def costs_of(options: Iterable[str], costs: Mapping[str, Any]) -> dict[str, int]:
    """Return the cost of every project.

    :raises BadCost: when one has none, or none that can be paid
    """
    found = {}
    for name in options:
        cost = costs.get(name)
        if not isinstance(cost, int) or isinstance(cost, bool) or cost < 0:
            raise BadCost(hint=name)
        found[name] = cost
    return found


def votes_for(profile: Profile) -> dict[str, Number]:
    """Return the votes each project has; the cells of a row are the projects it names."""
    totals = [0] * (profile.end + 1)
    for column in profile.cells.T:
        for code in np.unique(column).tolist():
            totals[code] += int(profile.weights[column == code].sum())
    return {name: profile.votes(totals[number]) for number, name in enumerate(profile.options)}


def by_votes(
    votes: Mapping[str, Number], costs: Mapping[str, int], *, left: int, lot: Lot, first: int = 1, action: str = "fund"
) -> tuple[list[Stage], list[Tie], int]:  # fmt: skip
    """Go through projects from the most votes down and fund each that still fits (vectors 11, B1; as Decidim does it).

    Equals by the lot; the tie is told where not all of them can be paid. What nobody voted for is not funded.

    :returns: a stage for each project, `action` or `skip`, with its votes; the ties; and what is left of the budget
    """
    stages: list[Stage] = []
    ties: list[Tie] = []
    wanted = sorted((name for name in costs if votes[name]), key=lambda name: (-votes[name], lot.place[name]))
    for name in wanted:
        equal = tuple(other for other in wanted if votes[other] == votes[name])
        if name == equal[0] and len(equal) > 1 and sum(costs[other] for other in equal) > left >= min(costs[o] for o in equal):
            told = {"stage": first + len(stages), "about": "election", "candidates": equal, "chosen": name, "by": lot.by(equal)}
            ties.append(Tie(**told))  # type: ignore[arg-type]
        fits = costs[name] <= left
        left -= costs[name] if fits else 0
        notes = {"cost": costs[name], "left": left}
        stages.append(
            Stage(number=first + len(stages), action=action if fits else "skip", candidates=(name,), totals={name: votes[name]},
                  elected=(name,) if fits else (), notes=notes)
        )  # fmt: skip
    return stages, ties, left


def knapsack(profile: Profile, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Fund the projects with the most votes as far as the budget reaches (vectors 11, B1).

    :param params: `budget`; `costs` by project
    """
    costs, votes = costs_of(profile.options, params["costs"]), votes_for(profile)
    stages, ties, left = by_votes(votes, costs, left=params["budget"], lot=lot)
    return outcome("knapsack", profile, stages, ties, votes, params=params, lot=lot, extra={"left": left})


def outcome(
    method: str, profile: Profile, stages: list[Stage], ties: list[Tie], votes: Mapping[str, Number], *,
    params: Mapping[str, Any], lot: Lot, extra: Mapping[str, Any],
) -> Result:  # fmt: skip
    """Tell what is funded; the rest of the ranking is by votes."""
    elected = tuple(Elected(candidate=name, stage=stage.number, how="funded") for stage in stages for name in stage.elected)
    funded = [one.candidate for one in elected]
    rest = sorted((name for name in votes if name not in funded), key=lambda name: (-votes[name], lot.place[name]))
    spent = sum(params["costs"][name] for name in funded)
    return Result(
        method=method, options=profile.options, seats=None, valid=profile.votes(profile.total),
        blank=profile.votes(profile.blank), elected=elected, stages=tuple(stages), ranking=(*funded, *rest), ties=tuple(ties),
        params=dict(params), extra={"votes": votes, "spent": spent, **extra},
    )  # fmt: skip

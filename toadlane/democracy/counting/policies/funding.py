"""Matching what many give: quadratic funding."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import isqrt
from typing import Any

from toadlane.democracy.counting.policies import choices
from toadlane.democracy.counting.policies.profiles import BadWeight, Weight
from toadlane.democracy.counting.policies.results import Elected, Result, Stage
from toadlane.democracy.counting.policies.ties import Lot
from toadlane.kernel.rounding import largest_remainder

# What one person gave, or (amount, how many gave it).
Given = int | tuple[int, int]
# Roots that never end are cut after so many decimals, far beyond what a whole unit can show.
_DIGITS = 40


def ideal_match(contributions: Iterable[Given]) -> Fraction:
    """Return (sum of the square roots)² less the sum: what a project would be matched with, were the pool endless.

    V. Buterin, Z. Hitzig and E. G. Weyl, A flexible design for funding public goods, Management Science 65 (2019). Multiplied
    out, so that it is exact wherever roots end: the sum of 2·√(a·b) over all pairs of contributions.

    :param contributions: in minor units, one number a person; squares in the number of different amounts
    """
    people: Counter[int] = Counter()
    for given in contributions:
        amount, count = given if isinstance(given, tuple) else (given, 1)
        people[amount] += count
    same = sum(amount * count * (count - 1) for amount, count in people.items())
    scale = 10**_DIGITS
    cross = sum(people[a] * people[b] * 2 * isqrt(a * b * scale * scale) for a, b in combinations(people, 2))
    return same + Fraction(cross, scale)


def match(contributions: Mapping[str, Iterable[Given]], pool: int) -> tuple[dict[str, int], dict[str, int]]:
    """Share a pool among projects in proportion to their ideal match; the shares sum to it exactly (vectors 11, F1 and F2).

    :param contributions: to each project, in minor units, one number a person
    :param pool: in minor units; also where it is more than all ideal matches together
    :returns: the ideal match of each, rounded half up to a unit, and its part of the pool; where no project has two who give,
        nothing is given out
    """
    exact = {name: ideal_match(given) for name, given in contributions.items()}
    ideal = {name: int((amount + Fraction(1, 2)) // 1) for name, amount in exact.items()}
    if not any(exact.values()):
        return ideal, dict.fromkeys(exact, 0)
    return ideal, largest_remainder(pool, exact)


def count(votes: Iterable[tuple[Any, Weight]], options: Sequence[str], *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Share the pool among projects by what people gave. Weights are numbers of people who gave just so.

    :param params: `pool`, in minor units
    :returns: `ideal_match`, `match`, what was `given` and how many `givers`, in `extra`; funded is whoever is matched at all
    :raises BadChoice: when an amount cannot be
    :raises BadWeight: when a weight is no whole number
    """
    given: dict[str, Counter[int]] = {name: Counter() for name in options}
    valid = blank = 0
    for choice, weight in votes:
        if not isinstance(weight, int) or weight < 0:
            raise BadWeight
        amounts = {name: amount for name, amount in choices.amounts(choice, options).items() if amount}
        valid, blank = (valid + weight, blank) if amounts else (valid, blank + weight)
        for name, amount in amounts.items():
            given[name][amount] += weight
    ideal, matched = match({name: list(found.items()) for name, found in given.items()}, params["pool"])
    ranking = sorted(options, key=lambda name: (-matched[name], -ideal[name], lot.place[name]))
    extra = {
        "ideal_match": ideal, "match": matched, "given": {name: sum(a * n for a, n in given[name].items()) for name in options},
        "givers": {name: given[name].total() for name in options},
    }  # fmt: skip
    elected = tuple(Elected(candidate=name, stage=1, how="funded") for name in ranking if matched[name])
    return Result(
        method="quadratic-funding", options=tuple(options), seats=None, valid=valid, blank=blank, elected=elected,
        stages=(Stage(number=1, action="totals", totals=matched),), ranking=tuple(ranking), params=dict(params), extra=extra,
    )  # fmt: skip

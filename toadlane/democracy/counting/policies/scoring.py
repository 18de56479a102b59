"""Votes that are added up: approval, scores, dots, and votes that cost their square."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from toadlane.democracy.counting.policies.profiles import BadWeight, Weight
from toadlane.democracy.counting.policies.results import Elected, Number, Result, Stage, Tie
from toadlane.democracy.counting.policies.ties import Lot

Checked = Callable[[Any], Mapping[str, int]]


@dataclass
class Tally:
    """Numbers given to options, by how many: `by_number[option][number]` is the weight of the votes that gave it."""

    options: tuple[str, ...]
    by_number: dict[str, dict[int, Number]] = field(default_factory=dict)
    valid: Number = 0
    blank: Number = 0

    def totals(self) -> dict[str, Number]:
        return {name: sum(number * weight for number, weight in found.items()) for name, found in self.by_number.items()}

    def given(self, name: str) -> Number:
        return sum(self.by_number[name].values())


def gather(votes: Iterable[tuple[Any, Weight]], options: Sequence[str], check: Checked) -> Tally:
    """Read votes once, checking each, and keep only how often each number was given to each option.

    :raises BadChoice: as `check` does
    :raises BadWeight: when a weight is no exact number, or below zero
    """
    tally = Tally(tuple(options), {name: {} for name in options})
    for choice, weight in votes:
        if not isinstance(weight, int | Fraction) or weight < 0:
            raise BadWeight
        given = check(choice)
        if not given:
            tally.blank += weight
            continue
        tally.valid += weight
        for name, number in given.items():
            found = tally.by_number[name]
            found[number] = found.get(number, 0) + weight
    return tally


def mean(found: Mapping[int, Number]) -> Fraction | None:
    """Return the exact mean of numbers by how often they were given, blanks left out; None where nobody gave any."""
    weight = Fraction(sum(found.values()))
    return Fraction(sum(number * count for number, count in found.items())) / weight if weight else None


def median(found: Mapping[int, Number]) -> Fraction | None:
    """Return the median, blanks left out; between two middle numbers, halfway (vectors 11, C1). None where nobody gave any."""
    weight, reached, lower = sum(found.values()), Fraction(0), None
    if not weight:
        return None
    for number in sorted(number for number, count in found.items() if count):
        reached += found[number]
        if lower is not None:
            return Fraction(lower + number, 2)
        if 2 * reached > weight:
            return Fraction(number)
        if 2 * reached == weight:
            lower = number
    raise AssertionError("a median lies among the numbers given")


def choose(
    keys: Mapping[str, Sequence[Number]], *, seats: int, lot: Lot, stage: int = 1
) -> tuple[list[str], tuple[Tie, ...]]:  # fmt: skip
    """Put options in order of their keys, the largest first, equals by the lot; tell a tie for the last seat.

    Vectors 11, A2: where equals compete for a seat, the one drawn first has it.
    """
    ranking = sorted(keys, key=lambda name: ([-number for number in keys[name]], lot.place[name]))
    if not 0 < seats < len(ranking) or keys[ranking[seats - 1]] != keys[ranking[seats]]:
        return ranking, ()
    equal = [name for name in ranking if keys[name] == keys[ranking[seats]]]
    chosen = [name for name in ranking[:seats] if name in equal]
    return ranking, tuple(
        Tie(stage=stage, about="election", candidates=tuple(equal), chosen=name, by=lot.by(equal)) for name in chosen
    )


def _result(
    method: str, tally: Tally, keys: Mapping[str, Sequence[Number]], *, params: Mapping[str, Any], lot: Lot,
    extra: Mapping[str, Any],
) -> Result:  # fmt: skip
    ranking, ties = choose(keys, seats=params["seats"], lot=lot)
    elected = tuple(Elected(candidate=name, stage=1, how="most") for name in ranking[: params["seats"]])
    return Result(
        method=method, options=tally.options, seats=params["seats"], valid=tally.valid, blank=tally.blank,
        elected=elected if tally.valid else (), stages=(Stage(number=1, action="totals", totals=tally.totals()),),
        ranking=tuple(ranking), ties=ties if tally.valid else (),
        params={key: value for key, value in params.items() if key != "seats"}, extra=extra,
    )  # fmt: skip


def by_total(method: str, tally: Tally, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Elect those with the largest totals: approval (vectors 11, A), dots (D) and quadratic votes (Q).

    :param params: `seats`
    """
    totals = tally.totals()
    return _result(method, tally, {name: (totals[name],) for name in tally.options}, params=params, lot=lot, extra={})


def by_score(tally: Tally, *, params: Mapping[str, Any], lot: Lot) -> Result:
    """Elect those with the best scores (vectors 11, C1).

    An option that nobody scored comes last. Equal medians are told apart by the mean; equal means by the lot.

    :param params: `seats`; `measure`: `mean` or `median`; `blank`: where a vote does not score an option, `excluded` leaves it
        out and `lowest` counts the lowest score; `min`
    :returns: `means` and `medians` in `extra`, exact, and how many scored each option in `scored_by`
    """
    if params["blank"] == "lowest":
        for name, found in tally.by_number.items():
            found[params["min"]] = found.get(params["min"], 0) + tally.valid - tally.given(name)
    means = {name: mean(found) for name, found in tally.by_number.items()}
    medians = {name: median(found) for name, found in tally.by_number.items()}
    first, second = (medians, means) if params["measure"] == "median" else (means, {})
    unscored = Fraction(params["min"]) - 1
    keys = {name: [_or(first[name], unscored), _or(second.get(name), unscored)] for name in tally.options}
    extra = {"means": means, "medians": medians, "scored_by": {name: tally.given(name) for name in tally.options}}
    return _result("score", tally, keys, params=params, lot=lot, extra=extra)


def _or(number: Fraction | None, otherwise: Fraction) -> Fraction:
    return otherwise if number is None else number

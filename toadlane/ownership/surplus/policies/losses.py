"""Who bears a loss. Golden vectors 04, L."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from toadlane.kernel.rates import floor, rate
from toadlane.kernel.rounding import Weight, largest_remainder


@dataclass(frozen=True)
class Borne:
    voluntary: int
    fro: int
    members: dict[str, int]


def spanish_loss(
    *, loss: int, voluntary_reserve: int, fro: int, fro_avg_rate: str | Fraction, activity: Mapping[str, Weight],
    min_activity: Mapping[str, Weight] | None = None,
) -> Borne:  # fmt: skip
    """Put a loss to the voluntary reserve, to part of the mandatory one, and the rest to members by activity (L1).

    Ley 27/1999, article 59: the voluntary reserve may bear all of it; the mandatory reserve at most the average share of
    surplus allotted to it in the last five years (read here as a share of the loss); members bear the rest by their
    activity, and by no less than the activity they committed to.
    """
    voluntary = min(loss, voluntary_reserve)
    reserve = min(loss - voluntary, fro, floor(rate(fro_avg_rate) * loss))
    weights = {name: max(rate(done), rate((min_activity or {}).get(name, 0))) for name, done in activity.items()}
    return Borne(voluntary, reserve, largest_remainder(loss - voluntary - reserve, weights))

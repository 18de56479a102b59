"""A community share offer: minimum, target, maximum, and scaling back. Golden vectors 05, O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.rounding import largest_remainder


class BelowMinStake(Expected):
    words = _("That is less than the smallest stake of this offer.")
    status = 422
    field = "amount"


class AboveMaxStake(Expected):
    words = _("That is more than the largest stake of this offer.")
    status = 422
    field = "amount"


@dataclass(frozen=True)
class Allotment:
    outcome: Literal["refund_all", "issue"]
    allotted: dict[str, int]


def allot(
    *, minimum: int, maximum: int, applications: Mapping[str, int], min_stake: int = 0, max_stake: int | None = None,
    unit: int = 1,
) -> Allotment:  # fmt: skip
    """Close an offer (O1 to O3): below the minimum everybody is refunded; above the maximum it is scaled back.

    Scaling back is in proportion to what was applied for, and takes nobody below the smallest stake: whoever would fall
    below keeps it, and the others share the rest in proportion.

    :param unit: shares are whole: the nominal value of one, which maximum, stakes and applications are multiples of
    :raises BelowMinStake, AboveMaxStake: for an application that is smaller than the smallest stake, or larger than the largest
    """
    if any(amount < min_stake for amount in applications.values()):
        raise BelowMinStake
    if max_stake is not None and any(amount > max_stake for amount in applications.values()):
        raise AboveMaxStake
    asked = sum(applications.values())
    if asked < minimum or not applications:
        return Allotment("refund_all", {})
    if asked <= maximum:
        return Allotment("issue", dict(applications))
    kept: dict[str, int] = {}
    while True:
        sharing = {name: amount for name, amount in applications.items() if name not in kept}
        room = maximum - sum(kept.values())
        if room <= 0 or not sharing:  # Even the smallest stakes do not all fit: what there is goes to the earliest.
            return Allotment("issue", _earliest(applications, maximum, min_stake))
        shares = largest_remainder(room // unit, sharing)
        short = [name for name, share in shares.items() if share * unit < min_stake]
        if not short:
            scaled = {name: min(share * unit, applications[name]) for name, share in shares.items()}
            return Allotment("issue", {name: kept.get(name, scaled.get(name, 0)) for name in applications})
        kept |= dict.fromkeys(short, min_stake)


def _earliest(applications: Mapping[str, int], maximum: int, min_stake: int) -> dict[str, int]:
    found, left = {}, maximum
    for name in applications:
        if left < min_stake:
            break
        found[name] = min_stake
        left -= min_stake
    return found

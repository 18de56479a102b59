"""Who bears a loss. Golden vectors 04, L and Y2.

The reserve as far as the law lets it, members by what they did in the year of the loss and never by more than they left with
the co-op: nobody owes it money for a loss. What nobody bears is carried forward, and later surpluses cover it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from toadlane.kernel.rates import floor, rate
from toadlane.kernel.rounding import Weight, largest_remainder
from toadlane.ownership.surplus.policies.closing import shared_out

# `reserve`: nobody's account; `reserve_first`: what the reserve does not bear; `split`: a part that the bylaws name.
How = Literal["reserve", "reserve_first", "split"]


@dataclass(frozen=True)
class Borne:
    voluntary: int
    fro: int
    members: dict[str, int]


def spanish_loss(
    *, loss: int, activity: Mapping[str, Weight], voluntary_reserve: int = 0, fro: int = 0, fro_avg_rate: str | Fraction = "0",
    min_activity: Mapping[str, Weight] | None = None,
) -> Borne:  # fmt: skip
    """Put a loss to the voluntary reserve, to part of the mandatory one, and the rest to members by activity (L1).

    Ley 27/1999, article 59: the voluntary reserve may bear all of it; the mandatory reserve at most the average share of
    surplus allotted to it in the last five years (read here as a share of the loss); members bear the rest by their
    activity, and by no less than the activity they committed to, whoever did nothing at all included.
    """
    least = min_activity or {}
    voluntary = min(loss, voluntary_reserve)
    reserve = min(loss - voluntary, fro, floor(rate(fro_avg_rate) * loss))
    weights = {name: max(rate(activity.get(name, 0)), rate(least.get(name, 0))) for name in dict.fromkeys([*activity, *least])}
    return Borne(voluntary, reserve, largest_remainder(loss - voluntary - reserve, weights))


@dataclass(frozen=True)
class Imputed:
    """
    :param members: what is taken off each one's capital account; whoever bears nothing is left out
    :param capital: what is taken off each one's shares, of what their account does not bear
    """

    reserve: int
    members: dict[str, int]
    carried: int
    capital: dict[str, int] = field(default_factory=dict)


def impute(
    *, loss: int, how: How, members_share: Weight, reserve: int, done: Mapping[str, Mapping[str, Weight]],
    weights: Mapping[str, Weight], accounts: Mapping[str, int], shares: Mapping[str, int] | None = None,
) -> Imputed:  # fmt: skip
    """Share a loss out among the reserve and the members' capital accounts; the rest is carried forward.

    :param reserve: how much the reserve may bear: what it holds, or less where the law says so
    :param done: what members did in the year, by class, and `weights` of the classes, as a surplus would be shared
    :param accounts: what stands on each one's capital account; nobody bears more, and nobody bears it for another
    :param shares: what each one's shares may bear once the account is empty, where the bylaws say that they do
    """
    ours, theirs = loss, 0
    if how == "split":
        ours, theirs = largest_remainder(loss, [1 - rate(members_share), rate(members_share)])
    from_reserve = min(ours, reserve)
    if how == "reserve_first":
        theirs = loss - from_reserve
    wanted = shared_out(theirs, done, weights).members if theirs else {}
    members = {name: part for name, due in wanted.items() if (part := min(due, accounts.get(name, 0))) > 0}
    capital = {
        name: part for name, due in wanted.items() if (part := min(due - members.get(name, 0), (shares or {}).get(name, 0))) > 0
    }
    return Imputed(from_reserve, members, loss - from_reserve - sum(members.values()) - sum(capital.values()), capital)

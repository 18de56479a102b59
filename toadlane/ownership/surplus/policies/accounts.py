"""Internal capital accounts: what each member owns of the co-op, and what all own together. Golden vectors 04, Y.

Invariant: the members' accounts and the collective account add up to the net book value, at the end of every year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from toadlane.kernel.rates import half_up, rate
from toadlane.kernel.rounding import Weight, largest_remainder

COLLECTIVE = "collective"


@dataclass(frozen=True)
class Year:
    interest: dict[str, int]
    after_interest: int
    collective_alloc: int
    patronage: dict[str, int]
    cash: dict[str, int]
    retained: dict[str, int]
    closing: dict[str, int]
    net_book_value: int


def close_year(
    *, opening: Mapping[str, int], net_income: int, hours: Mapping[str, Weight], interest_rate: str | Fraction = "0",
    collective_share: str | Fraction = "0", cash_share: str | Fraction = "0", interest_to: str = "account",
) -> Year:  # fmt: skip
    """Credit a year's result to the accounts: interest, the collective part, then patronage, part of it in cash.

    In a year of loss no interest is paid, nothing is paid in cash, and the loss is borne in the same proportions.

    :param opening: balances by member, and `collective`
    :param interest_to: `account` credits it, `cash` pays it out
    """
    members = [name for name in opening if name != COLLECTIVE]
    interest = dict.fromkeys(members, 0)
    if net_income > 0:
        wanted = {name: half_up(rate(interest_rate) * max(0, opening[name])) for name in members}
        total = sum(wanted.values())
        interest = wanted if total <= net_income else largest_remainder(net_income, wanted)
    after = net_income - sum(interest.values())
    collective, pool = largest_remainder(after, [rate(collective_share), 1 - rate(collective_share)])
    worked = {name: rate(hours.get(name, 0)) for name in members}
    if not any(worked.values()):  # Nobody worked: what nobody earned is everybody's.
        collective, pool = after, 0
    patronage = largest_remainder(pool, worked)
    cash = {name: half_up(rate(cash_share) * share) if after > 0 else 0 for name, share in patronage.items()}
    retained = {name: patronage[name] - cash[name] for name in members}
    credited = interest if interest_to == "account" else dict.fromkeys(members, 0)
    closing = {name: opening[name] + credited[name] + retained[name] for name in members}
    closing[COLLECTIVE] = opening.get(COLLECTIVE, 0) + collective
    return Year(interest, after, collective, patronage, cash, retained, closing, sum(closing.values()))

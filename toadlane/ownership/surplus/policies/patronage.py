"""Giving the surplus back to those whose use and work made it. Golden vectors 03.

Only the business of members is given back; a class whose members did nothing gets nothing, and its pool stays with the
co-op: it is never shared out among the others in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from toadlane.kernel.dates import add_months
from toadlane.kernel.rates import Rounding, ceil, rate, scaled
from toadlane.kernel.rounding import Weight, largest_remainder


def by_patronage(
    pool: int, patronage: Mapping[str, Weight], index: Mapping[str, Weight] | None = None
) -> tuple[dict[str, int], int]:
    """Share a pool among members by what they did (P1, P2); return the shares, and what nobody earned.

    :param patronage: hours, purchases, royalties, kilometers: exact numbers, by member, in register order
    :param index: a factor for each member's hours, such as a pay index; 1 where there is none
    """
    weights: Mapping[str, Weight] = patronage
    if index:
        weights = {name: rate(weight) * rate(index.get(name, 1)) for name, weight in patronage.items()}
    if not any(rate(weight) if isinstance(weight, str) else weight for weight in weights.values()):
        return dict.fromkeys(weights, 0), pool
    return largest_remainder(pool, weights), 0


@dataclass(frozen=True)
class ClassPool:
    """A class's part of the pool, and what its members did."""

    id: str
    weight: Weight
    patronage: Mapping[str, Weight]
    basis: str = ""
    index: Mapping[str, Weight] | None = None


@dataclass(frozen=True)
class Shared:
    classes: dict[str, int]
    members: dict[str, int]
    to_collective: int


def by_class(pool: int, classes: Sequence[ClassPool]) -> Shared:
    """Share a pool among classes by the weights of the bylaws, and in each class by patronage (P4)."""
    pools = largest_remainder(pool, {one.id: one.weight for one in classes})
    members: dict[str, int] = {}
    unearned = 0
    for one in classes:
        shares, left = by_patronage(pools[one.id], one.patronage, one.index)
        unearned += left
        for name, share in shares.items():
            members[name] = members.get(name, 0) + share
    return Shared(pools, members, unearned)


def members_part(net_margin: int, member_business: Weight, nonmember_business: Weight) -> tuple[int, int]:
    """Split a margin into what came of business with members and what did not (P5): only the first may be given back.

    Ley 27/1999, article 57.3, and codice civile, article 2545-sexies, demand that the two are kept apart.
    """
    if not rate(member_business) + rate(nonmember_business):
        return 0, net_margin
    member, other = largest_remainder(net_margin, [member_business, nonmember_business])
    return member, other


def at_rate(purchases: Mapping[str, int], share: Weight, rounding: Rounding = "floor") -> dict[str, int]:
    """Give each member a rate of what they bought (P6); rounding down never gives more than was declared."""
    return {name: scaled(amount, rate(share), rounding) for name, amount in purchases.items()}


def worth_paying(due: Mapping[str, int], threshold: int) -> tuple[dict[str, int], dict[str, int]]:
    """Pay what reaches the threshold, and credit what does not for another year (P13)."""
    pay = {name: amount for name, amount in due.items() if amount >= threshold}
    return pay, {name: amount for name, amount in due.items() if name not in pay}


# --------------------------------------------------------------- United States: Subchapter T of the Internal Revenue Code


@dataclass(frozen=True)
class Qualified:
    min_cash: int
    qualified: bool
    retained: int
    deductible_now: int


def us_qualified(*, allocation: int, cash: int, consented: bool) -> Qualified:
    """Tell whether a written notice of allocation is qualified (P8, P9): consent, and at least 20 % in money.

    26 U.S.C. § 1388(c). A qualified notice is deducted whole and taxed with the patron now; of another only the money is.
    """
    needed = ceil(rate("0.20") * allocation)
    is_qualified = consented and cash >= needed
    return Qualified(needed, is_qualified, allocation - cash, allocation if is_qualified else cash)


def us_payment_deadline(fiscal_year_end: date) -> date:
    """Return the last day of the payment period (P10): the 15th of the ninth month after the year's end.

    26 U.S.C. § 1382(d).
    """
    return add_months(fiscal_year_end.replace(day=1), 9).replace(day=15)


def form_1099_patr(paid: Mapping[str, int], threshold: int = 1000) -> list[str]:
    """Return who is to be reported: everybody paid the threshold (ten dollars) or more (P12). 26 U.S.C. § 6044."""
    return [name for name, amount in paid.items() if amount >= threshold]


@dataclass(frozen=True)
class Deferred:
    deduction: dict[int, int] = field(default_factory=dict)
    patron_income: dict[int, int] = field(default_factory=dict)


def us_nonqualified(
    *, allocation: int, allocation_year: int, cash: int = 0, redeemed: Mapping[int, int] | None = None
) -> Deferred:  # fmt: skip
    """Say in which years a nonqualified allocation is deducted and taxed: its money now, the rest when redeemed (P14).

    26 U.S.C. § 1382(b)(2). What was never redeemed is deducted in no year.
    """
    years: dict[int, int] = {allocation_year: cash} if cash else {}
    left = allocation - cash
    for year, amount in sorted((redeemed or {}).items()):
        part = min(left, amount)
        left -= part
        if part:
            years[year] = years.get(year, 0) + part
    return Deferred(dict(years), dict(years))

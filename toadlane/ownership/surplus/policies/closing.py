"""A year from its result to each member's part: one pure function, so that anybody can work it out again.

`result → losses brought forward → what is not of members' business → reserve and funds (rounded up) → tax → interest
(capped, rounded down) → class pools → members → money and what is retained`. Golden vectors 02, 03; the order is that of
every statute we read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from toadlane.kernel.rates import rate
from toadlane.kernel.rounding import Weight, largest_remainder
from toadlane.ownership.surplus.policies import patronage
from toadlane.ownership.surplus.policies.waterfall import least, most


@dataclass(frozen=True)
class Terms:
    """What the bylaws say, as they stood when the year was worked out.

    :param reserve_until: when the reserve is full: `capital`, at the capital subscribed; `amount`, at `reserve_target`; `always`,
        at no point
    :param reserve_beyond: what goes to it in the years after that
    :param mutual: what goes to a fund for other co-ops, of the whole surplus
    :param by_patronage: whether anything is shared by what members did; interest on shares is not that
    :param without_subsidies: whether interest may only be paid out of what was not given by others
    """

    may_distribute: bool
    reserve: Weight
    education: Weight
    interest: Weight
    cash: Weight
    least_payout: int
    weights: Mapping[str, Weight] = field(default_factory=dict)
    reserve_until: str = "always"
    reserve_target: int = 0
    reserve_beyond: Weight = 0
    mutual: Weight = 0
    by_patronage: bool = True
    without_subsidies: bool = False


@dataclass(frozen=True)
class Facts:
    """What happened, from the books and the platform's own rows.

    :param member_business: of all business; only its part of a surplus may go back
    :param capital: paid-up nominal by member
    :param reserve: what the reserve held at the end of the year, and `subscribed` the whole capital, paid up or not
    :param subsidies: grants and gifts of the year, where the law leaves them out of what may bear interest
    :param patronage: what each member did, by class and member
    :param order: members as they stand in the register: of two with equal remainders the earlier one gets the cent. Said as a
        list, since names are kept in an order of the database's own choosing
    """

    result: int
    losses_bf: int
    tax: int
    member_business: int
    nonmember_business: int
    capital: Mapping[str, int]
    patronage: Mapping[str, Mapping[str, Weight]]
    order: Sequence[str] = ()
    reserve: int = 0
    subscribed: int = 0
    subsidies: int = 0

    def in_order(self) -> "Facts":
        """Return the same facts, with members and classes as the register has them, however they were kept."""
        place = {name: n for n, name in enumerate(self.order)}
        last = len(place)

        def sorted_by_register(told: Mapping[str, Any]) -> dict[str, Any]:
            return {name: told[name] for name in sorted(told, key=lambda name: place.get(name, last))}

        if not place:
            return self
        done = {name: sorted_by_register(members) for name, members in self.patronage.items()}
        first = {name: min((place.get(one, last) for one in members), default=last) for name, members in done.items()}
        by_class = {name: done[name] for name in sorted(done, key=lambda name: (first[name], name))}
        return replace(self, capital=sorted_by_register(self.capital), patronage=by_class)


@dataclass(frozen=True)
class Closed:
    """Every step with what it came to. `result` is the sum of all of them."""

    result: int
    losses_covered: int
    losses_cf: int
    base: int
    nonpatronage: int
    reserve: int
    education: int
    tax: int
    interest: dict[str, int]
    pool: int
    classes: dict[str, int]
    members: dict[str, int]
    unearned: int
    cash: dict[str, int]
    retained: dict[str, int]
    mutual: int = 0

    def as_json(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def to_reserve(self) -> int:
        """Return all that stays with the co-op for good: by law, by rule, and what nobody earned."""
        return self.reserve + self.nonpatronage + self.unearned


def close(facts: Facts, terms: Terms) -> Closed:
    """Work a year out. Where the bylaws forbid distribution, or there is a loss, members get nothing.

    What nobody earned stays with the co-op. Tax, and what is due to other co-ops, is taken out of what members' business
    brought, and then out of the rest; of a tax that is more than both, only what there is.
    """
    facts = facts.in_order()
    base = max(0, facts.result - facts.losses_bf)
    covered = min(max(0, facts.result), facts.losses_bf)
    losses_cf = facts.losses_bf - covered + max(0, -facts.result)
    of_members, other = base, 0
    if facts.nonmember_business:
        of_members, other = patronage.members_part(base, facts.member_business, facts.nonmember_business)
    reserve = least(_reserve_rate(facts, terms), of_members)
    education = min(least(terms.education, of_members), of_members - reserve)
    left = of_members - reserve - education
    mutual, left, other = _taken(least(terms.mutual, base), left, other)
    tax, left, other = _taken(facts.tax, left, other)
    bearing = max(0, left - facts.subsidies) if terms.without_subsidies else left
    interest = _interest(facts.capital, terms.interest, bearing) if terms.may_distribute else {}
    left -= sum(interest.values())
    if not (terms.may_distribute and terms.by_patronage):
        return Closed(
            facts.result, covered, losses_cf, base, other, reserve, education, tax, interest, 0, {}, {}, left, {}, {}, mutual
        )  # fmt: skip
    shared = shared_out(left, facts.patronage, terms.weights)
    cash, retained = _in_money(shared.members, terms)
    return Closed(
        facts.result, covered, losses_cf, base, other, reserve, education, tax, interest, left, shared.classes,
        shared.members, shared.to_collective, cash, retained, mutual,
    )  # fmt: skip


def _reserve_rate(facts: Facts, terms: Terms) -> Weight:
    """Return the part of the reserve: the whole of it until the reserve is full (golden vectors W1 to W3).

    Council Regulation (EC) 1435/2003, article 65, and loi 47-1775, article 16, ask for it "until" then. We read that as: the
    year in which the reserve fills up still gives it its whole part (W2), which is never less than the law asks for.
    """
    full = {"capital": facts.subscribed, "amount": terms.reserve_target}.get(terms.reserve_until)
    return terms.reserve if full is None or facts.reserve < full else terms.reserve_beyond


def _taken(due: int, left: int, other: int) -> tuple[int, int, int]:
    """Take what is due out of what is left of members' business, then out of the rest; return what was taken, and both."""
    first = min(due, left)
    second = min(due - first, other)
    return first + second, left - first, other - second


def _interest(capital: Mapping[str, int], yearly: Weight, available: int) -> dict[str, int]:
    """Give the whole capital its interest, no more than there is, and share it by what each has paid in."""
    whole = sum(capital.values())
    total = min(most(yearly, whole), available)
    return {name: part for name, part in largest_remainder(total, capital).items() if part} if total > 0 else {}


def shared_out(pool: int, done: Mapping[str, Mapping[str, Weight]], weights: Mapping[str, Weight]) -> patronage.Shared:
    """Share a pool among classes and members by what they did; where no class is named, all share as one."""
    known: Sequence[patronage.ClassPool] = [
        patronage.ClassPool(name, weights.get(name, 0) if weights else 1, members) for name, members in done.items()
    ]
    if not weights and known:
        together: dict[str, Weight] = {}
        for one in known:
            for name, amount in one.patronage.items():
                together[name] = rate(together[name]) + rate(amount) if name in together else amount
        known = [patronage.ClassPool("", 1, together)]
    if not any(rate(one.weight) for one in known):
        return patronage.Shared({}, {}, pool)
    return patronage.by_class(pool, known)


def _in_money(members: Mapping[str, int], terms: Terms) -> tuple[dict[str, int], dict[str, int]]:
    share = rate(terms.cash)
    # Of two parts the one with the larger remainder gets the odd unit, money first: that is rounding half up.
    n, parts = 2 * share.numerator, 2 * share.denominator
    wanted = {name: (amount * n + share.denominator) // parts for name, amount in members.items()}
    pay, _credit = patronage.worth_paying(wanted, max(1, terms.least_payout))
    retained = {name: amount - pay.get(name, 0) for name, amount in members.items() if amount > pay.get(name, 0)}
    return pay, retained

"""A year from its result to each member's part: one pure function, so that anybody can work it out again.

`result → losses brought forward → what is not of members' business → reserve and fund (rounded up) → tax → interest
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
    """What the bylaws say, as they stood when the year was worked out."""

    may_distribute: bool
    reserve: Weight
    education: Weight
    interest: Weight
    cash: Weight
    least_payout: int
    weights: Mapping[str, Weight] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What happened, from the books and the platform's own rows.

    :param member_business: of all business; only its part of a surplus may go back
    :param capital: paid-up nominal by member
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

    def as_json(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def to_reserve(self) -> int:
        """Return all that stays with the co-op for good: by law, by rule, and what nobody earned."""
        return self.reserve + self.nonpatronage + self.unearned


def close(facts: Facts, terms: Terms) -> Closed:
    """Work a year out. Where the bylaws forbid distribution, or there is a loss, members get nothing.

    :raises NoBasis: never: what nobody earned stays with the co-op
    """
    facts = facts.in_order()
    base = max(0, facts.result - facts.losses_bf)
    covered = min(max(0, facts.result), facts.losses_bf)
    losses_cf = facts.losses_bf - covered + max(0, -facts.result)
    of_members, other = base, 0
    if facts.nonmember_business:
        of_members, other = patronage.members_part(base, facts.member_business, facts.nonmember_business)
    reserve, education = least(terms.reserve, of_members), least(terms.education, of_members)
    education = min(education, of_members - reserve)
    tax = min(facts.tax, of_members - reserve - education)
    left = of_members - reserve - education - tax
    interest = _interest(facts.capital, terms.interest, left) if terms.may_distribute else {}
    left -= sum(interest.values())
    if not terms.may_distribute:
        return Closed(
            facts.result, covered, losses_cf, base, other, reserve, education, tax, {}, 0, {}, {}, left, {}, {}
        )  # fmt: skip
    shared = _shared(left, facts.patronage, terms.weights)
    cash, retained = _in_money(shared.members, terms)
    return Closed(
        facts.result, covered, losses_cf, base, other, reserve, education, tax, interest, left, shared.classes,
        shared.members, shared.to_collective, cash, retained,
    )  # fmt: skip


def _interest(capital: Mapping[str, int], yearly: Weight, available: int) -> dict[str, int]:
    """Give the whole capital its interest, no more than there is, and share it by what each has paid in."""
    whole = sum(capital.values())
    total = min(most(yearly, whole), available)
    return {name: part for name, part in largest_remainder(total, capital).items() if part} if total > 0 else {}


def _shared(pool: int, done: Mapping[str, Mapping[str, Weight]], weights: Mapping[str, Weight]) -> patronage.Shared:
    known: Sequence[patronage.ClassPool] = [
        patronage.ClassPool(name, weights.get(name, 0) if weights else 1, members) for name, members in done.items()
    ]
    if not weights and known:  # No class is named: all share as one.
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

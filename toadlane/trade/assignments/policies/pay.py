"""From what a client pays to what reaches the worker, and back. Whole minor units; what one way makes, the other undoes.

Each rate is of the gross wage, but the fee, which is of the invoice before tax.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from toadlane.kernel.rates import ceil, half_up, rate


@dataclass(frozen=True)
class Charges:
    """What is added to a gross wage, and what is taken from it, from a day on.

    :param employer: social contributions of the employer
    :param provisions: what is put by for holiday pay and the like
    :param worker: social contributions of the worker
    :param tax: withheld from the wage
    """

    since: date
    employer: Fraction
    provisions: Fraction
    worker: Fraction
    tax: Fraction


@dataclass(frozen=True)
class Wage:
    """One wage in all its parts, in minor units: `cost == gross + employer + provisions`, `net == gross - worker - tax`."""

    gross: int
    employer: int
    provisions: int
    worker: int
    tax: int

    @property
    def cost(self) -> int:
        return self.gross + self.employer + self.provisions

    @property
    def deducted(self) -> int:
        return self.worker + self.tax

    @property
    def net(self) -> int:
        return self.gross - self.deducted


def read(rows: Iterable[Mapping[str, Any]]) -> list[Charges]:
    """Return a schedule of charges in the order of its days.

    :raises KeyError, TypeError, ValueError: when a row cannot be read
    """
    names = ("employer", "provisions", "worker", "tax")
    found = [Charges(date.fromisoformat(row["from"]), *(rate(row.get(name, "0")) for name in names)) for row in rows]
    return sorted(found, key=lambda one: one.since)


def on(day: date, charges: Iterable[Charges]) -> Charges | None:
    """Return what holds on a day; None before the first row."""
    known = [one for one in charges if one.since <= day]
    return known[-1] if known else None


def from_gross(gross: int, charges: Charges) -> Wage:
    """Return a wage in its parts. What is taken off is rounded once, so that a higher gross wage never leaves less."""
    deducted, worker = half_up(gross * (charges.worker + charges.tax)), half_up(gross * charges.worker)
    return Wage(gross, half_up(gross * charges.employer), half_up(gross * charges.provisions), worker, deducted - worker)


def from_cost(cost: int, charges: Charges) -> Wage:
    """Return the highest wage whose whole cost is within an amount. What is over, less than three units, stays where it was."""
    guess = int(cost / (1 + charges.employer + charges.provisions))
    return from_gross(_last(lambda gross: from_gross(gross, charges).cost <= cost, guess), charges)


def from_net(net: int, charges: Charges) -> Wage:
    """Return the least wage of which that much is left.

    :raises ZeroDivisionError: where nothing of a wage is ever left
    """
    guess = int(net / (1 - charges.worker - charges.tax))
    return from_gross(_last(lambda gross: from_gross(gross, charges).net < net, guess) + 1, charges)


def labor(net_price: int, fee: Fraction) -> int:
    """Return what an invoice before tax leaves for labor: the fee is rounded, the rest is whole (golden vectors 06, O4, O5)."""
    return net_price - half_up(net_price * fee)


def price_for(cost: int, fee: Fraction) -> int:
    """Return the least invoice before tax that leaves so much for labor.

    :raises ZeroDivisionError: where the fee is all of it
    """
    return _last(lambda price: labor(price, fee) < cost, ceil(cost / (1 - fee))) + 1


def _last(fits: Callable[[int], bool], guess: int) -> int:
    """Return the greatest number that fits, looking around a guess that is off by rounding only."""
    while not fits(guess):
        guess -= 1
    while fits(guess + 1):
        guess += 1
    return guess

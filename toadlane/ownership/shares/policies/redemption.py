"""Paying capital back: the queue under floor and limit, layers of old years, and what a leaver is owed when.

Golden vectors 05 Q, 04 R and X.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.dates import add_months
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import floor, half_up, rate
from toadlane.kernel.rounding import largest_remainder

Queue = Literal["fifo_strict", "fifo_partial"]


class LongerThanStatutoryPeriod(Expected):
    words = _("The law does not allow repayment to take so many years.")
    status = 422
    field = "years"


class DeductionAboveStatutoryCap(Expected):
    words = _("The law does not allow so much to be kept back from whoever leaves.")
    status = 422
    field = "deduction_rate"


@dataclass(frozen=True)
class Request:
    id: str
    amount: int


@dataclass(frozen=True)
class Repaid:
    paid: dict[str, int]
    waiting: dict[str, int]
    capital_after: int


def repay(
    *, policy: Queue, capital: int, floor_capital: int, requests: Sequence[Request], annual_limit: str | Fraction | None = None,
    repaid_this_year: int = 0,
) -> Repaid:  # fmt: skip
    """Repay in the order of asking, without going below the floor of the capital or beyond the year's limit (Q1 to Q3).

    Council Regulation (EC) 1435/2003, article 3(4): repayment waits while it would take the capital below the minimum.

    :param policy: `fifo_strict` stops at the first request that cannot be paid whole; `fifo_partial` pays part of it
    :param annual_limit: how much of the capital may go in a year, rounded down; `repaid_this_year` is taken off it
    """
    room = max(0, capital - floor_capital)
    if annual_limit is not None:
        room = min(room, max(0, floor(rate(annual_limit) * capital) - repaid_this_year))
    paid: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for request in requests:
        part = min(room, request.amount)
        if waiting or (policy == "fifo_strict" and part < request.amount):
            part = 0
        room -= part
        if part:
            paid[request.id] = part
        if part < request.amount:
            waiting[request.id] = request.amount - part
    return Repaid(paid, waiting, capital - sum(paid.values()))


@dataclass(frozen=True)
class Layer:
    """What a member was credited for one year and has not been paid yet."""

    year: int
    holder: str
    amount: int


def roll_over(layers: Sequence[Layer], budget: int) -> tuple[list[Layer], int]:
    """Redeem the oldest years first, and within a year pro rata (R1, R2); return what is paid, and what is left over."""
    paid: list[Layer] = []
    for year in sorted({layer.year for layer in layers}):
        of_year = [layer for layer in layers if layer.year == year and layer.amount > 0]
        whole = sum(layer.amount for layer in of_year)
        part = min(budget, whole)
        if not part:
            continue
        shares = largest_remainder(part, [layer.amount for layer in of_year])
        paid += [Layer(year, layer.holder, share) for layer, share in zip(of_year, shares, strict=True) if share]
        budget -= part
    return paid, budget


def is_early(*, joined_on: date | None, left_on: date, years: int) -> bool:
    """Tell whether somebody left before the years were over for which the bylaws ask members to stay."""
    return joined_on is not None and years > 0 and left_on < add_months(joined_on, 12 * years)


@dataclass(frozen=True)
class Instalment:
    principal: int
    interest: int


@dataclass(frozen=True)
class Exit:
    payable: int
    to_reserve: int
    instalments: list[Instalment]
    total_interest: int


def pay_out_leaver(
    *, balance: int, years: int, losses_imputed: int = 0, deduction_rate: str | Fraction = "0",
    interest_rate: str | Fraction = "0", most_years: int = 5, most_deducted: str | Fraction = "0.30",
) -> Exit:  # fmt: skip
    """Say what whoever leaves is paid, in equal yearly parts with interest on what is still owed (X1 to X4).

    Ley 27/1999, article 51: within five years, at least a fifth a year, legal interest on the rest, and at most 30 %
    kept back for an unjustified exit; what is kept back goes to the reserve and is rounded down.

    :raises LongerThanStatutoryPeriod, DeductionAboveStatutoryCap:
    """
    if years > most_years:
        raise LongerThanStatutoryPeriod
    if rate(deduction_rate) > rate(most_deducted):
        raise DeductionAboveStatutoryCap
    due = max(0, balance - losses_imputed)
    kept = floor(rate(deduction_rate) * due)
    left, instalments = due - kept, []
    for part in largest_remainder(due - kept, [1] * max(1, years)):
        instalments.append(Instalment(part, half_up(rate(interest_rate) * left)))
        left -= part
    return Exit(due - kept, kept, instalments, sum(one.interest for one in instalments))

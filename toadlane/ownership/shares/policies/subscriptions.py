"""Subscribing to shares, who may hold how many, and to whom they may pass. Golden vectors 05, S, K and T."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.dates import add_months
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import ceil, floor, half_up, rate

LEAST_PAID = Fraction(1, 4)


class BelowMinimumPayment(Expected):
    words = _("Too little of it is paid at once.")
    status = 422
    field = "paid"


class BelowNominal(Expected):
    words = _("A share is never given for less than its nominal value.")
    status = 422
    field = "price"


class NoShares(Expected):
    words = _("At least one whole share is subscribed.")
    status = 422
    field = "shares"


@dataclass(frozen=True)
class Subscribed:
    subscribed: int
    paid: int
    unpaid: int


def subscribe(
    *, shares: int, nominal: int, paid_rate: str | Fraction = "1", price: int | None = None, least: str | Fraction = LEAST_PAID
) -> Subscribed:
    """Return what a subscription comes to, what is paid at once and what is called later (S1 to S4).

    Council Regulation (EC) 1435/2003, article 4, and Ley 27/1999, article 46: at least a quarter at once, rounded up.

    :param nominal: minor units; `price` is what is asked for a share, the nominal value where it is not said
    :raises BelowNominal, BelowMinimumPayment, NoShares:
    """
    if shares < 1:
        raise NoShares
    if price is not None and price < nominal:
        raise BelowNominal
    if rate(paid_rate) < rate(least):
        raise BelowMinimumPayment
    whole = shares * nominal
    paid = min(whole, ceil(rate(paid_rate) * whole))
    return Subscribed(whole, paid, whole - paid)


def within_fraction(*, holding_after: int, capital_after: int, fraction: str | Fraction) -> bool:
    """Tell whether one member's part of the capital stays within a fraction (K1, K2). Ley 27/1999, article 45.6: a third."""
    return holding_after <= rate(fraction) * capital_after


def within_amount(*, holding_after: int, most: int) -> bool:
    """Tell whether a holding stays within an amount (K4), such as the limit on withdrawable shares in one hand."""
    return holding_after <= most


def investors_within(*, investor_capital: int, total_capital: int, fraction: str | Fraction) -> bool:
    """Tell whether those who only invest stay within their part of the capital (K5)."""
    return investor_capital <= rate(fraction) * total_capital


def transfer(
    *, to: str, type: str = "inter_vivos", admitted_within_days: int | None = None, limit_days: int = 92,
    heir_admitted: bool | None = None,
) -> str:  # fmt: skip
    """Say whether shares may pass to somebody: `allowed`, `refused`, or `redeem` (T1 to T4).

    Ley 27/1999, article 50, and Council Regulation (EC) 1435/2003, article 4(11): only to members and to whoever is
    admitted in time; an heir who is not admitted is paid out.

    :param to: `member`, `non_member` or `heir`
    """
    if type == "mortis_causa" or to == "heir":
        return "allowed" if heir_admitted or to == "member" else "redeem"
    if to == "member":
        return "allowed"
    return "allowed" if admitted_within_days is not None and admitted_within_days <= limit_days else "refused"


def entry_fee(*, fee: int, compulsory: int, most: str | Fraction) -> int:
    """Return what joining costs: the fee, as far as the part of the compulsory shares allows, rounded down.

    Ley 27/1999, article 52: at most a quarter.
    """
    return min(fee, floor(rate(most) * compulsory))


def late_from(lines: Iterable[tuple[date, int]], months: int) -> date | None:
    """Return the first day on which the rest of somebody's shares counts as late, or None when nothing is unpaid.

    :param lines: of the register in their order: the day, and by how much it changed what is unpaid
    """
    unpaid = _unpaid(lines)
    return add_months(min(unpaid)[0], months) + timedelta(days=1) if unpaid else None


def late_interest(lines: Iterable[tuple[date, int]], *, months: int, yearly: str | Fraction, today: date) -> int:
    """Return the interest on what is unpaid for longer than it may be: for each day after its last one, by the year of 365.

    Ley 27/1999, article 46: whoever pays late owes the legal interest.

    :param yearly: the rate of a year; what is subscribed on one day is rounded to whole minor units by itself
    """
    owed = 0
    for day, amount in _unpaid(lines):
        days = max(0, (today - add_months(day, months)).days)
        owed += half_up(rate(yearly) * amount * days / 365)
    return owed


def _unpaid(lines: Iterable[tuple[date, int]]) -> list[list[Any]]:
    """Return what is still unpaid, by the day on which it was subscribed; what is paid in pays the oldest rest first."""
    unpaid: list[list[Any]] = []
    for day, change in lines:
        if change > 0:
            unpaid.append([day, change])
        paid = max(0, -change)
        while paid and unpaid:
            oldest = min(unpaid, key=lambda one: one[0])
            part = min(paid, oldest[1])
            paid, oldest[1] = paid - part, oldest[1] - part
            if not oldest[1]:
                unpaid.remove(oldest)
    return unpaid

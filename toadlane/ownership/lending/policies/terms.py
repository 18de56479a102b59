"""What a loan may be by the bylaws, and what it has earned by a day."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.ownership.shares.policies import interest


class NoLoans(Expected):
    words = _("By the bylaws the co-op takes no loans from members.")
    status = 422


class BeyondTheCeiling(Expected):
    words = _("That is more than one member may lend to the co-op.")
    status = 422
    field = "amount"


class InterestTooHigh(Expected):
    words = _("That is more interest than the bylaws allow on a member’s loan.")
    status = 422
    field = "interest"


class TermTooLong(Expected):
    words = _("That is longer than the bylaws allow a loan to run, or no time at all.")
    status = 422
    field = "months"


class NothingLent(Expected):
    words = _("A loan is of more than nothing.")
    status = 422
    field = "amount"


@dataclass(frozen=True)
class Terms:
    """What the bylaws say: the most that one member may have lent, the highest yearly rate, the longest term in months."""

    ceiling: int
    most_interest: Fraction
    most_months: int


def check(*, minor: int, yearly: Fraction, months: int, lent: int, terms: Terms) -> None:
    """
    :param lent: what the member has lent or offered besides this
    :raises NoLoans, NothingLent, BeyondTheCeiling, InterestTooHigh, TermTooLong:
    """
    if terms.ceiling <= 0:
        raise NoLoans
    if minor <= 0:
        raise NothingLent
    if lent + minor > terms.ceiling:
        raise BeyondTheCeiling
    if not 0 <= yearly <= terms.most_interest:
        raise InterestTooHigh
    if not 0 < months <= terms.most_months:
        raise TermTooLong


def earned(*, minor: int, yearly: Fraction, received_on: date, until: date) -> int:
    """Return all the interest from the day after the money came to a day, both counted, by the year of 365; halves up.

    Taken as a whole each time, so that what is booked month by month adds up to it without a cent of drift.
    """
    days = interest.days_between(received_on, until, count_first_day=False)
    return interest.for_days(capital=minor, yearly_rate=yearly, days=days)

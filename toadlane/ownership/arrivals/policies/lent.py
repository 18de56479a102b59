"""Loans of members that run on here: each as one line, with what is owed of it on the day of arrival."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from toadlane.kernel.dates import add_months
from toadlane.kernel.rates import is_modest
from toadlane.ownership.arrivals.policies import cells
from toadlane.ownership.arrivals.policies.reading import Row

PLACES = 8
MOST_MONTHS = 1_200


@dataclass(frozen=True)
class Lent:
    """
    :param interest: a year, as a part of one
    :param owed: interest that was earned before and is not paid yet
    """

    line: int
    number: int
    principal: int
    interest: Decimal
    owed: int
    ends_on: date

    def months_from(self, day: date) -> int:
        """Return in how many months from a day on it ends, rounded up; one where it is due."""
        count = (self.ends_on.year - day.year) * 12 + self.ends_on.month - day.month
        return max(1, count + (add_months(day, count) < self.ends_on if count >= 0 else 0))


def read(row: Row, *, numbers: set[int], currency: str, today: date) -> Lent:
    """:raises cells.Bad: saying which cell is wrong, and what to do"""
    number = cells.number(row, "member")
    if number not in numbers:
        todo = _("Give a number of the file of members whose line is right.")
        raise cells.Bad("member", _("Nobody has the number %(number)s.") % {"number": number}, todo)
    principal = cells.amount(row, "principal", currency)
    if not principal:
        raise cells.Bad("principal", _("A loan is of more than nothing."), _("Leave out loans that were given back."))
    ends_on = cells.any_day(row, "ends_on")
    farthest = today + timedelta(days=MOST_MONTHS * 30)
    if not cells.FARTHEST <= ends_on <= farthest:
        raise cells.Bad("ends_on", _("Nobody lends for so long."), _("Write the day on which it is given back."))
    owed = cells.amount(row, "owed", currency)
    return Lent(row.line, number, principal, _rate(row), owed, ends_on)


def _rate(row: Row) -> Decimal:
    """Return a yearly rate that is written in percent, such as 2.5."""
    text = row.cells.get("interest", "").removesuffix("%").strip().replace(",", ".")
    todo = _("Write it in percent a year, such as 2.5; 0 where it earns none.")
    try:
        rate = Decimal(text)
        if is_modest(rate) and 0 <= rate <= 100 and -int(rate.normalize().as_tuple().exponent) <= PLACES - 2:
            return rate / 100
    except InvalidOperation:
        pass
    raise cells.Bad("interest", _("“%(text)s” is no rate of interest.") % {"text": text[:40]}, todo)

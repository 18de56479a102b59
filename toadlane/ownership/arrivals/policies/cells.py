"""What stands in a cell: a number, a day, an amount; and what to do where it is none."""

import re
from datetime import date

from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.ownership.arrivals.policies.reading import Row
from toadlane.ui import amounts

MOST = 10**15  # More than any co-op has, and few enough digits for every sum.
NUMBER = re.compile(r"[0-9]{1,9}")
FARTHEST = date(1800, 1, 1)


class Bad(Exception):
    def __init__(self, column: str, wrong: str, todo: str) -> None:
        super().__init__(wrong)
        self.column, self.wrong, self.todo = column, wrong, todo


def number(row: Row, column: str) -> int:
    text = row.cells.get(column, "")
    if not NUMBER.fullmatch(text) or not int(text):
        raise Bad(column, _("“%(text)s” is no number.") % {"text": text}, _("Write a whole number from 1 on, in digits."))
    return int(text)


def any_day(row: Row, column: str) -> date:
    text = row.cells.get(column, "")
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    try:
        return date(*(int(part) for part in reversed(german.groups()))) if german else date.fromisoformat(text)
    except ValueError:
        todo = _("Write it as year-month-day, such as 2019-03-31.")
        raise Bad(column, _("“%(text)s” is no day.") % {"text": text}, todo) from None


def day(row: Row, column: str, today: date, default: date | None = None) -> date:
    """Return a day that has been."""
    if default and not row.cells.get(column, ""):
        return default
    found = any_day(row, column)
    if not FARTHEST <= found <= today:
        raise Bad(column, _("This day is not in the past."), _("Write a day from 1800 to today."))
    return found


def amount(row: Row, column: str, currency: str) -> int:
    text = row.cells.get(column, "")
    if not text:
        return 0
    todo = _("Write it in digits, with a point or a comma before the cents and nothing between thousands: 1234.56.")
    try:
        minor = amounts.from_file(text, currency).minor
    except Expected:
        raise Bad(column, _("“%(text)s” is no amount.") % {"text": text}, todo) from None
    if not 0 <= minor < MOST:
        raise Bad(column, _("This amount is below nothing, or beyond all measure."), todo)
    return minor

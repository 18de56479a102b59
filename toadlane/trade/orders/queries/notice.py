"""How much notice was given, and until when a change costs nothing."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.money.ledger import queries as books
from toadlane.society.bylaws.queries import Book


def free_until(order: Any, book: Book) -> datetime:
    """Return the instant until which cancelling and moving are free."""
    tiers = book.value("fees.late_cancel")
    longest = max((rate(tier["hours_before_lt"]) for tier in tiers if rate(tier["rate"])), default=0)
    return order.starts_at - timedelta(seconds=int(longest * 3600))


def given(order: Any, at: datetime) -> timedelta:
    """Return the notice given: how long before the beginning it is now."""
    return max(order.starts_at - at, timedelta(0)) if order.starts_at else timedelta(0)


def shown(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def costs(order: Any, book: Book, at: datetime) -> Money:
    """Return what cancelling now would cost: the part that goes to whoever kept the time free."""
    return books.cancellation(book.value("fees.late_cancel"), order.net, given(order, at)).worker

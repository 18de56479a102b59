"""How much notice was given, and until when a change costs nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.money.ledger import queries as books
from toadlane.society.bylaws.queries import Book
from toadlane.trade.orders.queries.splits import mark
from toadlane.ui import formats
from toadlane.ui.shapes import Decided


def free_until(order: Any, book: Book) -> datetime:
    """Return the instant until which cancelling and moving are free."""
    longest = max((rate(tier["hours_before_lt"]) for tier in book.value("fees.late_cancel") if rate(tier["rate"])), default=0)
    return order.starts_at - timedelta(seconds=int(longest * 3600))


@dataclass(frozen=True)
class Tier:
    """From an instant on, what of the price before tax cancelling costs."""

    since: datetime
    share: str


def tiers(starts_at: datetime, book: Book) -> list[Tier]:
    """Return what cancelling will cost as its time comes near, the earliest first."""
    rows = [(rate(tier["hours_before_lt"]), rate(tier["rate"])) for tier in book.value("fees.late_cancel")]
    return [
        Tier(starts_at - timedelta(seconds=int(hours * 3600)), formats.percent(share))
        for hours, share in sorted(rows, reverse=True)
        if share
    ]


@dataclass(frozen=True)
class Terms:
    """What cancelling costs, now and later, and which rule says so."""

    free_until: datetime
    tiers: Sequence[Tier]
    decided: Decided
    costs: Money | None = None
    # What would go back now.
    back: Money | None = None
    # It begins so soon that what was free is over before it was ordered.
    is_late: bool = False


def terms(priced: Any, book: Book, at: datetime) -> Terms:
    """Return the terms of a price with a time, or of an order; of an order that was paid also what cancelling costs now."""
    free = free_until(priced, book)
    found = Terms(free, tiers(priced.starts_at, book), mark(book, "fees.late_cancel"), is_late=free <= at)
    if not getattr(priced, "captured_minor", 0):
        return found
    held = Money(priced.captured_minor - priced.refunded_minor, priced.currency)
    cost = min(costs(priced, book, at), held, key=lambda amount: amount.minor)
    return replace(found, costs=cost, back=held - cost)


def given(order: Any, at: datetime) -> timedelta:
    """Return the notice given: how long before the beginning it is now."""
    return max(order.starts_at - at, timedelta(0)) if order.starts_at else timedelta(0)


def shown(at: datetime) -> str:
    return formats.moment(at)


def costs(order: Any, book: Book, at: datetime) -> Money:
    """Return what cancelling now would cost: the part that goes to whoever kept the time free."""
    return books.cancellation(book.value("fees.late_cancel"), order.net, given(order, at)).worker

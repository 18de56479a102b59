"""Asking a question about a listing: an order without money."""

from dataclasses import replace
from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.models import Coop
from toadlane.trade.orders import queries
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import PLACE
from toadlane.trade.orders.services import checkout, quoting, talking


def inquire(
    *, listing_id: int, contact: checkout.Contact, text: str, key: str, by: Principal, at: datetime, coop: Coop
) -> Order:  # fmt: skip
    """Open an inquiry about a listing with its first message. Whatever the listing costs, asking is free."""
    by.must(PLACE)
    if known := checkout.placed_before(key=key, by=by):
        return known.orders[0]
    quote = quoting.quote(wish=quoting.Wish(listing_id=listing_id), by=by, at=at, coop=coop, process="inquiry")
    placed = checkout.check_out(quote_ids=[quote.pk], contact=contact, key=key, by=by, at=at)
    order = queries.find(placed.orders[0].pk)
    assert order is not None
    talking.say(order=order, text=text, by=by if by.person_id else replace(by, order_id=order.pk), at=at)
    return order

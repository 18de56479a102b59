"""Stock: a counter that cannot go below zero, whoever takes at the same time."""

from collections.abc import Mapping
from contextlib import nullcontext

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.trade.catalog.events import ListingChanged
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.permissions import STOCK


class SoldOut(Expected):
    """There are not that many left."""


def take_stock(*, items: Mapping[int, int], by: Principal) -> None:
    """Take pieces of several listings, all or none. A listing that counts no stock is left alone.

    :param items: how many of which listing id: one sum per listing, however often it lies in the cart
    :raises SoldOut: with the listing that has too few
    """
    by.must(STOCK)
    # Of one thing nothing is written that a savepoint would have to take back: every order of one thing spares two round trips.
    alone = len(items) == 1 and connection.in_atomic_block
    with nullcontext() if alone else transaction.atomic():
        # In one order, so that two baskets with the same things never wait for each other.
        for listing_id, quantity in sorted(items.items()):
            _take_of(listing_id, quantity)


def _take_of(listing_id: int, quantity: int) -> None:
    assert quantity > 0, "taking nothing is not taking"
    left_now = _take(listing_id, quantity)
    if left_now == 0:
        events.publish(ListingChanged(listing_id=listing_id))
    elif left_now is None and (left := _left(listing_id)):
        raise SoldOut(
            _("Of “%(title)s” there are %(left)d left.") % {"title": left[0], "left": left[1]},
            field=f"listing:{listing_id}", hint=_("Take fewer, or ask the maker when there will be more."),
        )  # fmt: skip


def _left(listing_id: int) -> tuple[str, int | None] | None:
    return Listing.objects.filter(pk=listing_id, stock__isnull=False).values_list("title", "stock").first()


@transaction.atomic
def return_stock(*, items: Mapping[int, int], by: Principal) -> None:
    """Put pieces back: an order was cancelled, a checkout ran out."""
    by.must(STOCK)
    for listing_id, quantity in sorted(items.items()):
        assert quantity > 0, "returning nothing is not returning"
        if Listing.objects.filter(pk=listing_id, stock__isnull=False).update(stock=F("stock") + quantity):
            _tell_when_turning(listing_id, -quantity)


def _take(listing_id: int, quantity: int) -> int | None:
    """Take pieces if there are enough, in one statement; return how many are left, or None when nothing was taken."""
    table = Listing._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET stock = stock - %s WHERE id = %s AND coop_id = %s AND stock >= %s RETURNING stock",
            [quantity, listing_id, current_coop_id(), quantity],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _tell_when_turning(listing_id: int, taken: int) -> None:
    """Tell the search index only when something sells out or comes back, not on every sale."""
    left = Listing.objects.values_list("stock", flat=True).get(pk=listing_id)
    if left == 0 or left + taken == 0:
        events.publish(ListingChanged(listing_id=listing_id))

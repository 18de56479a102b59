"""What lies in a cart, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.society.bylaws.queries import Book
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders.models import Cart
from toadlane.trade.orders.queries import splits


@dataclass(frozen=True)
class Item:
    listing_id: int
    title: str
    quantity: int
    amount: Money | None
    provider: Any
    trouble: str


@dataclass(frozen=True)
class Contents:
    items: Sequence[Item]
    net: Money | None
    vat: Money | None
    total: Money | None

    @property
    def is_ready(self) -> bool:
        return bool(self.items) and not any(item.trouble for item in self.items)


def cart(pk: UUID) -> Cart | None:
    return Cart.objects.filter(pk=pk).first()


def of_person(person_id: int) -> Cart | None:
    return Cart.objects.filter(person_id=person_id).first()


def contents(cart: Cart | None, book: Book) -> Contents:
    """Return what lies in a cart with its price now; what cannot be had any more says so."""
    rows = list(cart.items.order_by("pk")) if cart else []
    listings = Listing.objects.select_related("provider__organisation", "provider__person").in_bulk([r.listing_id for r in rows])
    items, sums = [], []
    for row in rows:
        listing = listings.get(row.listing_id)
        amount, trouble = None, ""
        if listing is None or not listing.is_live:
            trouble = _("It is not on sale any more.")
        elif listing.stock is not None and listing.stock < row.quantity:
            trouble = _("There are %(left)d left.") % {"left": listing.stock}
        if listing is not None:
            try:
                amount = catalog.price(listing, catalog.Choices(quantity=row.quantity), book=book).net
                sums.append(splits.split(amount, tip=Money(0, amount.currency), book=book))
            except Expected as error:
                trouble = trouble or str(error)
        items.append(
            Item(
                row.listing_id,
                listing.title if listing else "",
                row.quantity,
                amount,
                listing.provider if listing else None,
                trouble,
            )
        )
    if not sums:
        return Contents(items, None, None, None)
    zero = Money(0, sums[0].net.currency)
    return Contents(items, sum((s.net for s in sums), zero), sum((s.vat for s in sums), zero), sum((s.total for s in sums), zero))

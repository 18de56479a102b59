"""What lies in a cart, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.plumbing.files import queries as files
from toadlane.society.bylaws.queries import Book
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders.models import Cart
from toadlane.trade.orders.queries import splits, taxes
from toadlane.ui import formats
from toadlane.ui.shapes import Split


@dataclass(frozen=True)
class Item:
    listing_id: int
    title: str
    quantity: int
    # What all of it costs, with tax.
    amount: Money | None
    provider: Any
    trouble: str
    picture: Any = None
    variant: str = ""


@dataclass(frozen=True)
class Contents:
    items: Sequence[Item]
    net: Money | None
    vat: Money | None
    total: Money | None
    split: Split | None = None

    @property
    def is_ready(self) -> bool:
        return bool(self.items) and not any(item.trouble for item in self.items)


def cart(pk: UUID) -> Cart | None:
    return Cart.objects.filter(pk=pk).first()


def of_person(person_id: int) -> Cart | None:
    return Cart.objects.filter(person_id=person_id).first()


def contents(cart: Cart | None, book: Book, *, buyer: str = "") -> Contents:
    """Return what lies in a cart with its price now; what cannot be had any more says so.

    :param buyer: the VAT number of the business that it is bought for, or nothing
    """
    rows = list(cart.items.order_by("pk")) if cart else []
    wares = Listing.objects.select_related("cover", "provider__organisation", "provider__person").annotate(**taxes.columns())
    listings = wares.in_bulk([r.listing_id for r in rows])
    items, sums, shown = [], [], []
    for row in rows:
        listing = listings.get(row.listing_id)
        amount, trouble = None, ""
        if listing is None or not listing.is_live:
            trouble = _("It is not on sale any more.")
        elif listing.stock is not None and listing.stock < row.quantity:
            trouble = _("There are %(left)d left.") % {"left": listing.stock}
        if listing is not None:
            try:
                chosen = catalog.Choices(quantity=row.quantity, variant=row.variant)
                net = catalog.price(listing, chosen, book=book).net
                taxed = taxes.taxed(taxes.of_listing(listing), kind=listing.process, buyer=buyer, book=book)
                sold = splits.sold_as(listing.kind, row.variant)
                sums.append(splits.split(net, tip=Money(0, net.currency), book=book, taxing=taxed, sold=sold))
                amount = sums[-1].total
                shown.append(splits.of_sums(sums[-1], book, provider=str(listing.provider or "")))
            except Expected as error:
                trouble = trouble or str(error)
        items.append(
            Item(
                row.listing_id,
                _title(listing, row.variant) if listing else "",
                row.quantity,
                amount,
                listing.provider if listing else None,
                trouble,
                files.sources(listing.cover, alt="") if listing and listing.cover else None,
                row.variant,
            )
        )
    if not sums:
        return Contents(items, None, None, None)
    zero = Money(0, sums[0].net.currency)
    net, vat, total = (sum((getattr(one, name) for one in sums), zero) for name in ("net", "vat", "total"))
    return Contents(items, net, vat, total, splits.together(shown))


def _title(listing: Listing, chosen: str) -> str:
    found = next((one for one in catalog.variants(listing) if one.id == chosen), None)
    return f"{listing.title}{formats.comma()}{catalog.say(found.names, get_language() or 'en')}" if found else listing.title

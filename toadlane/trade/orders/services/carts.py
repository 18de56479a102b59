"""Things put aside, from any number of sellers, and paid for together."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.models import Coop
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders.models import Cart, CartItem
from toadlane.trade.orders.permissions import PLACE, USE_CART
from toadlane.trade.orders.queries import processes
from toadlane.trade.orders.services import checkout, quoting
from toadlane.trade.orders.services.errors import DearerNow, EmptyCart, NotOnSale, OneAtATime

MOST = 999


@transaction.atomic
def open_cart(*, by: Principal, at: datetime) -> Cart:
    """Return a person's cart, or a new one for somebody who has not signed in: its id is their key to it."""
    by.must(PLACE)
    if by.person_id is None:
        return Cart.objects.create(changed_at=at)
    return Cart.objects.get_or_create(person_id=by.person_id, defaults={"changed_at": at})[0]


@transaction.atomic
def put(
    *, cart: Cart, listing_id: int, quantity: int, coop: Coop, by: Principal, at: datetime, more: bool = False, variant: str = ""
) -> Cart:  # fmt: skip
    """Set how many of a listing lie in the cart; nought takes it out. The same thing twice is one sum.

    :param more: add to what lies there
    :param variant: which version of it, where it comes in several; two versions are two things
    :raises catalog.NotChosen: when no version is chosen that is on sale
    :raises NotOnSale: when it is not in the window
    :raises OneAtATime: for what is booked for a time, not taken from stock
    """
    by.must(USE_CART, cart)
    this = {"cart": cart, "listing_id": listing_id, "variant": variant}
    known = CartItem.objects.select_for_update().filter(**this).first()
    wanted = quantity + (known.quantity if known and more else 0)
    if wanted <= 0:
        CartItem.objects.filter(**this).delete()
    else:
        listing = Listing.objects.filter(pk=listing_id).first()
        if listing is None or not listing.is_live:
            raise NotOnSale
        document = processes.documents(coop).get(listing.process)
        if document is None or processes.read(document)[1].timed or listing.process == "inquiry":
            raise OneAtATime
        catalog.variant(listing, variant)
        count = {"quantity": min(wanted, MOST)}
        CartItem.objects.update_or_create(**this, defaults=count, create_defaults={**count, "added_at": at})
    Cart.objects.filter(pk=cart.pk).update(changed_at=at)
    return cart


def check_out_cart(
    *, cart: Cart, contact: checkout.Contact, key: str, coop: Coop, by: Principal, at: datetime, method: str = "card",
    card: Card | None = None, return_url: str = "", seen: int | None = None,
) -> checkout.Placed:  # fmt: skip
    """Order all that lies in a cart, one order a thing, and pay once. The cart is empty afterwards.

    :param seen: what the buyer was shown that it comes to, in minor units; no more than that is ordered
    :raises EmptyCart: when nothing lies in it
    :raises DearerNow: when a price has risen since
    """
    by.must(USE_CART, cart)
    known = checkout.placed_before(key=key, by=by)
    if known is not None:
        return known
    quote_ids = _quotes(cart, coop, seen, by, at)
    placed = checkout.check_out(
        quote_ids=quote_ids, contact=contact, key=key, by=by, at=at, method=method, card=card, return_url=return_url
    )
    CartItem.objects.filter(cart=cart).delete()
    return placed


@transaction.atomic
def _quotes(cart: Cart, coop: Coop, seen: int | None, by: Principal, at: datetime) -> list[UUID]:
    items = list(cart.items.order_by("listing_id", "pk"))
    if not items:
        raise EmptyCart(hint=_("Put something in it first."))
    quotes = [
        quoting.quote(
            wish=quoting.Wish(listing_id=item.listing_id, quantity=item.quantity, variant=item.variant), by=by, at=at, coop=coop
        )
        for item in items
    ]  # fmt: skip
    if seen is not None and sum(quote.total_minor for quote in quotes) > seen:
        raise DearerNow
    return [quote.pk for quote in quotes]

"""Which VAT is charged on a price: that of the bylaws, unless the seller is small or the buyer a business in another state."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.models import Particulars
from toadlane.money.invoicing.policies import taxing
from toadlane.society.bylaws.queries import Book

# By what the co-op says is booked by time (`invoicing.activity`): these are taxed where they are, whoever books them.
PLACE_BOUND = ("immovable_property", "transport_rental")


@dataclass(frozen=True, kw_only=True)
class Sellers:
    """What is known of whoever sells, and of the co-op, that may change the tax."""

    is_small: bool = False
    number: str = ""
    coops_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Taxing:
    """Why no VAT is charged on the price (`why`), and on the platform's fee to the member (`fee_why`) or to the customer
    (`guest_why`); nothing where it is."""

    why: str = ""
    fee_why: str = ""
    guest_why: str = ""

    def kept(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


AS_RULED = Taxing()


def columns() -> dict[str, Any]:
    """Return what is known of the seller of a listing as columns of it, so that a price needs no query more."""
    theirs = Particulars.objects.filter(membership=OuterRef("provider")).order_by("-given_at", "-pk")
    own = Particulars.objects.filter(membership=None).order_by("-given_at", "-pk")
    return {
        "seller_is_small": Subquery(theirs.values("is_small")[:1]), "seller_number": Subquery(theirs.values("vat_number")[:1]),
        "coops_number": Subquery(own.values("vat_number")[:1]),
    }  # fmt: skip


def of_listing(listing: Any) -> Sellers:
    """Read the columns of a listing; one that is not kept has none."""
    return Sellers(
        is_small=bool(getattr(listing, "seller_is_small", None)), number=getattr(listing, "seller_number", None) or "",
        coops_number=getattr(listing, "coops_number", None) or "",
    )  # fmt: skip


def sellers(provider_id: int | None) -> Sellers:
    own = invoicing.particulars_of(None)
    theirs = invoicing.particulars_of(provider_id) if provider_id else None
    return Sellers(
        is_small=bool(theirs and theirs.is_small), number=theirs.vat_number if theirs else "",
        coops_number=own.vat_number if own else "",
    )  # fmt: skip


def taxed(known: Sellers, *, kind: str, buyer: str, book: Book) -> Taxing:
    """Say why no VAT is charged on an order, and on the fee for it.

    Where one price list holds for all and it is not known yet who comes, the tax is that of the bylaws.

    :param kind: the name of its process
    :param buyer: the VAT number of the business that buys, or nothing
    """
    bound = kind == "visit" or (kind == "booking" and book.maybe("invoicing.activity") in PLACE_BOUND)
    more = {"goods": kind == "purchase", "place_bound": bound}
    if book.value("trade.sale_model") == "principal":
        return Taxing(why=taxing.why_untaxed(is_small=False, seller=known.coops_number, buyer=buyer, **more))
    return Taxing(
        why=taxing.why_untaxed(is_small=known.is_small, seller=known.number, buyer=buyer, **more),
        fee_why=taxing.why_untaxed(is_small=False, seller=known.coops_number, buyer=known.number),
        guest_why=taxing.why_untaxed(is_small=False, seller=known.coops_number, buyer=buyer) if book.maybe("fees.guest") else "",
    )


def small_sellers(provider_ids: Any) -> frozenset[int]:
    """Return those of some members who are small businesses and charge no VAT, in one statement."""
    known = invoicing.latest_particulars(pk for pk in provider_ids if pk)
    return frozenset(pk for pk, one in known.items() if one.is_small)

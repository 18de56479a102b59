"""What a choice costs: the listing's own price, or the co-op's rate card as a version of the bylaws has it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.policies import PRICING, Choices, Line, NotChosen, RateCard, Terms, duration
from toadlane.trade.catalog.policies.kinds import Names
from toadlane.trade.catalog.policies.pricing import RATES
from toadlane.trade.catalog.queries.listings import kind_of
from toadlane.ui import formats


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A price before tax. The lines sum to the net."""

    lines: tuple[Line, ...]
    net: Money
    deposit: Money | None
    takes: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One of the versions in which a listing can be bought."""

    id: str
    names: Names
    price: Money


def variants(listing: Listing) -> list[Variant]:
    """Return the versions of a listing in the order of its kind. One that the kind no longer has is not on sale."""
    if not listing.prices:
        return []
    return [
        Variant(id=one.id, names=one.names, price=Money(listing.prices[one.id], listing.currency))
        for one in kind_of(listing).variants
        if one.id in listing.prices
    ]


def variant(listing: Listing, chosen: str) -> Variant | None:
    """Return the version that was chosen, or None of a listing that comes in none.

    :raises NotChosen: when there are versions and none of them was chosen, or it is not on sale
    """
    known = variants(listing)
    found = next((one for one in known if one.id == chosen), None)
    if (found is None and known) or (chosen and not known):
        names = formats.listed(one.id for one in known) or "–"
        raise NotChosen(_("Choose from the list."), hint=_("Known are: %(names)s.") % {"names": names}, field="variant")
    return found


def card(book: Any, currency: str) -> RateCard:
    """Return the rate card of these bylaws (`bylaws.book()`)."""
    return book.derived(f"rate card in {currency}", lambda: RateCard.parse(book.value(RATES), currency))


def price(listing: Listing, choices: Choices, *, book: Any) -> Priced:
    """Price what was chosen of a listing.

    :param book: the bylaws whose rate card counts: those of the day the order is placed
    :raises NotChosen: when a choice is missing or not on offer
    """
    by_card = listing.pricing == "rate_card"
    rates = card(book, listing.currency) if by_card else None
    # A question about a thing costs nothing, whichever version it is about.
    version = variant(listing, choices.variant) if listing.pricing == "per_item" else None
    terms = Terms(
        currency=listing.currency, price=version.price if version else listing.price, card=rates, title=listing.title,
        variant=version.names if version else {},
    )  # fmt: skip
    lines = PRICING[listing.pricing](terms, choices)
    net = Money(sum(line.total.minor for line in lines), listing.currency)
    takes = duration(rates, choices) if rates else choices.ends - choices.starts if choices.starts and choices.ends else None
    return Priced(lines=lines, net=net, deposit=listing.deposit, takes=takes)

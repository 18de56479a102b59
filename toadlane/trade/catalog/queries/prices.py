"""What a choice costs: the listing's own price, or the co-op's rate card as a version of the bylaws has it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from toadlane.kernel.money import Money
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.policies import PRICING, Choices, Line, RateCard, Terms, duration
from toadlane.trade.catalog.policies.pricing import RATES


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A price before tax. The lines sum to the net."""

    lines: tuple[Line, ...]
    net: Money
    deposit: Money | None
    takes: timedelta | None


def card(book: Any, currency: str) -> RateCard:
    """Return the rate card of these bylaws (`bylaws.book()`)."""
    return RateCard.parse(book.value(RATES), currency)


def price(listing: Listing, choices: Choices, *, book: Any) -> Priced:
    """Price what was chosen of a listing.

    :param book: the bylaws whose rate card counts: those of the day the order is placed
    :raises NotChosen: when a choice is missing or not on offer
    """
    by_card = listing.pricing == "rate_card"
    rates = card(book, listing.currency) if by_card else None
    terms = Terms(currency=listing.currency, price=listing.price, card=rates, title=listing.title)
    lines = PRICING[listing.pricing](terms, choices)
    net = Money(sum(line.total.minor for line in lines), listing.currency)
    takes = duration(rates, choices) if rates else choices.ends - choices.starts if choices.starts and choices.ends else None
    return Priced(lines=lines, net=net, deposit=listing.deposit, takes=takes)

"""What past orders come to under any version of the rules, by the code that priced, split and shared them out.

An order that is over is a few facts that no longer change: what was chosen or what it cost, when it was called off, what was
given back. `Under` makes of these facts what its document would have made of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.society.bylaws.queries import Book
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders.queries import splits
from toadlane.trade.orders.queries.taxes import AS_RULED, Taxing

# Given back: whatever was left of it.
THE_REST = -1


class Choice(NamedTuple):
    """What was chosen from the co-op's rate card, which is what its price is worked out from."""

    size: str
    level: str
    addons: tuple[tuple[str, int], ...]
    every_weeks: int


@dataclass(frozen=True, slots=True)
class Past:
    """An order that is over, as far as its money goes.

    :param sold: the kind of its listing, or the version of it, by which a rule may set the platform's part
    :param choice: where the rate card priced it; the others keep the price that their seller set
    :param notice: how long before its beginning it was called off; None where the work was done and paid
    :param back_before: what was given back before the money was shared out or kept, in order
    :param back_after: what was given back after that
    :param is_in_credit: whether it was paid with mutual credit, of which nothing is put aside
    """

    pk: int
    provider: int | None
    customer: int | None
    currency: str
    net: int
    tip: int
    version: int
    choice: Choice | None
    notice: timedelta | None
    back_before: tuple[int, ...]
    back_after: tuple[int, ...]
    taxing: Taxing = AS_RULED
    sold: str = ""
    is_in_credit: bool = False

    def facts(self) -> list[Any]:
        """Return what the hash of a replay's input is taken over."""
        notice = None if self.notice is None else self.notice // timedelta(microseconds=1)
        chosen = None if self.choice is None else [*self.choice[:2], [list(one) for one in self.choice.addons], self.choice[3]]
        money = [self.currency, self.net, self.tip, self.back_before, self.back_after]
        # What an order from before there were kinds in its quote has not said changes no hash that was taken then.
        sold = [self.sold] if self.sold else []
        credit = [splits.CREDIT] if self.is_in_credit else []
        return [self.pk, self.provider, *money, chosen, notice, *sorted(self.taxing.kept().items()), *sold, *credit]


class Came(NamedTuple):
    """What an order came to, in minor units: `customers == members + vat + aside + fee + fee_vat + sales`.

    :param members: what reached whoever did it, without the VAT they owe on it
    :param fee: the platform's part, of which `fund` goes on to the community fund
    :param minutes: how long the work took, where the rate card says so; `worked` is what it brought, without the tip and with
        what was put aside
    """

    customers: int
    members: int
    vat: int
    aside: int
    fee: int
    fee_vat: int
    sales: int
    fund: int
    net: int
    minutes: int
    worked: int


class Cannot(NamedTuple):
    """Why an order could not have been made under these rules."""

    why: str


# So many answers are kept of each kind.
KEPT = 4096
BELOW_THE_FLOOR, NOT_OFFERED, LESS_THAN_NOTHING = "below_floor", "not_offered", "less_than_nothing"


class Asked(NamedTuple):
    """A price to divide, and all that its division depends on."""

    net: int
    tip: int
    takes: timedelta | None
    currency: str
    taxing: Taxing
    sold: str
    is_in_credit: bool


class Under:
    """One document of the bylaws, at work on past orders. What is asked twice is worked out once."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._by_the_card = lru_cache(KEPT)(self._from_the_card)
        self._split = lru_cache(KEPT)(self._divided)
        self._whole = lru_cache(KEPT)(self._untouched)

    def of(self, past: Past) -> Came | Cannot:
        """Return what the order comes to, or why it cannot be."""
        priced = self._price(past)
        if isinstance(priced, Cannot):
            return priced
        asked = Asked(priced[0], past.tip, priced[1], past.currency, past.taxing, past.sold, past.is_in_credit)
        if past.notice is None and not past.back_before and not past.back_after:
            return self._whole(asked)
        sums = self._split(asked)
        if isinstance(sums, Cannot):
            return sums
        return self._shared(sums, priced[1], past) if past.notice is None else self._kept(past, sums)

    def shares(self, past: Past) -> dict[str, int]:
        """Return the shares of the price by their kind, as an order keeps them."""
        priced = self._price(past)
        if isinstance(priced, Cannot):
            return {}
        sums = self._split(Asked(priced[0], past.tip, priced[1], past.currency, past.taxing, past.sold, past.is_in_credit))
        return {} if isinstance(sums, Cannot) else {share["kind"]: share["minor"] for share in sums.shares}

    def kept(self, past: Past) -> int | None:
        """Return what a late cancellation keeps, before anything of it was given back; None where the work was done."""
        if past.notice is None:
            return None
        came = self.of(replace(past, back_after=()))
        return came.customers if isinstance(came, Came) else None

    def _price(self, past: Past) -> tuple[int, timedelta | None] | Cannot:
        return (past.net, None) if past.choice is None else self._by_the_card(past.choice, past.currency)

    def _from_the_card(self, choice: Choice, currency: str) -> tuple[int, timedelta | None] | Cannot:
        listing = Listing(pricing="rate_card", currency=currency)
        chosen = catalog.Choices(size=choice.size, level=choice.level, addons=dict(choice.addons), every_weeks=choice.every_weeks)
        try:
            priced = catalog.price(listing, chosen, book=self.book)
        except catalog.NotChosen:
            return Cannot(NOT_OFFERED)
        return priced.net.minor, priced.takes

    def _divided(self, asked: Asked) -> splits.Sums | Cannot:
        net, tip = Money(asked.net, asked.currency), Money(asked.tip, asked.currency)
        sums = splits.split(net, tip=tip, book=self.book, taxing=asked.taxing, sold=asked.sold)
        if asked.is_in_credit:
            sums = replace(sums, shares=splits.in_credit(sums.shares))
        if splits.is_overdrawn(sums):
            return Cannot(LESS_THAN_NOTHING)
        return sums if splits.below_the_floor(sums, asked.takes, self.book) is None else Cannot(BELOW_THE_FLOOR)

    def _untouched(self, asked: Asked) -> Came | Cannot:
        sums = self._split(asked)
        return sums if isinstance(sums, Cannot) else self._shared(sums, asked.takes)

    def _shared(self, sums: splits.Sums, takes: timedelta | None, past: Past | None = None) -> Came:
        left: Sequence[splits.Share] = sums.shares
        for minor in (*past.back_before, *past.back_after) if past else ():
            _gave, left = _take(left, minor, sums.shares)
        of = {share["kind"]: share["minor"] for share in left}
        # By the agent's model the VAT is in the provider's part; what goes back takes its part of the tax along.
        vat = splits.vat_in(left, vat=sums.vat.minor, price=(sums.total - sums.tip - sums.on_top).minor)
        owed = 0 if "vat" in of else vat
        work, aside, sales = of.get(splits.PROVIDER, 0) - owed, of.get("benefits", 0), of.get("sales", 0)
        return Came(
            customers=sum(of.values()), members=work + of.get("tip", 0), vat=vat, aside=aside,
            fee=sum(of.get(kind, 0) for kind in splits.THE_FEE), fee_vat=sum(of.get(kind, 0) for kind in splits.TAX_ON_IT),
            sales=sales, fund=splits.community(left, self.book), net=sums.net.minor,
            minutes=takes // timedelta(minutes=1) if takes else 0, worked=work + aside + sales if takes else 0,
        )  # fmt: skip

    def _kept(self, past: Past, sums: splits.Sums) -> Came:
        """Return what a late cancellation leaves to whoever kept the time free. Nothing of it is the platform's."""
        assert past.notice is not None
        held = sums.total.minor
        for minor in past.back_before:
            held -= held if minor == THE_REST else min(minor, held)
        kept = min(books.cancellation(self.book.value("fees.late_cancel"), sums.net, past.notice).worker.minor, held)
        for minor in past.back_after:
            kept -= kept if minor == THE_REST else min(minor, kept)
        return Came(kept, kept, 0, 0, 0, 0, 0, 0, sums.net.minor, 0, 0)


def _take(
    left: Sequence[splits.Share], minor: int, whole: Sequence[splits.Share]
) -> tuple[list[splits.Share], list[splits.Share]]:
    there = sum(share["minor"] for share in left)
    return splits.take_back(left, there if minor == THE_REST else min(minor, there), whole)

"""Working out a price and keeping it for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel.dates import in_utc
from toadlane.kernel.money import Money
from toadlane.money.invoicing.policies import taxing
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import Param, Prepared, insert
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members.models import MEMBERS, Membership
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders.models import Quote
from toadlane.trade.orders.permissions import PLACE
from toadlane.trade.orders.queries import splits, taxes
from toadlane.trade.orders.services import processes
from toadlane.trade.orders.services.errors import (
    BelowTheFloor,
    ChooseATime,
    InThePast,
    LessThanNothing,
    NotAVatNumber,
    NotOnSale,
    TooFarAhead,
    TooLong,
    TooMuchAtOnce,
)
from toadlane.ui import formats

GOOD_FOR = timedelta(minutes=30)
MOST_MINOR = 10**15  # Far from what a column can hold, whatever is added to it.
FURTHEST, LONGEST = timedelta(days=731), timedelta(days=366)
LONGEST_TITLE = 160
VISIT, INQUIRY = "visit", "inquiry"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody would like to buy.

    :param listing_id: None for a visit priced by the co-op's rate card
    :param starts: aware; the end of a visit follows from what is chosen
    :param area: coarse, shown with the offer; never a street
    """

    listing_id: int | None = None
    size: str = ""
    level: str = ""
    addons: Mapping[str, int] = field(default_factory=dict)
    every_weeks: int = 0
    quantity: int = 1
    variant: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    tip_minor: int = 0
    area: str = ""
    vat_number: str = ""
    latitude: float | None = None
    longitude: float | None = None
    chosen: int | None = None

    def __post_init__(self) -> None:
        for name in ("starts", "ends"):
            if instant := getattr(self, name):
                object.__setattr__(self, name, in_utc(instant))
        object.__setattr__(self, "vat_number", vat_number(self.vat_number))

    def spec(self) -> dict[str, Any]:
        known = {
            "size": self.size, "level": self.level, "addons": {k: v for k, v in self.addons.items() if v}, "area": self.area,
            "quantity": self.quantity, "variant": self.variant, "vat_number": self.vat_number,
            "latitude": self.latitude, "longitude": self.longitude, "chosen": self.chosen,
        }  # fmt: skip
        return {name: value for name, value in known.items() if value}


def vat_number(said: str) -> str:
    """Return the VAT number of a business that buys as it is written.

    :raises NotAVatNumber:
    """
    known = taxing.number(said) if said.strip() else ""
    if said.strip() and not known:
        raise NotAVatNumber(field="vat_number")
    return known


def quote(*, wish: Wish, by: Principal, at: datetime, coop: Coop | None = None, process: str = "") -> Quote:
    """Work out a price under the rules in force, and stand by it for half an hour.

    :param process: to go another way than the listing's own: an inquiry about something that is sold

    :raises catalog.NotChosen: when something is still to be chosen
    :raises BelowTheFloor: when an hour of work would bring less than the members agreed on
    :raises LessThanNothing: when the shares that the bylaws name come to more than the price
    :raises NotOnSale: when the listing is not in the window
    """
    by.must(PLACE)
    made = _worked_out(wish, coop or coops.of_scope(current_coop_id()), by, at, process)
    insert([made])
    return made


def preview(*, wish: Wish, by: Principal, at: datetime, coop: Coop | None = None) -> Quote:
    """Work out a price without keeping it: for a page that is still being filled in."""
    by.must(PLACE)
    return _worked_out(wish, coop or coops.of_scope(current_coop_id()), by, at)


def _worked_out(wish: Wish, coop: Coop, by: Principal, at: datetime, way: str = "") -> Quote:
    must_be_near(wish.starts, wish.ends, at)
    listing, book = _listing_and_rules(wish, coop)
    if wish.chosen:
        _must_be_a_member(wish.chosen)
    if way == INQUIRY:
        listing.pricing = "none"
    listing.process = way or listing.process
    digest, process = processes.of_coop(coop=coop, name=listing.process, by=by)
    choices = catalog.Choices(
        size=wish.size, level=wish.level, addons=wish.addons, every_weeks=wish.every_weeks, quantity=wish.quantity,
        variant=wish.variant, starts=wish.starts, ends=wish.ends, time_zone=coop.time_zone,
    )  # fmt: skip
    priced = catalog.price(listing, choices, book=book)
    starts, ends = _when(wish, priced, process.timed)
    tip = Money(max(wish.tip_minor, 0), listing.currency)
    taxed = taxes.taxed(taxes.of_listing(listing), kind=process.name, buyer=wish.vat_number, book=book)
    sold = splits.sold_as(listing.kind, wish.variant)
    sums = splits.split(priced.net, tip=tip, book=book, taxing=taxed, sold=sold)
    if sums.total.minor > MOST_MINOR:
        raise TooMuchAtOnce
    if splits.is_overdrawn(sums):
        raise LessThanNothing
    if listing.pricing == "rate_card":
        _must_pay_enough(sums, priced.takes, book)
    made = Quote(
        title=_title(listing, wish, book, coop), kind=process.name, process_hash=digest, listing_id=listing.pk,
        provider_id=listing.provider_id,
        starts_at=starts, ends_at=ends, currency=listing.currency, net_minor=sums.net.minor, vat_minor=sums.vat.minor,
        tip_minor=sums.tip.minor, on_top_minor=sums.on_top.minor, total_minor=sums.total.minor,
        lines=[_line(line) for line in priced.lines], split=sums.shares,
        tax=taxed.kept(),
        spec=wish.spec() | {"sold": sold} | ({"minutes": priced.takes // timedelta(minutes=1)} if priced.takes else {}),
        bylaws_version=book.number, every_weeks=wish.every_weeks, made_at=at, expires_at=at + GOOD_FOR,
    )  # fmt: skip
    made.rules = book
    return made


def _with_rules() -> Any:
    newest = BylawsVersion.objects.order_by("-number")
    return Listing.objects.filter(pk=Param("pk")).annotate(
        rules=Subquery(newest.values("number")[:1]), rules_hash=Subquery(newest.values("hash")[:1]), **taxes.columns()
    )


_LISTING: Prepared[Any] = Prepared(_with_rules)


def _listing_and_rules(wish: Wish, coop: Coop) -> tuple[Listing, Book]:
    """Return what is asked for, and the rules in force. A visit needs no listing: the co-op offers it at its rate card."""
    if wish.listing_id is None:
        return Listing(title=coop.name, process=VISIT, pricing="rate_card", currency=coop.currency, kind=VISIT), bylaws.book()
    listing = next(iter(_LISTING(pk=wish.listing_id)), None)
    if listing is None or not listing.is_live:
        raise NotOnSale
    return listing, bylaws.book_at(listing.rules, listing.rules_hash)


def must_be_near(starts: datetime | None, ends: datetime | None, at: datetime) -> None:
    """Refuse a time that nobody can plan for, before anything is counted with it.

    :raises InThePast, TooFarAhead, TooLong:
    """
    if starts is None:
        return
    if starts <= at:
        raise InThePast
    if starts > at + FURTHEST:
        raise TooFarAhead
    if ends is not None and ends - starts > LONGEST:
        raise TooLong


def _must_be_a_member(membership_id: int) -> None:
    if not Membership.objects.filter(pk=membership_id, standing__in=MEMBERS).exists():
        raise catalog.NotChosen(_("Choose from the list."), field="chosen")


def _when(wish: Wish, priced: catalog.Priced, timed: bool) -> tuple[datetime | None, datetime | None]:
    if not timed or wish.starts is None:
        return None, None
    # Work takes as long as it takes: whoever orders it says when it begins, and not when it ends.
    ends = wish.starts + priced.takes if priced.takes else wish.ends
    if ends is None or ends <= wish.starts:
        raise ChooseATime(field="ends")
    return wish.starts, ends


def _must_pay_enough(sums: splits.Sums, takes: timedelta | None, book: Book) -> None:
    if (hour := splits.below_the_floor(sums, takes, book)) is not None:
        raise BelowTheFloor(
            _("At this price an hour of work would bring %(hour)s. The members agreed on %(floor)s at least.")
            % {"hour": formats.money(hour), "floor": formats.money(book.value("pay.floor_hour"))},
            hint=_("Choose another level, or leave something out that takes long."),
        )


def _line(line: catalog.Line) -> dict[str, Any]:
    return {
        "code": line.code, "names": dict(line.names), "quantity": str(line.quantity), "unit": line.unit.minor,
        "minor": line.total.minor, "rule": line.rule,
    }  # fmt: skip


def _title(listing: Listing, wish: Wish, book: Book, coop: Coop) -> str:
    if listing.pricing != "rate_card":
        version = catalog.variant(listing, wish.variant) if wish.variant else None
        name = catalog.say(version.names, get_language() or coop.language) if version else ""
        return f"{listing.title}{formats.comma()}{name}"[:LONGEST_TITLE] if name else listing.title
    card = catalog.card(book, listing.currency)
    level = next((level for level in card.levels if level.id == wish.level), None)
    return catalog.say(level.names, get_language() or coop.language) if level else listing.title

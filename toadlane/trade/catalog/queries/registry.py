"""What the rooms above lend to the catalog's pages. Each calls its `declare_*` once, in its own `wiring`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal


@dataclass(frozen=True, kw_only=True)
class Rating:
    """The sum of a listing's reviews."""

    stars: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Action:
    """The button of a process: what it says and where it leads. The page is asked for with `pk` of the listing.

    :param label: English source text, marked with `gettext_noop`
    """

    process: str
    label: str
    url_name: str
    # Whether it is sent at once, with how many of it, instead of leading to a page.
    is_counted: bool = False


# (listing ids, starts, ends, how many) -> the ids that are free for the whole span. One query, whatever the number of ids.
Availability = Callable[[Sequence[int], datetime, datetime, int], set[int]]
# (listing, net price) -> a `ui.shapes.Split` of where the money would go, as the bylaws stand.
PricePreview = Callable[[Any, Money], Any]
# () -> the rate of tax that is added to prices, by the rules in force.
TaxRate = Callable[[], Fraction]
# (price before tax, whether its seller adds none) -> what a customer pays for it by the rules in force: they read no other price.
Paid = Callable[[Money, bool], Money]
# (ids of memberships) -> those of them that are small businesses and add no tax to their prices. One query.
Untaxed = Callable[[Sequence[int]], frozenset[int]]
# (listing ids) -> ratings of those that have some. One query.
Ratings = Callable[[Sequence[int]], Mapping[int, Rating]]
# () -> (how many, how good) as columns of a listing, empty where too few rated it: a search brings them along in its own query.
RatingColumns = Callable[[], tuple[Any, Any]]
# (principal, listing id) -> whether they stand on one side of an order of it, and so read transaction-only fields.
Dealings = Callable[[Principal, int], bool]
# (listing id, at) -> what the listing page shows of reviews or of the calendar: (template, context).
Panel = Callable[[Any, datetime], tuple[str, dict[str, Any]] | None]

availability: Availability | None = None
price_preview: PricePreview | None = None
tax_rate: TaxRate | None = None
untaxed_sellers: Untaxed | None = None
paid: Paid | None = None
ratings: Ratings | None = None
rating_columns: RatingColumns | None = None
dealings: Dealings | None = None
actions: dict[str, Action] = {}
panels: dict[str, Panel] = {}


def declare_availability(find_free: Availability) -> None:
    global availability  # noqa: PLW0603
    assert availability is None, "availability has an owner already"
    availability = find_free


def declare_price_preview(preview: PricePreview) -> None:
    global price_preview  # noqa: PLW0603
    assert price_preview is None, "the price preview has an owner already"
    price_preview = preview


def declare_tax_rate(rate: TaxRate, untaxed: Untaxed, what_is_paid: Paid) -> None:
    global tax_rate, untaxed_sellers, paid
    assert tax_rate is None, "the tax has an owner already"
    tax_rate, untaxed_sellers, paid = rate, untaxed, what_is_paid


def untaxed(listings: Iterable[Any]) -> frozenset[int]:
    """Return the sellers of some listings who add no tax to their prices, in one query, or none."""
    return untaxed_among(one.provider_id for one in listings)


def untaxed_among(provider_ids: Iterable[int | None]) -> frozenset[int]:
    ids = sorted({pk for pk in provider_ids if pk})
    return untaxed_sellers(ids) if ids and untaxed_sellers and tax_rate and tax_rate() else frozenset()


def tax_of(provider_id: int | None) -> Fraction:
    """Return the rate of the tax that comes on top of what this seller asks."""
    rate = tax_rate() if tax_rate else Fraction(0)
    return Fraction(0) if rate and provider_id in untaxed_among([provider_id]) else rate


def with_tax(net: Money, *, is_untaxed: bool = False) -> Money:
    """Return what a customer pays for a price before tax, whatever comes on top of it included."""
    return paid(net, is_untaxed) if paid else net


def declare_ratings(find: Ratings, columns: RatingColumns) -> None:
    global ratings, rating_columns
    assert ratings is None, "ratings have an owner already"
    ratings, rating_columns = find, columns


def declare_dealings(ask: Dealings) -> None:
    global dealings  # noqa: PLW0603
    assert dealings is None, "dealings have an owner already"
    dealings = ask


def declare_action(action: Action) -> None:
    assert action.process not in actions, f"{action.process} has a button already"
    actions[action.process] = action


def declare_panel(name: str, panel: Panel) -> None:
    """Add a part to the listing page, below its text: a room's own template, which the room fills."""
    assert name not in panels, f"{name} is there already"
    panels[name] = panel


def connections() -> list[str]:
    """Return who lends what, for the golden file of connections."""
    single = {
        "availability": availability,
        "price_preview": price_preview,
        "tax_rate": tax_rate,
        "ratings": ratings,
        "dealings": dealings,
    }
    lines = [f"{name} -> {lent.__module__}.{lent.__qualname__}" for name, lent in single.items() if lent]
    lines += [f"action {action.process} -> {action.url_name}" for action in actions.values()]
    lines += [f"panel {name} -> {panel.__module__}.{panel.__qualname__}" for name, panel in panels.items()]
    return sorted(lines)

"""Reads of the catalog. Other rooms import this module and call it by name."""

from toadlane.trade.catalog.policies import Choices, Kind, Line, NotChosen, RateCard, Terms, duration, say
from toadlane.trade.catalog.queries.listings import kind_of, kinds, kinds_as_data, live, locked, one
from toadlane.trade.catalog.queries.prices import Priced, card, price
from toadlane.trade.catalog.queries.registry import (
    Action,
    Rating,
    declare_action,
    declare_availability,
    declare_dealings,
    declare_panel,
    declare_price_preview,
    declare_ratings,
    declare_tax_rate,
)
from toadlane.trade.catalog.queries.search import Filter, Found, Results, Wanted, documents, filters, search
from toadlane.trade.catalog.queries.shown import Detail, Fact, detail, mine, on_the_desk, price_split, price_text, seen, waiting

__all__ = [
    "Action",
    "Choices",
    "Detail",
    "Fact",
    "Filter",
    "Found",
    "Kind",
    "Line",
    "NotChosen",
    "Priced",
    "RateCard",
    "Rating",
    "Results",
    "Terms",
    "Wanted",
    "card",
    "declare_action",
    "declare_availability",
    "declare_dealings",
    "declare_panel",
    "declare_price_preview",
    "declare_ratings",
    "declare_tax_rate",
    "detail",
    "documents",
    "duration",
    "filters",
    "kind_of",
    "kinds",
    "kinds_as_data",
    "live",
    "locked",
    "mine",
    "on_the_desk",
    "one",
    "price",
    "price_split",
    "price_text",
    "say",
    "search",
    "seen",
    "waiting",
]

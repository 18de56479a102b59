"""Pure choices a blueprint makes by name: what a listing of a kind says, and how it is priced."""

from toadlane.trade.catalog.policies.kinds import Field, Kind, NotAKind, clean, parse_kinds, say
from toadlane.trade.catalog.policies.pricing import PRICING, Choices, Line, NotChosen, RateCard, Terms, duration

__all__ = [
    "PRICING",
    "Choices",
    "Field",
    "Kind",
    "Line",
    "NotAKind",
    "NotChosen",
    "RateCard",
    "Terms",
    "clean",
    "duration",
    "parse_kinds",
    "say",
]

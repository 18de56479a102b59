from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class ListingChanged(Event):
    """Anything that a search result shows or searches by."""

    listing_id: int


@dataclass(frozen=True, kw_only=True)
class ListingSubmitted(Event):
    """It waits for the curators."""

    listing_id: int


@dataclass(frozen=True, kw_only=True)
class ListingDecided(Event):
    listing_id: int
    accepted: bool
    reason: str

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.catalog import services
from toadlane.trade.catalog.events import ListingChanged


def index(event: ListingChanged, *, by: Principal, at: datetime) -> None:
    """Bring the search index up to date with one listing."""
    services.reindex(listing_id=event.listing_id, by=by)

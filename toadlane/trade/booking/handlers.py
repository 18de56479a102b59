from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking import services
from toadlane.trade.catalog.events import ListingChanged


def keep_a_calendar(event: ListingChanged, *, by: Principal, at: datetime) -> None:
    """Open the calendar of what is booked by time as soon as it stands in the window."""
    services.open_for_listing(listing_id=event.listing_id, by=by, at=at)

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.search import engine
from toadlane.trade.catalog.permissions import REINDEX
from toadlane.trade.catalog.queries.listings import kinds
from toadlane.trade.catalog.queries.search import document, findable


def reindex(*, listing_id: int, by: Principal) -> None:
    """Let a listing be found as it is now, or not at all when it is out of the window."""
    by.must(REINDEX)
    listing = findable().filter(pk=listing_id).first()
    if listing:
        engine.index([document(listing, kinds())])
    else:
        engine.remove([listing_id])


def rebuild_index(*, by: Principal) -> int:
    """Make the whole index of this co-op anew; return how many listings it holds."""
    by.must(REINDEX)
    return engine.rebuild()

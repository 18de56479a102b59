from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.search import engine
from toadlane.trade.catalog.permissions import REINDEX
from toadlane.trade.catalog.queries.listings import kinds
from toadlane.trade.catalog.queries.search import document, findable

AT_ONCE = 500


def reindex(*, listing_id: int, by: Principal) -> None:
    """Let a listing be found as it is now, or not at all when it is out of the window."""
    by.must(REINDEX)
    listing = findable().filter(pk=listing_id).first()
    if listing:
        engine.index([document(listing, kinds())])
    else:
        engine.remove([listing_id])


def reindex_of(*, provider_id: int, by: Principal) -> None:
    """Let all that a member offers be found as it is now."""
    by.must(REINDEX)
    rows, known = findable().filter(provider_id=provider_id).order_by("pk"), kinds()
    for start in range(0, rows.count(), AT_ONCE):
        engine.index([document(listing, known) for listing in rows[start : start + AT_ONCE]])


def rebuild_index(*, by: Principal) -> int:
    """Make the whole index of this co-op anew; return how many listings it holds."""
    by.must(REINDEX)
    return engine.rebuild()

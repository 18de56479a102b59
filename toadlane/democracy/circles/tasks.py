"""What time does to elections."""

from datetime import datetime

from toadlane.democracy.circles import queries, services
from toadlane.plumbing.access.principals import Principal


def close_nominations(*, by: Principal, at: datetime) -> None:
    """Close the nominations whose deadline is over."""
    for election in queries.due(at)[:100]:
        services.close_nominations(election=election, by=by, at=at)

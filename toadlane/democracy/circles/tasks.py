"""What time does to elections."""

from datetime import datetime

from toadlane.democracy.circles import queries, services
from toadlane.democracy.circles.queries import draws
from toadlane.plumbing.access.principals import Principal


def close_nominations(*, by: Principal, at: datetime) -> None:
    """Close the nominations whose deadline is over."""
    for election in queries.due(at)[:100]:
        services.close_nominations(election=election, by=by, at=at)


def keep_draws(*, by: Principal, at: datetime) -> None:
    """Draw what has come to its hour, and have those drawn take their seats when their time to say no is over."""
    for draw in draws.draws_to_keep(at)[:100]:
        services.keep_draw(draw=draw, by=by, at=at)

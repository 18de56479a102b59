"""What waits for a member: rooms say what, the desk shows it."""

from collections.abc import Callable
from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.ui.shapes import Waiting

# Asked in the co-op's scope; should cost a statement or two.
Source = Callable[[Principal, datetime], list[Waiting]]

__all__ = ["Source", "Waiting", "connections", "declare", "waiting"]

_sources: dict[str, Source] = {}


def declare(name: str, source: Source) -> None:
    """Add what waits in a room. Called in its `wiring`."""
    assert name not in _sources, f"{name} says what waits already"
    _sources[name] = source


def connections() -> list[str]:
    return sorted(_sources)


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return all that waits for somebody, what has a time first."""
    found = [one for source in _sources.values() for one in source(by, at)]
    return sorted(found, key=lambda one: (one.at is None, one.at or at))

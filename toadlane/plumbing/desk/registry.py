"""What a member finds on the desk: what waits, what is new, and the parts that rooms lend it. Rooms say, the desk shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import structlog

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.ui.shapes import News, Waiting

log = structlog.get_logger()
T = TypeVar("T")

# Asked in the co-op's scope; each should cost a statement or two.
Source = Callable[[Principal, datetime], list[Waiting]]
Told = Callable[[Principal, datetime], list[News]]
# What the template of a part needs, or None for whom it is empty.
Fill = Callable[[Principal, datetime], dict[str, Any] | None]
Side = Literal["main", "aside"]

# How long something is new, and how much of it is told.
NEW_FOR, NEWEST = timedelta(days=14), 6

__all__ = [
    "NEW_FOR", "News", "Part", "Source", "Waiting", "connections", "declare", "declare_news", "declare_part", "news", "parts",
    "waiting",
]  # fmt: skip

_sources: dict[str, Source] = {}
_news: dict[str, Told] = {}
_parts: dict[str, tuple[Side, str, Fill]] = {}


@dataclass(frozen=True)
class Part:
    template: str
    context: dict[str, Any]


def declare(name: str, source: Source) -> None:
    """Add what waits in a room. Called in its `wiring`."""
    assert name not in _sources, f"{name} says what waits already"
    _sources[name] = source


def declare_news(name: str, told: Told) -> None:
    """Add what happened in a room lately and concerns whoever looks."""
    assert name not in _news, f"{name} says what is new already"
    _news[name] = told


def declare_part(name: str, side: Side, template: str, fill: Fill) -> None:
    """Lend the desk a part: a room's own template, which the room fills."""
    assert name not in _parts, f"{name} is there already"
    _parts[name] = (side, template, fill)


def connections() -> list[str]:
    """Return who connects, for the golden file of connections."""
    return sorted([*_sources, *(f"{name} news" for name in _news), *(f"{name} part" for name in _parts)])


def _heard(name: str, source: Callable[[Principal, datetime], list[T]], by: Principal, at: datetime) -> list[T]:
    """Ask one room. A co-op older than a room may lack a rule it reads: then this room says nothing, and the desk still opens."""
    try:
        return source(by, at)
    except Expected as error:
        log.warning("desk", room=name, trouble=str(error))
        return []


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return all that waits for somebody, what has a time first."""
    found = [one for name, source in _sources.items() for one in _heard(name, source, by, at)]
    return sorted(found, key=lambda one: (one.at is None, one.at or at))


def news(by: Principal, at: datetime) -> list[News]:
    """Return what is new for somebody, the newest first."""
    found = [one for name, told in _news.items() for one in _heard(name, told, by, at) if one.at > at - NEW_FOR]
    return sorted(found, key=lambda one: one.at, reverse=True)[:NEWEST]


def parts(by: Principal, at: datetime, side: Side) -> list[Part]:
    """Return the parts of one side of the desk that have something in them for whoever looks."""
    filled = ((template, fill(by, at)) for where, template, fill in _parts.values() if where == side)
    return [Part(template, context) for template, context in filled if context is not None]

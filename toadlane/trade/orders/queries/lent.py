"""What the rooms above lend to the page of an order. Each calls `declare_panel` once, in its own `wiring`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders.models import Order


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of an order's page: a room's own template, which the room fills.

    :param instead_of: the deeds of the order that this part leads to by a better way, so that the page offers one
    """

    template: str
    context: dict[str, Any]
    instead_of: frozenset[str] = field(default=frozenset())


# (order, who looks, at, the token of the signed link or nothing) -> the part for this reader, or None.
Fill = Callable[[Order, Principal, datetime, str], Panel | None]
panels: dict[str, Fill] = {}


def declare_panel(name: str, fill: Fill) -> None:
    assert name not in panels, f"{name} is there already"
    panels[name] = fill


def filled(order: Order, by: Principal, at: datetime, token: str) -> list[Panel]:
    """Return the parts that this reader gets to see."""
    return [panel for fill in panels.values() if (panel := fill(order, by, at, token)) is not None]


def connections() -> list[str]:
    """Return who lends what, for the golden file of connections."""
    return sorted(f"panel {name} -> {fill.__module__}.{fill.__qualname__}" for name, fill in panels.items())

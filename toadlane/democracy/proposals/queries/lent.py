"""What the rooms above lend to the page of a proposal and of its decision. Each calls `declare_panel` once, in its `wiring`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from toadlane.democracy.proposals.models import Proposal
from toadlane.plumbing.access.principals import Principal


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the page: a room's own template, which finds `context` as `panel`.

    :param place: `aside` beside the text (the ballot paper, the time that is left) or `main` below it (turnout, result)
    :param tells_result: it shows how the vote came out, so that the page need not
    """

    template: str
    context: dict[str, Any]
    place: str = "main"
    tells_result: bool = False


# (proposal, who looks, at) -> the parts for this reader.
Fill = Callable[[Proposal, Principal, datetime], list[Panel]]
panels: dict[str, Fill] = {}


def declare_panel(name: str, fill: Fill) -> None:
    assert name not in panels, f"{name} is there already"
    panels[name] = fill


def filled(proposal: Proposal, by: Principal, at: datetime) -> list[Panel]:
    return [panel for fill in panels.values() for panel in fill(proposal, by, at)]


def connections() -> list[str]:
    """Return who lends what, for the golden file of connections."""
    return sorted(f"panel {name} -> {fill.__module__}.{fill.__qualname__}" for name, fill in panels.items())

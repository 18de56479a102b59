"""Where a person's data lives: each room says what it holds, how it leaves, and what must stay.

A person takes their data with them and may close their account. No room knows all the others, so each declares its own
part here, in its `wiring`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from toadlane.plumbing.access.principals import Principal


class Export(Protocol):
    def __call__(self, *, person_id: int) -> Any:
        """Return JSON: what this room holds about the person. Asked once in each co-op's scope, and once outside."""


class Erase(Protocol):
    def __call__(self, *, person_id: int, by: Principal, at: datetime) -> None:
        """Take away, or make anonymous, what no law obliges us to keep."""


# Returns a kind sentence that says what has to be settled first, or "".
Obstacle = Callable[[int], str]


@dataclass(frozen=True, kw_only=True)
class Room:
    """One room's part.

    :param inside: asked in the scope of each co-op the server has; a room of the server itself is asked once, outside
    :param coops: which co-ops (ids) this room knows the person in; the union is where everybody is asked
    """

    name: str
    export: Export
    erase: Erase | None = None
    obstacle: Obstacle | None = None
    inside: bool = True
    coops: Callable[[int], list[int]] | None = None


_rooms: dict[str, Room] = {}


def declare(
    name: str, *, export: Export, erase: Erase | None = None, obstacle: Obstacle | None = None, inside: bool = True,
    coops: Callable[[int], list[int]] | None = None,
) -> None:  # fmt: skip
    """Say what a room holds about a person. Called in `wiring`, and printed to the golden file.

    :param obstacle: a sentence when the person cannot close their account yet (a membership, money owed), else ""
    """
    assert name not in _rooms, f"{name} has said so already"
    _rooms[name] = Room(name=name, export=export, erase=erase, obstacle=obstacle, inside=inside, coops=coops)


def declared() -> list[Room]:
    return sorted(_rooms.values(), key=lambda room: room.name)

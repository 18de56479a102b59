"""What waits for something else before its vote opens by itself: rooms above say it once, in their `wiring`."""

from collections.abc import Callable
from datetime import datetime

# Returns the numbers of the proposals that wait, in the co-op in scope.
Wait = Callable[[datetime], set[int]]
_waits: dict[str, Wait] = {}


def declare_wait(name: str, wait: Wait) -> None:
    """Let proposals wait, as one that is on the agenda of a meeting does."""
    assert name not in _waits, f"{name} says already what waits"
    _waits[name] = wait


def waiting(at: datetime) -> set[int]:
    return {number for wait in _waits.values() for number in wait(at)}


def connections() -> list[str]:
    return sorted(f"{name} -> {wait.__module__}.{wait.__qualname__}" for name, wait in _waits.items())

"""Whether somebody on the roll has come to where a vote is taken. Rooms above that have a door say so once, in their `wiring`.

The roll is frozen and everybody on it sees the ballot; a door only says from when on they can vote, and how to come in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from toadlane.democracy.ballots.models import Ballot, RollEntry
from toadlane.democracy.ballots.queries.ballots import procedure_of
from toadlane.democracy.proposals.models import Proposal


@dataclass(frozen=True)
class Door:
    """What somebody has to do before they can vote, and where they do it."""

    words: str
    url: str
    action: str


# (a ballot, entries of its roll) -> those that have not come in, by their id.
Look = Callable[[Ballot, Sequence[RollEntry]], Mapping[int, Door]]
# (a proposal) -> the memberships that are where it is being voted on, or None where that is nowhere.
Count = Callable[[Proposal], set[int] | None]
_looks: dict[str, Look] = {}
_counts: dict[str, Count] = {}


def declare_door(name: str, look: Look, count: Count) -> None:
    """Have votes taken only from those who came, where the procedure's roll says so; and say who has come."""
    assert name not in _looks, f"{name} has a door already"
    _looks[name], _counts[name] = look, count


def here(proposal: Proposal) -> set[int] | None:
    """Return the memberships that are at the meeting which is voting on a proposal now; None where none is."""
    return next((found for count in _counts.values() if (found := count(proposal)) is not None), None)


def shut(ballot: Ballot, entries: Sequence[RollEntry]) -> dict[int, Door]:
    """Return before which of some entries the door is still shut; nobody's where the vote is not a meeting's."""
    if not procedure_of(ballot).roll.is_of_a_meeting:
        return {}
    return {pk: door for look in _looks.values() for pk, door in look(ballot, entries).items()}


def connections() -> list[str]:
    return sorted(f"{name} -> {one.__module__}.{one.__qualname__}" for found in (_looks, _counts) for name, one in found.items())

"""What lets a voter see that their vote was recorded, and anybody count again, without saying who voted what. Vectors 14, H, K.

A vote's hash is of the canonical JSON of a nonce, the poll and the vote. The voter alone is shown the nonce, once, and may
throw it away: without it the hash shows nothing, so that nobody can be made to prove how they voted. All hashes are on a board
at the close, sorted, which keeps no trace of when they came; each is chained to the one before, and a Merkle root (RFC 6962)
stands for all of them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.kernel import canonical, merkle
from toadlane.kernel.errors import Expected

GENESIS = "0" * 64
TRACKER = 12  # As many letters as people compare by eye.


class NotOnTheBoard(Expected):
    words = _("The board has no such vote.")
    status = 404


def ballot_hash(*, nonce: str, poll: str, vote: Any) -> str:
    """Return the hash of one vote (H1).

    :param vote: a word, or the ranking, scores or allotment as JSON says them; never with floats
    """
    return canonical.digest({"nonce": nonce, "poll": poll, "vote": vote})


def tracker(ballot: str) -> str:
    """Return the short form by which a voter finds their vote on the board."""
    return ballot[:TRACKER]


def board(ballots: Iterable[str]) -> list[str]:
    """Return the hashes as they are published. Their own order is as good as a shuffle, and everybody can make it."""
    return sorted(ballots)


def chain(ballots: Iterable[str], genesis: str = GENESIS) -> list[str]:
    """Return the links of the chain: SHA-256 of the link before and the ballot, each as 32 bytes (H1)."""
    links, last = [], genesis
    for ballot in ballots:
        last = hashlib.sha256(bytes.fromhex(last) + bytes.fromhex(ballot)).hexdigest()
        links.append(last)
    return links


def broken_at(ballots: Sequence[str], links: Sequence[str], genesis: str = GENESIS) -> int | None:
    """Return the first place where a published chain does not hold, or None."""
    expected = chain(ballots, genesis)
    if len(links) != len(expected):
        return min(len(links), len(expected))
    return next((place for place, (link, other) in enumerate(zip(links, expected, strict=True)) if link != other), None)


root = merkle.root


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That a vote is on a board: its neighbors on the way up to the root, nearest first, each with its side."""

    ballot: str
    steps: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        return {"ballot": self.ballot, "steps": [list(step) for step in self.steps]}


def proof(ballots: Sequence[str], place: int) -> Proof:
    """Return the proof for the vote at a place of the board, counted from 0 (K1).

    :raises NotOnTheBoard: when there is no such place
    """
    if not 0 <= place < len(ballots):
        raise NotOnTheBoard
    sides, neighbors = merkle.sides(place, len(ballots)), merkle.path(ballots, place)
    return Proof(ballot=ballots[place], steps=tuple(zip(sides, neighbors, strict=True)))


def leads_to(shown: Proof, expected_root: str) -> bool:
    """Say whether a proof leads to a root: whether that vote was counted there. Needs nothing but the two."""
    try:
        found = merkle.leaf(shown.ballot)
        for side, neighbor in shown.steps:
            other = bytes.fromhex(neighbor)
            if side not in ("left", "right"):
                return False
            found = merkle.node(other, found) if side == "left" else merkle.node(found, other)
    except ValueError:
        return False
    return found.hex() == expected_root

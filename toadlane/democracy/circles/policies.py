"""Who is drawn: worked out from what was announced, from what nobody could know then, and from who said no.

Anybody can do it again with a list, a seed and `sha256sum`: a member's lot is SHA-256 of the seed, a stroke and the number in
the register, the smallest first.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from toadlane.democracy.counting.policies import sortition


@dataclass(frozen=True)
class Ticket:
    """Somebody in the draw: a number in the register of members, and the class whose seats they can take beside the open ones."""

    number: int
    member_class: str

    def line(self) -> str:
        return f"{self.number},{self.member_class}"


def roll_digest(tickets: Collection[Ticket]) -> str:
    """Return the hash of everybody in a draw: of their lines in the order of their numbers, each ended by a line feed."""
    ordered = sorted(tickets, key=lambda one: one.number)
    return hashlib.sha256("".join(f"{one.line()}\n" for one in ordered).encode()).hexdigest()


def spelled(value: str) -> str:
    """Return a public value as it is hashed: without spaces around it, and with one where there are several."""
    return " ".join(value.split())


def seed(announced: str, value: str) -> str:
    """Return the seed: SHA-256 of the hash of what was announced, a stroke and the value that nobody knew then."""
    return hashlib.sha256(f"{announced}|{value}".encode()).hexdigest()


def lot(seed: str, number: int) -> str:
    return sortition.lot(seed, str(number))


def in_order(seed: str, tickets: Collection[Ticket]) -> list[Ticket]:
    """Return the tickets in the order of their lots."""
    known = {str(one.number): one for one in tickets}
    return [known[number] for number in sortition.in_order(seed, known)]


def seated(order: Sequence[Ticket], seats: Mapping[str, int], declined: Collection[int]) -> dict[str, list[int]]:
    """Return who takes which seats: first those of each class, then those open to all; whoever said no is passed over.

    :param order: as the lots have it
    :param seats: how many of each class; under an empty name those open to all
    :param declined: the numbers of those who said no
    """
    left = [one for one in order if one.number not in declined]
    found: dict[str, list[int]] = {}
    for name in sorted(seats, key=lambda name: (name == "", name)):
        taken = [one for one in left if name in ("", one.member_class)][: seats[name]]
        found[name] = [one.number for one in taken]
        left = [one for one in left if one not in taken]
    return found

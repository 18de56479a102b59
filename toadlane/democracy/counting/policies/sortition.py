"""Choosing by lot, so that anyone can draw again and get the same: juries, audits, ethics boards, ties. Golden vectors 14, S.

Every member's lot is SHA-256 of the seed, a stroke and the member's id; the smallest are drawn. The seed is made known
before anybody knows the members, or comes from what nobody can choose: a public draw of a later day.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.rounding import largest_remainder


class TooFew(Expected):
    words = lazy("More are to be drawn than there are.")
    status = 422


class InTwoStrata(Expected):
    words = lazy("A member stands in two groups of the draw, and would have two chances.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Who was drawn, group by group, in the order of their lots. `quota` is how many of each group."""

    members: tuple[str, ...]
    quota: Mapping[str, int]


def lot(seed: str, member: str) -> str:
    """Return the lot of a member under a seed, in hexadecimal."""
    return hashlib.sha256(f"{seed}|{member}".encode()).hexdigest()


def in_order(seed: str, members: Iterable[str]) -> list[str]:
    """Return the members in the order of their lots; the input's order does not matter. Whoever cannot serve is followed by
    the next.
    """
    return sorted(set(members), key=lambda member: (lot(seed, member), member))


def draw(seed: str, members: Sequence[str], n: int) -> Drawn:
    """Draw `n` of the members (S1).

    :raises TooFew: when there are not as many
    """
    order = in_order(seed, members)
    _enough(n, len(order))
    return Drawn(members=tuple(order[:n]), quota={})


def draw_from_strata(seed: str, strata: Mapping[str, Sequence[str]], n: int) -> Drawn:
    """Draw `n`, of each group as many as its size gives it by largest remainder (S2).

    :raises TooFew: when there are not as many
    :raises InTwoStrata: when a member stands in two groups
    """
    groups = {name: in_order(seed, members) for name, members in strata.items()}
    everyone = [member for members in groups.values() for member in members]
    if len(set(everyone)) < len(everyone):
        raise InTwoStrata
    _enough(n, len(everyone))
    quota = largest_remainder(n, {name: len(members) for name, members in groups.items()})
    return Drawn(members=tuple(one for name, members in groups.items() for one in members[: quota[name]]), quota=quota)


def _enough(n: int, there: int) -> None:
    if not 0 <= n <= there:
        raise TooFew

"""Votes that others cast: liquid delegation, and proxies at a meeting. Golden vectors 13, D and P.

A delegation lasts until it is taken back, passes on from delegate to delegate, and yields to the member's own vote. It does
not reach secret ballots: nobody could say any more what their vote was used for. A proxy is for one meeting, in writing, to a
member who is there (Ley 27/1999, art. 27: two at most for each).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Whose votes whom reached.

    :param weights: the votes that each voter casts, their own among them, in the order of the roll
    :param voters: who votes for each member: themselves, a delegate, or nobody
    :param lost: members whose vote nobody casts: silent ones, and those whose delegation goes in a circle, leads to somebody
        who does not vote or is not on the roll, or to one who has as many as they may
    :param over_cap: those of them who found their delegate full
    """

    weights: Mapping[str, int]
    voters: Mapping[str, str | None]
    lost: tuple[str, ...]
    over_cap: tuple[str, ...]


def carry(
    eligible: Sequence[str], delegate: Mapping[str, str], voted: Collection[str], *, cap_total: int | None = None,
    secret: bool = False, order: Sequence[str] | None = None,
) -> Carried:  # fmt: skip
    """Say who casts whose vote (D1 to D6). Linear in members: each step of each chain is walked once.

    :param delegate: to whom each member has delegated; who votes themselves does not need it
    :param cap_total: the most votes that one voter casts, their own included
    :param order: whose delegation comes first where a voter is full, such as the order in which they were given; the
        roll's order where nothing is said
    """
    on_roll = dict.fromkeys(eligible)
    votes_cast = frozenset(voted)
    ends: dict[str, str | None] = {member: member for member in on_roll if member in votes_cast}
    if not secret:
        for member in on_roll:
            if member not in ends:
                _follow(member, delegate, on_roll, ends)
    weights = {member: 1 for member in on_roll if member in votes_cast}
    voters: dict[str, str | None] = {member: member if member in votes_cast else None for member in on_roll}
    over_cap = []
    for member in _in_order(on_roll, order):
        end = ends.get(member)
        if end is None or end == member:
            continue
        if cap_total is not None and weights[end] >= cap_total:
            over_cap.append(member)
            continue
        weights[end] += 1
        voters[member] = end
    lost = tuple(member for member, voter in voters.items() if voter is None)
    return Carried(weights=weights, voters=voters, lost=lost, over_cap=tuple(over_cap))


def _follow(member: str, delegate: Mapping[str, str], on_roll: Mapping[str, None], ends: dict[str, str | None]) -> None:
    """Walk from a member to whoever votes for them, and note the end for everybody on the way."""
    path: dict[str, None] = {}
    here: str | None = member
    while here is not None and here not in ends and here not in path and here in on_roll:
        path[here] = None
        here = delegate.get(here)
    # A circle, somebody who is not on the roll, or one who neither votes nor delegates: the way ends nowhere.
    end = ends.get(here) if here is not None else None
    ends.update(dict.fromkeys(path, end))


def _in_order(on_roll: Mapping[str, None], order: Sequence[str] | None) -> Iterable[str]:
    if order is None:
        return on_roll
    first = dict.fromkeys(member for member in order if member in on_roll)
    return [*first, *(member for member in on_roll if member not in first)]


def counts(carried: Carried, votes: Mapping[str, str]) -> dict[str, int]:
    """Add up what the voters chose, each with the votes they cast: by choice, and `lost`. The sum is the roll.

    :param votes: the choice of each voter, such as `for`
    """
    found: dict[str, int] = {}
    for voter, weight in carried.weights.items():
        found[votes[voter]] = found.get(votes[voter], 0) + weight
    return {**found, "lost": len(carried.lost)}


@dataclass(frozen=True, kw_only=True)
class Proxies:
    """Which proxies hold, as pairs of who gives and who holds, and which do not, with the reason."""

    valid: tuple[tuple[str, str], ...]
    refused: Mapping[tuple[str, str], str]


def proxies(given: Iterable[tuple[str, str]], *, eligible: Collection[str], max_per_holder: int) -> Proxies:
    """Say which proxies hold, in the order in which they were given (P1 to P4).

    Who gives and who holds one are on the roll; whoever gave theirs away is not there, and cannot hold another's; one
    member gives one proxy, the first; nobody holds more than the rules let them.
    """
    pairs = [(giver, holder) for giver, holder in given]
    on_roll, absent = frozenset(eligible), {giver for giver, _holder in pairs}
    held: dict[str, int] = {}
    given_already: set[str] = set()
    valid: list[tuple[str, str]] = []
    refused: dict[tuple[str, str], str] = {}
    for pair in pairs:
        giver, holder = pair
        if giver not in on_roll:
            why = "giver_not_eligible"
        elif holder not in on_roll:
            why = "holder_not_eligible"
        elif holder in absent:
            why = "holder_not_attending"
        elif giver in given_already:
            why = "given_already"
        elif held.get(holder, 0) >= max_per_holder:
            why = "holder_has_enough"
        else:
            valid.append(pair)
            given_already.add(giver)
            held[holder] = held.get(holder, 0) + 1
            continue
        refused.setdefault(pair, why)
    return Proxies(valid=tuple(valid), refused=refused)

"""What was voted, put together for counting. Only for ballots that are closed, or whose results are live."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from toadlane.democracy.ballots.models import Ballot, Paper, Vote
from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.counting.policies.profiles import Profile
from toadlane.democracy.counting.policies.tallies import Roll, Tally


@dataclass(frozen=True)
class Counted:
    """Equal papers of one college."""

    college: str
    weight: int
    choice: str
    count: int


def counted(ballot: Ballot) -> list[Counted]:
    """Return the papers of a ballot, equal ones together."""
    if ballot.is_secret:
        rows = Paper.objects.filter(ballot=ballot).order_by("college", "weight", "choice")
        return [Counted(*row) for row in rows.values_list("college", "weight", "choice", "count")]
    votes = Vote.objects.filter(ballot=ballot).order_by().values_list("entry__college", "entry__weight", "choice")
    return [Counted(*row) for row in votes.annotate(n=Count("pk"))]


def choices_of(ballot: Ballot, found: Iterable[Counted]) -> Iterator[tuple[Any, int]]:
    """Return choices as the methods of counting read them, with their weight."""
    shape = papers.shape(ballot.method)
    for one in found:
        yield papers.read(one.choice, ballot.options, shape), one.weight * one.count


def profile_of(ballot: Ballot, found: Iterable[Counted]) -> Profile:
    """Return rankings in one matrix."""
    return papers.profile([(one.choice, one.weight * one.count) for one in found], ballot.options)


def tally_of(ballot: Ballot, found: Iterable[Counted]) -> Tally:
    """Add up votes for, against, abstaining and blocking, by college. Of other questions it only says who took part."""
    sums: dict[str, dict[str, int]] = {}
    is_majority = ballot.method == "majority"
    for one in found:
        college = sums.setdefault(one.college, {"for": 0, "against": 0, "abstain": 0, "block": 0, "voters": 0})
        option = papers.read(one.choice, ballot.options, "one") if is_majority else "abstain"
        college[option if option in college else "abstain"] += one.weight * one.count
        college["voters"] += one.count
    return Tally.of_colleges({name: Tally.read(sums[name]) for name in sorted(sums)})


def roll_of(ballot: Ballot) -> Roll:
    """Return how many could have voted, as it was frozen."""
    frozen = ballot.frozen["roll"]
    colleges: dict[str, dict[str, Any]] = {}
    for group in frozen["groups"]:
        college = colleges.setdefault(group["college"], {"eligible": 0, "votes": 0})
        college["eligible"] += group["members"]
        college["votes"] += group["votes"]
    return Roll(
        eligible=frozen["size"], present=ballot.present, everyone=sum(frozen["classes"].values()),
        votes=sum(one["votes"] for one in colleges.values()), colleges={name: Roll(**one) for name, one in colleges.items()},
    )  # fmt: skip


def drawn(ballot: Ballot, names: list[str]) -> list[str]:
    """Return names in the order of the lot: by SHA-256 of the ballot's hash, the root of its board and the name.

    The rule is known before, the order to nobody before the last vote is in: every vote moves the root.
    """
    root = ballot.board.root
    return sorted(names, key=lambda name: hashlib.sha256(f"{ballot.hash}{root}{name}".encode()).hexdigest())

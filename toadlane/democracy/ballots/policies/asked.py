"""A ballot as counting knows it, and what of it was frozen. Pure."""

from datetime import datetime
from typing import Any, Protocol

from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.counting.policies.tallies import Roll


class Asked(Protocol):
    """What counting knows of a ballot: a row of the server, or a line of a file."""

    @property
    def hash(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def options(self) -> Any: ...
    @property
    def params(self) -> Any: ...
    @property
    def procedure_name(self) -> str: ...
    @property
    def procedure(self) -> Any: ...
    @property
    def frozen(self) -> Any: ...
    @property
    def is_elsewhere(self) -> bool: ...
    @property
    def present(self) -> int | None: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...


def procedure_of(ballot: Asked) -> Procedure:
    """Return the procedure as it was frozen when the ballot opened."""
    return Procedure.thaw(ballot.procedure_name, ballot.procedure)


def is_together(ballot: Asked) -> bool:
    """Say whether the votes of all colleges lie in one heap: of a secret ballot whose count asks no college by itself, so that
    a college of one or two does not show how they voted.
    """
    return bool(ballot.frozen["roll"].get("together"))


def hides_little(ballot: Asked) -> bool:
    """Say whether a secret ballot is secret in name only: for all on its roll, or for a heap of votes so small that the result
    tells what is in it. Heaps are colleges that the count asks by themselves, and those who alone have so many votes.
    """
    heaps: dict[tuple[str, int], int] = {}
    for group in ballot.frozen["roll"]["groups"]:
        heap = ("" if is_together(ballot) else group["college"], group["votes"] // group["members"])
        heaps[heap] = heaps.get(heap, 0) + group["members"]
    return procedure_of(ballot).hides_little(min(heaps.values()))


def judged_by(ballot: Asked) -> Procedure:
    """Return the procedure as it judges the votes on this question."""
    found = procedure_of(ballot)
    return found.among_several() if ballot.method in METHODS else found


def roll_of(ballot: Asked) -> Roll:
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

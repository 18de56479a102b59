"""Votes counted, and how many there could have been: the numbers that every way of deciding is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from toadlane.kernel.rates import rate

Votes = int | Fraction  # Fractions where the law gives fractional votes (Ley 27/1999, art. 26).


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Votes counted: for, against, abstentions and blocks; and the same by college or class where a rule asks for it.

    :param voters: how many members cast them; None where each has one vote
    """

    for_: Votes = 0
    against: Votes = 0
    abstain: Votes = 0
    block: Votes = 0
    voters: int | None = None
    colleges: Mapping[str, "Tally"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.for_, self.against, self.abstain, self.block) < 0:
            raise ValueError("fewer than no votes")

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Tally":
        colleges = {name: cls.read(part) for name, part in written.get("colleges", {}).items()}
        counts = {key: _votes(written.get(key, 0)) for key in ("for", "against", "abstain", "block")}
        return cls(for_=counts.pop("for"), voters=written.get("voters"), colleges=colleges, **counts)

    @classmethod
    def of_colleges(cls, colleges: Mapping[str, "Tally"]) -> "Tally":
        """Return the sum of the colleges, which keeps them."""
        parts = list(colleges.values())
        voters = None if any(one.voters is None for one in parts) else sum(one.voters or 0 for one in parts)
        return cls(
            for_=sum((one.for_ for one in parts), 0), against=sum((one.against for one in parts), 0), voters=voters,
            abstain=sum((one.abstain for one in parts), 0), block=sum((one.block for one in parts), 0), colleges=dict(colleges),
        )  # fmt: skip

    @property
    def cast(self) -> Votes:
        return self.for_ + self.against

    @property
    def everything(self) -> Votes:
        return self.for_ + self.against + self.abstain + self.block

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "for": exact(self.for_), "against": exact(self.against), "abstain": exact(self.abstain), "block": exact(self.block),
        }  # fmt: skip
        if self.voters is not None:
            found["voters"] = self.voters
        if self.colleges:
            found["colleges"] = {name: part.as_json() for name, part in self.colleges.items()}
        return found


@dataclass(frozen=True, kw_only=True)
class Roll:
    """How many could vote. All of it is known when the roll is frozen, but who is present.

    :param eligible: members on the roll
    :param present: there or represented, in votes; None where nobody is asked to be there, as in a vote over days
    :param everyone: all members, also those who are not on this roll; None where they are the same
    :param votes: the votes that those on the roll have together; None where each has one
    """

    eligible: int | None = None
    present: int | None = None
    everyone: int | None = None
    votes: Votes | None = None
    colleges: Mapping[str, "Roll"] = field(default_factory=dict)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Roll":
        votes = written.get("votes")
        return cls(
            eligible=written.get("eligible"), present=written.get("present"), everyone=written.get("everyone"),
            votes=None if votes is None else _votes(votes),
            colleges={name: cls.read(part) for name, part in written.get("colleges", {}).items()},
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        found = {
            "eligible": self.eligible, "present": self.present, "everyone": self.everyone,
            "votes": None if self.votes is None else exact(self.votes),
        }  # fmt: skip
        shown: dict[str, Any] = {key: value for key, value in found.items() if value is not None}
        if self.colleges:
            shown["colleges"] = {name: part.as_json() for name, part in self.colleges.items()}
        return shown


def exact(number: Votes) -> int | str:
    """Return a number as JSON can say it without losing anything: an integer, or "2/3"."""
    whole = Fraction(number)
    return whole.numerator if whole.denominator == 1 else f"{whole.numerator}/{whole.denominator}"


def _votes(value: Any) -> Votes:
    found = rate(value)
    return found.numerator if found.denominator == 1 else found

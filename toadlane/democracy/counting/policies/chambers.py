"""Chambers and colleges: groups in which votes are counted together. Golden vectors 10.

Categories are who somebody is to the co-op, colleges are how votes are grouped; several categories may share a college. A
college's part of the whole is fixed by the bylaws, never by capital, however many members it has. How a college speaks
is stated, because it turns results: its part is divided as its members voted (`proportional`), or goes whole to what more
of them wanted (`winner_takes_college`). In a `double_majority` each chamber decides by itself, and all must agree.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies import majorities
from toadlane.democracy.counting.policies.majorities import Majority, Result
from toadlane.democracy.counting.policies.reading import Written
from toadlane.democracy.counting.policies.tallies import Roll, Tally, exact
from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules.packs import Pack

WEIGHTED = ("proportional", "winner_takes_college")
MODES = (*WEIGHTED, "double_majority")
EMPTY = ("rescale", "fail")
HALF = Fraction(1, 2)


@dataclass(frozen=True, kw_only=True)
class Chambers:
    """How a procedure groups its votes.

    :param weights: for weighted modes: the part of each college, of any sum
    :param each: for a double majority: the rule of each chamber
    :param empty: what becomes of a college in which nobody voted for or against: the others share its part (`rescale`),
        or the vote fails (`fail`)
    """

    mode: str
    weights: Mapping[str, Fraction]
    each: Mapping[str, Majority]
    empty: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.each or self.weights)

    @classmethod
    def read(cls, written: Written) -> "Chambers":
        """Read the `chambers` of a procedure."""
        mode = written.one_of("mode", MODES)
        empty = written.one_of("empty", EMPTY, "fail" if mode == "double_majority" else "rescale")
        each = _each(written.table("each")) if mode == "double_majority" else {}
        weights = {}
        if mode in WEIGHTED:
            table = written.table("weights")
            weights = {name: table.as_fraction(name, table.take(name)) for name in table.names()}
        if mode in WEIGHTED and (not weights or min(weights.values()) < 0 or not sum(weights.values())):
            raise written.refuse("weights", _("each college needs its part of the votes."))
        written.done()
        return cls(mode=mode, weights=weights, each=each, empty=empty)


def _each(table: Written) -> dict[str, Majority]:
    each = {}
    for name in table.names():
        chamber = table.table(name)
        each[name] = Majority.read(chamber)
        chamber.done()
    if len(each) < 2:
        raise table.refuse("", _("at least two chambers are needed."))
    return each


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one chamber came to.

    :param weight: its part of the whole once empty ones are out, from 0 to 1; None in a double majority
    :param for_: its share in favor, from 0 to 1; None where nobody in it voted for or against
    """

    tally: Tally
    for_: Fraction | None
    weight: Fraction | None = None
    result: Result | None = None


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """The whole of weighted colleges: parts for and against, from 0 to 1. Both are nothing where nobody voted."""

    for_: Fraction
    against: Fraction
    parts: Mapping[str, Part]
    empty: tuple[str, ...]


def weigh(chambers: Chambers, colleges: Mapping[str, Tally]) -> Weighed:
    """Put the colleges' votes together by their weights (R1 to R4). An even college is divided evenly (R4)."""
    tallies = {name: colleges.get(name, Tally()) for name in chambers.weights}
    empty = tuple(name for name, tally in tallies.items() if not tally.cast)
    whole = sum((weight for name, weight in chambers.weights.items() if name not in empty), Fraction(0))
    parts = {}
    for name, tally in tallies.items():
        weight = Fraction(0) if name in empty or not whole else chambers.weights[name] / whole
        share = Fraction(tally.for_) / tally.cast if tally.cast else None
        if share is not None and chambers.mode == "winner_takes_college" and share != HALF:
            share = Fraction(share > HALF)
        parts[name] = Part(tally=tally, for_=share, weight=weight)
    for_ = sum(((part.weight or Fraction(0)) * (part.for_ or 0) for part in parts.values()), Fraction(0))
    spoken = sum((part.weight or Fraction(0) for part in parts.values()), Fraction(0))
    return Weighed(for_=for_, against=spoken - for_, parts=parts, empty=empty)


def double(chambers: Chambers, tally: Tally, roll: Roll) -> dict[str, Part]:
    """Let each chamber decide by its own rule (D1, D2). A chamber in which nobody voted fails, unless it is to drop out."""
    parts = {}
    for name, rule in chambers.each.items():
        own = tally.colleges.get(name, Tally())
        if not own.everything and chambers.empty == "rescale":
            continue
        result = majorities.judge(rule, own, roll.colleges.get(name, Roll()))
        parts[name] = Part(tally=own, for_=result.share, result=result)
    return parts


def faults(weights: Mapping[str, str], categories: Collection[str], pack: Pack) -> list[str]:
    """Name what is wrong with colleges by the law of a legal form, in this order (V1 to V5).

    :param weights: the colleges' parts of the votes, in percent
    :param categories: the kinds of members there are
    """
    parts = {name: rate(part) for name, part in weights.items()}
    return list(dict.fromkeys(_faults(parts, categories, pack)))


def _faults(parts: Mapping[str, Fraction], categories: Collection[str], pack: Pack) -> Iterator[str]:
    cap, floor = pack.bounds.get("votes.college_max", {}).get("cap"), pack.bounds.get("votes.college_min", {}).get("floor")
    if cap and max(parts.values(), default=0) > (most := rate(cap["max"]) * 100):
        yield f"college_above_{exact(most)}"
    if floor and min(parts.values(), default=0) < (least := rate(floor["min"]) * 100):
        yield f"college_below_{exact(least)}"
    demanded = pack.voice.get("categories", {})
    if len(set(categories)) < demanded.get("least", 0):
        yield f"fewer_than_{demanded['least']}_categories"
    for group in demanded.get("needed", ()):
        if not set(group) & set(categories):
            yield f"missing_category_{group[0]}"
    if sum(parts.values()) != 100:
        yield "weights_not_100"


def one_college_each(
    memberships: Mapping[str, Sequence[str]], *, declared: Mapping[str, str], precedence: Sequence[str] = ()
) -> dict[str, list[str]]:
    """Put everybody in one college: the one they declared, or else the first in the order of precedence (P1, P2).

    A declaration for a college that somebody does not belong to counts for nothing. Without an order of precedence, the
    college named first in `memberships` it is.

    :param memberships: the colleges of each member
    :returns: the members of every college named, in the order of `memberships`
    """
    found: dict[str, list[str]] = {name: [] for colleges in memberships.values() for name in colleges}
    for member, colleges in memberships.items():
        if not colleges:
            continue
        in_order = [name for name in precedence if name in colleges]
        chosen = declared.get(member, "")
        found[chosen if chosen in colleges else (in_order or list(colleges))[0]].append(member)
    return found

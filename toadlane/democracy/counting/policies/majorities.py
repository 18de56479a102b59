"""Majorities: what share of whom is enough, how many have to take part, who may block. Golden vectors 09.

Three things decide, and each is named in the rule: the threshold, whether it must be exceeded (`gt`, "more than half") or
reached (`ge`, "at least two thirds"), and of whom it is a share (`of`). The same votes pass under one and fail under another:
Spain's two thirds are of the members present (Ley 27/1999, art. 28.2), the European co-operative's of the votes validly
cast (Regulation 1435/2003, art. 61(4)).

    of          the share is of
    cast        votes for and against
    cast_block  votes for, against and blocks
    present     everybody there or represented, and at least everybody who voted: abstaining counts against
    eligible    everybody on the roll: staying away counts against
    all         every member, on this roll or not
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.reading import Written
from toadlane.democracy.counting.policies.tallies import Roll, Tally, Votes, exact
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import ceil, floor

OPS = ("gt", "ge")
BASES = ("cast", "cast_block", "present", "eligible", "all")
QUORUM_BASES = ("eligible", "votes", "all", "class")
COUNTS = ("present", "cast_all", "for_abstain", "cast")
BY_HEADS = ("present", "cast_all")  # Known without knowing what anybody voted.


class FactMissing(Expected):
    """The rule asks for a number that nobody gave."""

    status = 500


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """How many have to take part. Where both a fraction and a number are given, either is enough (Ley 27/1999, art. 25).

    :param of: of what the fraction is: `eligible` members, their `votes`, `all` members, or each `class`
    :param classes: for `class`: which ones; empty means each of them
    :param counts: who takes part: those `present` (or represented, or voting), all ballots (`cast_all`), only those `cast` for
        or against, or `for_abstain`, where votes against do not count. The last rewards staying away over voting
        against: it is here because others have it.
    """

    fraction: Fraction | None = None
    number: int | None = None
    op: str = "ge"
    of: str = "eligible"
    classes: tuple[str, ...] = ()
    counts: str = "present"

    @classmethod
    def read(cls, written: Written) -> "Quorum":
        found = cls(
            fraction=written.share("fraction", None), number=written.whole("number", None), op=written.one_of("op", OPS, "ge"),
            of=written.one_of("of", QUORUM_BASES, "eligible"), counts=written.one_of("counts", COUNTS, "present"),
            classes=written.words("classes"),
        )  # fmt: skip
        if found.fraction is None and found.number is None:
            raise written.refuse("fraction", _("a fraction or a number is needed."))
        if found.classes and found.of != "class":
            raise written.refuse("classes", _("they belong to a quorum of a class."))
        if found.op == "gt" and found.fraction == 1 and found.number is None:
            raise written.refuse("fraction", _("nobody can exceed the whole."))
        written.done()
        return found


@dataclass(frozen=True, kw_only=True)
class QuorumReached:
    """What a quorum asked for and what there was. `of_class` is empty for the whole."""

    counted: Votes
    needed: Fraction
    op: str
    of: str
    of_class: str = ""

    @property
    def reached(self) -> bool:
        return reaches(self.counted, self.needed, self.op)

    @property
    def least(self) -> int:
        """Return the smallest number that would reach it."""
        return floor(self.needed) + 1 if self.op == "gt" else ceil(self.needed)

    def as_json(self) -> dict[str, Any]:
        shown = {"counted": exact(self.counted), "needed": exact(self.needed), "op": self.op, "of": self.of,
                 "reached": self.reached}  # fmt: skip
        return {**shown, "class": self.of_class} if self.of_class else shown


@dataclass(frozen=True, kw_only=True)
class Majority:
    """One rule of decision.

    :param threshold: the share in favor that is needed; None where only the votes against are counted
    :param max_opposed, max_opposed_fraction: how many may be opposed: the number, or that share of `of`, whichever is more
        ("consensus minus one")
    :param override: the share in favor from which a block no longer stops; None where votes to block are votes against
    """

    threshold: Fraction | None = None
    op: str = "gt"
    of: str = "cast"
    quorums: tuple[Quorum, ...] = ()
    max_opposed: int | None = None
    max_opposed_fraction: Fraction | None = None
    blocks: bool = False
    override: Fraction | None = None
    override_op: str = "ge"

    @classmethod
    def read(cls, written: Written, *, needed: bool = True) -> "Majority":
        """Take what is a majority's out of a table; the caller ends with `done`.

        :param needed: whether it has to say how many votes decide; an election has a quorum only
        """
        found = cls(
            threshold=written.share("threshold", None), max_opposed=written.whole("max_opposed", None),
            max_opposed_fraction=written.share("max_opposed_fraction", None), op=written.one_of("op", OPS, "gt"),
            of=written.one_of("of", BASES, "cast"), quorums=_quorums(written), **_block(written),
        )  # fmt: skip
        if needed and not found.decides:
            raise written.refuse("threshold", _("it is missing."))
        if found.threshold == 0 or (found.threshold == 1 and found.op == "gt"):
            raise written.refuse("threshold", _("with this, everything would pass, or nothing ever."))
        return found

    @property
    def decides(self) -> bool:
        return (self.threshold, self.max_opposed, self.max_opposed_fraction) != (None, None, None)


def _quorums(written: Written) -> tuple[Quorum, ...]:
    """Read one quorum or several, all of which have to be reached; a bare share is one of the members on the roll."""
    found = written.take("quorum", None)
    if found is None:
        return ()
    listed = found if isinstance(found, list) else [found]
    return tuple(
        Quorum.read(Written(f"{written.path}.quorum", one))
        if isinstance(one, Mapping)
        else Quorum(fraction=written.as_share("quorum", one))
        for one in listed
    )


def _block(written: Written) -> dict[str, Any]:
    if not written.has("block"):
        return {}
    block = written.table("block")
    found = {"blocks": True, "override": block.share("override", None), "override_op": block.one_of("op", OPS, "ge")}
    block.done()
    return found


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a majority came to.

    :param why: empty when it passed; else the first of `quorum`, `blocked`, `opposed`, `threshold` that stood in the way
    :param share: what was in favor, of `base`; None where the base is nothing
    :param tie: as many for as against, where more than half is needed
    """

    passed: bool
    why: str
    base: Votes
    share: Fraction | None
    quorums: tuple[QuorumReached, ...]
    tie: bool = False
    opposed_allowed: Fraction | None = None


def judge(rule: Majority, tally: Tally, roll: Roll) -> Result:
    """Say whether these votes pass (M1 to M25). Where nobody voted for it, nothing passes.

    :raises FactMissing: when the rule is about a number that the roll does not have
    """
    if not rule.blocks and tally.block:
        # Where there is no veto, whoever says “block” is against.
        tally = replace(tally, against=tally.against + tally.block, block=0)
    quorums = tuple(found for quorum in rule.quorums for found in measure(quorum, tally, roll))
    base = base_of(rule.of, tally, roll)
    allowed = _opposed_allowed(rule, base)
    opposed = tally.against + tally.block
    if not all(found.reached for found in quorums):
        why = "quorum"
    elif tally.block and not _overridden(rule, tally, roll):
        why = "blocked"
    elif allowed is not None and opposed > allowed:
        why = "opposed"
    elif not tally.for_ or (rule.threshold is not None and not reaches(tally.for_, rule.threshold * base, rule.op)):
        why = "threshold"
    else:
        why = ""
    halves = rule.threshold == Fraction(1, 2) and rule.op == "gt" and rule.of == "cast"
    return Result(
        passed=not why, why=why, base=base, share=Fraction(tally.for_) / base if base else None, quorums=quorums,
        tie=why == "threshold" and halves and tally.for_ == tally.against > 0, opposed_allowed=allowed,
    )  # fmt: skip


def least(rule: Majority, roll: Roll) -> int:
    """Return how many have to take part at least, where only numbers of members are asked for, as in consent."""
    found = [one.least for quorum in rule.quorums for one in measure(quorum, Tally(), roll)]
    return max(found, default=0)


def measure(quorum: Quorum, tally: Tally, roll: Roll) -> list[QuorumReached]:
    """Say how far a quorum is reached: once for the whole, or once for each class it is about."""
    if quorum.of == "class":
        names = quorum.classes or tuple(roll.colleges)
        if not names or set(names) - set(roll.colleges):
            raise FactMissing(_("The roll has no classes, and the quorum is about them."))
        return [_measure(quorum, tally.colleges.get(name, Tally()), roll.colleges[name], name) for name in names]
    return [_measure(quorum, tally, roll, "")]


def _measure(quorum: Quorum, tally: Tally, roll: Roll, of_class: str) -> QuorumReached:
    wanted = []
    if quorum.fraction is not None:
        wanted.append(quorum.fraction * _whole_of(quorum.of, roll))
    if quorum.number is not None:
        wanted.append(Fraction(quorum.number))
    # Members are counted by heads, whatever votes they have; only a quorum of votes counts votes.
    cast_all = tally.everything if tally.voters is None or quorum.of == "votes" else tally.voters
    counted = {
        "present": max(roll.present or 0, cast_all), "cast_all": cast_all, "for_abstain": tally.for_ + tally.abstain,
        "cast": tally.cast + tally.block,
    }[quorum.counts]  # fmt: skip
    return QuorumReached(counted=counted, needed=min(wanted), op=quorum.op, of=quorum.of, of_class=of_class)


def base_of(of: str, tally: Tally, roll: Roll) -> Votes:
    """Return of how many votes the share in favor is taken."""
    if of == "cast":
        return tally.cast
    if of == "cast_block":
        return tally.cast + tally.block
    if of == "present":
        # Whoever voted by letter or from afar was there, whatever the door counted.
        return max(roll.present or 0, tally.everything)
    return _whole_of("votes" if of == "eligible" else of, roll)


def _whole_of(of: str, roll: Roll) -> Votes:
    everyone = roll.everyone if roll.everyone is not None else roll.eligible
    votes = roll.votes if roll.votes is not None else roll.eligible
    found = {"eligible": roll.eligible, "class": roll.eligible, "all": everyone, "votes": votes}[of]
    if found is None:
        raise FactMissing(_("Nobody said how many could have voted."))
    return found


def _overridden(rule: Majority, tally: Tally, roll: Roll) -> bool:
    if rule.override is None:
        return False
    base = base_of("cast_block" if rule.of == "cast" else rule.of, tally, roll)
    return reaches(tally.for_, rule.override * base, rule.override_op)


def _opposed_allowed(rule: Majority, base: Votes) -> Fraction | None:
    limits = [Fraction(rule.max_opposed)] if rule.max_opposed is not None else []
    if rule.max_opposed_fraction is not None:
        limits.append(rule.max_opposed_fraction * base)
    return max(limits, default=None)


def is_settled(passes: Callable[[Tally], bool | None], tally: Tally, roll: Roll) -> bool:
    """Say whether an outcome stands whatever the rest of the roll does (E1 to E3).

    More votes for never hurt, so that the best that can still come is that all the rest vote for it: if that fails, it has
    failed. Each thing that can stand in the way is at its worst in one of three endings: all the rest stay away (a
    quorum), are against (a share, or too many opposed), or block. If it passes in all three, it has passed.
    """
    if not (best := passes(_completed(tally, roll, "for_"))):
        return best is False
    return all(passes(ending) for ending in [tally, *(_completed(tally, roll, how) for how in ("against", "block"))])


def _completed(tally: Tally, roll: Roll, how: str) -> Tally:
    if tally.colleges or (roll.colleges and not tally.everything):
        parts = {**dict.fromkeys(roll.colleges, Tally()), **tally.colleges}
        rolls = {name: roll.colleges.get(name, Roll()) for name in parts}
        return Tally.of_colleges({name: _completed(part, rolls[name], how) for name, part in parts.items()})
    rest = max(0, _whole_of("votes", roll) - tally.everything)
    return replace(tally, voters=tally.voters and roll.eligible, **{how: getattr(tally, how) + rest})


def closing(deadline: Any, quorum_at: Any, extension: Any) -> Any:
    """Return when a vote closes: a quorum reached at the last moment leaves the others time to answer (late_quorum Z1, Z2).

    Times and the extension may be instants and a `timedelta`, or numbers. A quorum never reached, or reached after the
    deadline, moves nothing.
    """
    if quorum_at is None or quorum_at > deadline:
        return deadline
    return max(deadline, quorum_at + extension)


def reaches(count: Votes, needed: Votes, op: str) -> bool:
    return count > needed if op == "gt" else count >= needed

"""A way of deciding as the bylaws write it, read whole and checked, and what votes come to under it.

`Procedure.read(name, document)` reads `document["procedures"][name]`. Whatever it does not know, it refuses: a rule that
nobody can follow must not decide anything. What a table may say:

    kind              majority, consent, lazy, advice, selection (an election without candidates), election (ranked or
                      scored ballots), sortition, never
    rank              how strict it is: what a stricter rule is changed by, a milder one may be, not the other way round
    roll              who votes: members | meeting (the members who have come to it) | office:board | circle:cleaning |
                      an organ | a table {who, classes, statuses, min_months, min_days, arrears_block} (see `eligibility`);
                      `circle = "cleaning"` is short for a circle
    propose           who may propose: a list of members | class:workers | office:board | circle:cleaning   [members]
    support           what opens it: {fraction | number, of = eligible | class, classes}                [nothing]
    discussion_days   at least, from opening to the call                                                [7, or min_days if less]
    notice_days       at least, from the call to the vote                                         [3, or min_days if less]
    min_days          at least, for which votes are taken                                               [0]
    delay_days        at least, from the outcome to its effect; the rules changed have their own        [0]
    appeal_days       for which the outcome can be appealed against before it takes effect              [0]
    secrecy           open (members see who voted what) | named (it stands in the minutes as well) | secret    [open]
    replaceable       whether a vote can be changed until the close                  [yes, not where secret or early_close]
    elsewhere         whether a secret ballot is cast in a system of its own, such as Belenios               [no]
    results           live | after_vote | after_close                                                   [after_close]
    threshold, op, of, quorum, max_opposed, max_opposed_fraction, block       see `majorities`
    quorum_rule       the rule of the bylaws that says the quorum: a share of the roll, or a number
    second_call       {after_days, quorum}: what is enough when a first call failed for want of a quorum
    late_quorum_hours how long the vote stays open at least after its quorum is reached                 [0]
    early_close       whether it closes when the rest of the votes can change nothing                   [no]
    tie               status_quo | chair | lot | runoff                                                 [status_quo]
    chambers          {mode, weights | weights_rule, each, empty}, see `chambers`
    precedence        which college counts for members of several who declared none
    delegation        {cap}: liquid delegation; `proxies` = how many one member may hold
    plural            the most votes one member may have; `mandatory_majority` = what the law demands, see `plural`    [1]
    method, seats, params     of an election (see `methods`; `params` without the seats); `seats` of a sortition
    rounds, hours, escalations, answer_days, fallback      of consent, lazy consensus and advice, see `consent`
    min_electorate    below which a secret ballot says that it hides little                             [5]
    names             what people call it, by language

`judge(procedure, tally, roll)` needs a `Tally` (for_, against, abstain, block, and `colleges` where there are chambers)
and a `Roll` (eligible, present, everyone, votes, `colleges`), and returns an `Outcome`: `passed` (None while a tie waits
for the chair, the lot or a second vote), `why` not, and every figure to show it by. `Procedure.frozen` is what a ballot
stores when it opens; `Procedure.thaw` reads it again without the bylaws.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.counting.policies import chambers as rooms
from toadlane.democracy.counting.policies import majorities
from toadlane.democracy.counting.policies.chambers import Chambers, Part
from toadlane.democracy.counting.policies.eligibility import RollRule
from toadlane.democracy.counting.policies.majorities import Majority, Quorum, QuorumReached, Result
from toadlane.democracy.counting.policies.reading import BadProcedure, Written
from toadlane.democracy.counting.policies.tallies import Roll, Tally, Votes, exact
from toadlane.democracy.counting.policies.terms import COUNTED, terms
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected

__all__ = ["BadProcedure", "NotByVotes", "Outcome", "Procedure", "Roll", "Tally", "early", "judge", "recount", "settle"]


EVERY_MEMBER, NO_MAJORITY = RollRule(), Majority()


class NotByVotes(Expected):
    words = lazy("This is not decided by adding up votes.")
    status = 500


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A way of deciding. The module's text says what each field means."""

    name: str
    kind: str
    rank: int
    frozen: Mapping[str, Any] = field(hash=False, compare=False)
    roll: RollRule = EVERY_MEMBER
    propose: tuple[str, ...] = ("members",)
    support: Quorum | None = None
    discussion_days: int = 0
    notice_days: int = 0
    min_days: int = 0
    delay_days: int = 0
    appeal_days: int = 0
    secrecy: str = "open"
    replaceable: bool = False
    elsewhere: bool = False
    results: str = "after_close"
    majority: Majority = NO_MAJORITY
    second_call_days: int | None = None
    late_quorum_hours: int = 0
    early_close: bool = False
    tie: str = "status_quo"
    chambers: Chambers | None = None
    precedence: tuple[str, ...] = ()
    delegation_cap: int | None = None
    may_delegate: bool = False
    proxies: int = 0
    plural: int = 1
    mandatory_majority: Fraction | None = None
    method: str = ""
    seats: int = 1
    params: Mapping[str, Any] = field(default_factory=dict)
    rounds: int = 0
    hours: int = 0
    escalations: int = 0
    answer_days: int = 0
    fallback: str = ""
    min_electorate: int = 5
    names: Mapping[str, str] = field(default_factory=dict)
    # Not the bylaws' to say: of the vote on a longer pause alone, which stops something and settles nothing.
    at_once: bool = False

    @property
    def is_secret(self) -> bool:
        return self.secrecy == "secret"

    @property
    def is_counted(self) -> bool:
        return self.kind in COUNTED

    @property
    def asks_each_class(self) -> bool:
        """Say whether enough of each class have to take part."""
        return any(one.of == "class" for one in self.majority.quorums)

    @property
    def keeps_colleges_apart(self) -> bool:
        """Say whether the count has to know how each college voted, and not only how all of them together did."""
        told = any(one.of == "class" and one.counts not in majorities.BY_HEADS for one in self.majority.quorums)
        return self.chambers is not None or told

    def among_several(self) -> "Procedure":
        """Return the procedure as it judges a choice among several: nobody is for or against it, the method says who is chosen,
        and what is left of a majority is how many have to take part.
        """
        if self.kind != "majority":
            return self
        return replace(self, kind="election", chambers=None, majority=Majority(quorums=self.majority.quorums))

    def hides_little(self, eligible: int) -> bool:
        """Say whether so few are on the roll that a secret ballot is secret in name only (DOMAIN 5.4)."""
        return self.is_secret and eligible < self.min_electorate

    def at_second_call(self) -> "Procedure":
        """Return the procedure as it is when the first call lacked its quorum (Ley 27/1999, art. 25; Regulation 1435/2003,
        art. 61(4)): M8 to M11.
        """
        if self.second_call_days is None:
            return self
        table = {key: value for key, value in self.frozen.items() if key not in ("quorum", "second_call")}
        call = self.frozen["second_call"]
        return Procedure.thaw(self.name, {**table, **{key: call[key] for key in ("quorum",) if key in call}})

    @classmethod
    def read(cls, name: str, document: Mapping[str, Any]) -> "Procedure":
        """Return a procedure of a bylaws document.

        :raises BadProcedure: with the key that is wrong as its `field`, such as `simple.quorum.op`
        """
        procedures = document.get("procedures", {})
        if name not in procedures:
            raise BadProcedure(_("The bylaws know no procedure “%(name)s”.") % {"name": name}, field=name)
        at = Written(name, procedures[name])
        found = cls.thaw(name, _resolved(at, dict(procedures[name]), document))
        if found.fallback and (found.fallback == name or found.fallback not in procedures):
            raise BadProcedure(
                _("The bylaws know no other procedure “%(name)s”.") % {"name": found.fallback}, field=f"{name}.fallback"
            )
        return found

    @classmethod
    def thaw(cls, name: str, frozen: Mapping[str, Any]) -> "Procedure":
        """Read a procedure again as it was stored, with nothing of the bylaws to look up.

        :raises BadProcedure: with the key that is wrong as its `field`
        """
        return cls(name=name, frozen=frozen, **terms(Written(name, frozen)))


def _resolved(at: Written, table: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Put in what a procedure only points to, rules and organs, so that it stands by itself."""
    rules, organs = document.get("rules", {}), document.get("organs", {})
    if isinstance(roll := table.get("roll"), str) and isinstance(organs.get(roll), Mapping):
        table["roll"] = organs[roll].get("who", roll)
    if (rule_id := table.pop("quorum_rule", None)) is not None:
        if "quorum" in table:
            raise at.refuse("quorum_rule", _("there is a quorum already."))
        value = _value(at, "quorum_rule", rule_id, rules, ("rate", "int"))
        table["quorum"] = value if isinstance(value, str) else {"number": value}
    chambers = table.get("chambers")
    if isinstance(chambers, Mapping) and "weights_rule" in chambers:
        rest = {key: value for key, value in chambers.items() if key != "weights_rule"}
        if "weights" in rest:
            raise at.refuse("chambers.weights_rule", _("there are weights already."))
        table["chambers"] = {
            **rest,
            "weights": _value(at, "chambers.weights_rule", chambers["weights_rule"], rules, ("weights",)),
        }
    return table


def _value(at: Written, key: str, rule_id: object, rules: Mapping[str, Any], kinds: tuple[str, ...]) -> Any:
    rule = rules.get(rule_id) if isinstance(rule_id, str) else None
    if not isinstance(rule, Mapping) or rule.get("type") not in kinds:
        raise at.refuse(key, _("the bylaws have no such rule."))
    return rule["value"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What votes came to, with every figure needed to show it and to count it again.

    :param passed: None while a tie waits for what `awaits` names
    :param why: empty when it passed; else `quorum`, `blocked`, `opposed`, `threshold`, `tie`, `chamber` or `empty_chamber`
    :param share: in favor, from 0 to 1: of `base` votes, or of the colleges' parts where `chambers` have weights
    :param awaits: who settles a tie: `chair`, `lot` or `runoff`
    :param settled_by: who did
    """

    passed: bool | None
    why: str
    tally: Tally
    roll: Roll
    share: Fraction | None = None
    threshold: Fraction | None = None
    op: str = "gt"
    of: str = "cast"
    base: Votes = 0
    opposed_allowed: Fraction | None = None
    override: Fraction | None = None
    quorums: tuple[QuorumReached, ...] = ()
    chambers: Mapping[str, Part] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    awaits: str = ""
    settled_by: str = ""

    @property
    def is_tie(self) -> bool:
        return bool(self.awaits or self.settled_by or self.why == "tie")

    @property
    def digest(self) -> str:
        return canonical.digest(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a canonical document: integers, strings such as "2/3", and nothing that has no one spelling."""
        return {
            "passed": self.passed, "why": self.why, "tally": self.tally.as_json(), "roll": self.roll.as_json(),
            "share": _written(self.share), "threshold": _written(self.threshold), "op": self.op, "of": self.of,
            "base": exact(self.base), "opposed_allowed": _written(self.opposed_allowed), "override": _written(self.override),
            "quorums": [one.as_json() for one in self.quorums],
            "chambers": {name: _shown(part) for name, part in self.chambers.items()}, "empty": list(self.empty),
            "awaits": self.awaits, "settled_by": self.settled_by,
        }  # fmt: skip


def _written(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _shown(part: Part) -> dict[str, Any]:
    shown: dict[str, Any] = {"tally": part.tally.as_json(), "share": _written(part.for_)}
    if part.weight is not None:
        shown["weight"] = _written(part.weight)
    if part.result is not None:
        shown |= {"passed": part.result.passed, "why": part.result.why, "base": exact(part.result.base),
                  "quorums": [one.as_json() for one in part.result.quorums]}  # fmt: skip
    return shown


def judge(procedure: Procedure, tally: Tally, roll: Roll) -> Outcome:
    """Say what votes come to: quorum first, then blocks and opposition, then the chambers and the threshold.

    Of an election it says only whether enough took part.

    :raises NotByVotes: for consent, advice and what else is not added up
    :raises FactMissing: when a rule is about a number that the roll does not have
    """
    if not procedure.is_counted:
        raise NotByVotes
    if tally.colleges and not tally.everything:
        tally = Tally.of_colleges(tally.colleges)
    chambers, rule = procedure.chambers, procedure.majority
    if chambers is not None and chambers.mode in rooms.WEIGHTED:
        outcome = _weighed(chambers, rule, tally, roll)
        return _tied(procedure, outcome) if outcome.why == "tie" else outcome
    result = majorities.judge(rule, tally, roll)
    if procedure.kind == "election" or (chambers is not None and not rule.decides):
        # Nothing is for or against here: whoever voted took part.
        result = replace(result, why="quorum" if result.why == "quorum" or not tally.everything else "", share=None)
    outcome = _outcome(rule, result, tally, roll)
    if chambers is not None and not outcome.why:
        parts = rooms.double(chambers, tally, roll)
        agreed = bool(parts) and all(part.result is not None and part.result.passed for part in parts.values())
        outcome = replace(outcome, passed=agreed, why="" if agreed else "chamber", chambers=parts)
    return _tied(procedure, outcome) if result.tie else outcome


def _weighed(chambers: Chambers, rule: Majority, tally: Tally, roll: Roll) -> Outcome:
    """Quorums, blocks and opposition are a matter of members; the threshold one of the colleges' parts."""
    whole = majorities.judge(replace(rule, threshold=None), tally, roll)
    weighed = rooms.weigh(chambers, tally.colleges)
    result = majorities.judge(replace(rule, quorums=()), Tally(for_=weighed.for_, against=weighed.against), Roll())
    why, tie = result.why, result.tie
    if whole.why in ("quorum", "blocked", "opposed"):
        why, tie = whole.why, False
    elif weighed.empty and chambers.empty == "fail":
        why, tie = "empty_chamber", False
    result = replace(result, passed=not why, why=why, tie=tie, quorums=whole.quorums, opposed_allowed=whole.opposed_allowed)
    outcome = _outcome(rule, result, tally, roll)
    return replace(outcome, chambers=weighed.parts, empty=weighed.empty, why="tie" if tie else why)


def _outcome(rule: Majority, result: Result, tally: Tally, roll: Roll) -> Outcome:
    return Outcome(
        passed=not result.why, why=result.why, tally=tally, roll=roll, share=result.share, threshold=rule.threshold, op=rule.op,
        of=rule.of, base=result.base, opposed_allowed=result.opposed_allowed, override=rule.override,
        quorums=result.quorums,
    )  # fmt: skip


def _tied(procedure: Procedure, outcome: Outcome) -> Outcome:
    if procedure.tie == "status_quo":
        return replace(outcome, passed=False, why="tie")
    return replace(outcome, passed=None, why="tie", awaits=procedure.tie)


def settle(outcome: Outcome, *, passed: bool) -> Outcome:
    """Close a tie with what the chair, the lot announced beforehand, or the second vote said."""
    if not outcome.awaits:
        raise NotByVotes(_("There is no tie to settle."))
    return replace(outcome, passed=passed, why="" if passed else "tie", awaits="", settled_by=outcome.awaits)


def early(procedure: Procedure, tally: Tally, roll: Roll) -> bool:
    """Say whether nothing that is still to come can change the outcome, so that the vote may close (E1 to E4).

    :raises FactMissing: when nobody said how many could have voted
    """
    if not procedure.early_close or procedure.replaceable or procedure.kind != "majority":
        return False
    return majorities.is_settled(lambda one: judge(procedure, one, roll).passed, tally, roll)


def recount(procedure: Procedure, written: Mapping[str, Any]) -> Outcome:
    """Judge again what an outcome's JSON says was voted; whoever verifies compares the two.

    :param written: from `Outcome.as_json`
    """
    outcome = judge(procedure, Tally.read(written["tally"]), Roll.read(written["roll"]))
    return settle(outcome, passed=written["passed"]) if written["settled_by"] else outcome

"""The one way to change the rules: a patch that compares before it sets. Golden vectors 15.

Pure. A passed proposal carries a `Patch`; `judge` says whether it may take effect and when, `apply` makes the next
document. Both are asked twice: when the proposal is made, and again at enactment, since the rules or the law may have
moved in between.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules import majority, texts, undecided, ways
from toadlane.society.bylaws.rules.declared import find
from toadlane.society.bylaws.rules.documents import Document, check, out_of_bounds
from toadlane.society.bylaws.rules.values import RuleFailed, number, parse
from toadlane.ui import formats

_UNSET: Any = object()
# What guardians may pause. Votes, exits, pay that is due, data rights and their own recall are not among it, whoever asks.
PAUSABLE = ("bylaws.enact", "data.export_bulk", "moderation.mass_action", "payouts.batch", "shares.redeem")
# And what no list may make pausable: an action that is one of these, or part of one.
NEVER_PAUSED = ("votes", "ballots", "exits", "recalls", "guardians", "data.requests", "data.export_own", "payouts.due")


class Conflict(Expected):
    """The rule has changed since; the proposal goes back to those who made it."""


class NotAllowed(Expected):
    words = lazy("The bylaws do not allow this change in this way.")


@dataclass(frozen=True)
class Op:
    """Change one rule, if it still has the value that the members saw when they decided.

    :param set: the new value; `procedure`: the new guard; one of the two, or both
    :param text: the new words of the rule, by language, where they have to change with it
    :param effective: a later day than the rule's delay would give
    :param adopt: of a rule that the bylaws lack (see `undecided`): how the software declares it, as members were shown it;
        then value, guard and words are all there, and nothing is expected but that the rule is absent
    """

    rule: str
    expect: Any
    set: Any = _UNSET
    procedure: str | None = None
    effective: date | None = None
    text: Mapping[str, str] | None = None
    adopt: Mapping[str, Any] | None = None

    @property
    def sets(self) -> bool:
        return self.set is not _UNSET

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Op":
        day = written.get("effective")
        return cls(
            written["rule"], written.get("expect"), written.get("set", _UNSET), written.get("procedure"),
            date.fromisoformat(str(day)) if day else None, written.get("text"), written.get("adopt"),
        )  # fmt: skip

    def written(self) -> dict[str, Any]:
        more = {"set": self.set} if self.sets else {}
        more |= {"procedure": self.procedure} if self.procedure is not None else {}
        more |= {"effective": self.effective.isoformat()} if self.effective else {}
        more |= {"text": dict(self.text)} if self.text is not None else {}
        more |= {"adopt": dict(self.adopt)} if self.adopt is not None else {}
        return {"rule": self.rule, "expect": self.expect, **more}


@dataclass(frozen=True)
class Patch:
    """What a proposal would change. `base` is the version it was written on; a newer one in between is no conflict."""

    base: int
    ops: tuple[Op, ...]

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Patch":
        return cls(written["base"], tuple(Op.read(op) for op in written["ops"]))

    def written(self) -> dict[str, Any]:
        """Return the patch as it is stored, hashed and read again."""
        return {"base": self.base, "ops": [op.written() for op in self.ops]}


@dataclass(frozen=True)
class Verdict:
    """`scheduled` with the day it takes effect and the version it makes, or `rejected` with the reason."""

    state: str
    why: str = ""
    effective: date | None = None
    version: int | None = None


def procedure_for(document: Document, patch: Patch) -> str:
    """Return the procedure that may pass a patch: the strictest guard of its parts, or the weakest above where that is too weak.

    :raises NotAllowed: when no procedure of the bylaws is strict enough
    """
    procedures, needed = document["procedures"], strictness(document, patch)
    own = {_passing(document, op) for op in patch.ops}
    strong = [(procedures[name]["rank"], name) for name in own if name in procedures and procedures[name]["kind"] != "never"]
    weakest = ways.usual(document, needed)
    enough = min((one for one in strong if one[0] >= needed), default=None)
    if enough and (not weakest or enough[0] <= procedures[weakest]["rank"]):
        return enough[1]
    if not weakest:
        raise NotAllowed(_("No vote can change this."))
    return weakest


def judge(document: Document, patch: Patch, *, version: int, passed_by: str, passed_on: date) -> Verdict:
    """Say what becomes of a patch that a procedure passed.

    :param document: the rules in force, of number `version`
    :param passed_by: the procedure that passed it
    """
    if patch.base > version:
        return Verdict("rejected", "unknown_version")
    for why in _faults(document, patch, passed_by=passed_by, passed_on=passed_on):
        return Verdict("rejected", why)
    earliest = passed_on + timedelta(days=delay_days(document, patch))
    effective = max([earliest, *(op.effective for op in patch.ops if op.effective)])
    return Verdict("scheduled", effective=effective, version=version + 1)


def delay_days(document: Document, patch: Patch) -> int:
    """Return how many days pass between the decision and the effect: the longest of the parts."""
    return max(int(_rule(document, op)["delay_days"]) for op in patch.ops)


def _rule(document: Document, op: Op) -> Mapping[str, Any]:
    """Return the rule that an op is about: as it stands, or as it holds until it is adopted.

    :raises KeyError: when the bylaws, or the software, have no such rule
    """
    if op.adopt is None:
        return rule_of(document, op.rule, op.set if op.sets else None) or document["rules"][op.rule]
    # Somebody may have adopted it first: that is a conflict, and said there.
    found = undecided.entry(document, op.rule) or document["rules"][op.rule]
    return found


def rule_of(document: Mapping[str, Any], rule_id: str, table: object = None) -> Mapping[str, Any] | None:
    """Return a rule of the bylaws, or a way of deciding as if it were one, as it stands; None where there is none.

    :param table: of a way that is to be added, what it would say
    """
    if ways.is_way(rule_id):
        return ways.entry(document, rule_id, table)
    found: Mapping[str, Any] | None = document["rules"].get(rule_id)
    return found


def _passing(document: Document, op: Op) -> str:
    """Return the guard that an op has to pass: the rule's own, or that of the tier of a rule to be adopted."""
    rule = _rule(document, op)
    return undecided.passes(document, rule["tier"]) if op.adopt is not None else str(rule["procedure"])


def faults(document: Document, patch: Patch, *, passed_by: str, passed_on: date) -> list[str]:
    """Return everything that keeps a patch from being decided, as far as it can be told; the first is the gravest."""
    found: list[str] = []
    with suppress(KeyError):  # What is unknown cannot be asked further; that it is unknown has been said.
        found.extend(_faults(document, patch, passed_by=passed_by, passed_on=passed_on))
    return list(dict.fromkeys(found))


def _faults(document: Document, patch: Patch, *, passed_by: str, passed_on: date) -> Iterator[str]:
    rules, procedures = document["rules"], document["procedures"]
    ids = [op.rule for op in patch.ops]
    if not ids:
        yield "empty"
        return
    if any(op.adopt is None and op.rule not in rules and not ways.is_way(op.rule) for op in patch.ops):
        yield "unknown_rule"
    if len(set(ids)) < len(ids):
        yield "rule_twice"
    for op in patch.ops:
        if ways.is_way(op.rule):
            yield from _faults_of_way(document, op)
        else:
            yield from _faults_of_change(document, op) if op.adopt is None else _faults_of_adoption(document, op)
    if passed_by not in procedures or procedures[passed_by]["kind"] == "never":
        yield "unknown_procedure"
    if procedures[passed_by]["rank"] < strictness(document, patch):
        yield "wrong_procedure"
    if any(op.effective and op.effective < passed_on for op in patch.ops):
        yield "retroactive"


def _faults_of_way(document: Document, op: Op) -> Iterator[str]:
    if not op.sets:
        yield "empty"
        return
    if op.procedure is not None or op.text is not None or op.adopt is not None:
        yield "way_alone"
    yield from ways.faults(document, op.rule, op.expect, op.set)


def _faults_of_change(document: Document, op: Op) -> Iterator[str]:
    rule, procedures = document["rules"][op.rule], document["procedures"]
    if not op.sets and op.procedure is None and op.text is None:
        yield "empty"
    if rule["tier"] == "entrenched" or procedures[rule["procedure"]]["kind"] == "never":
        yield "entrenched"
    if op.procedure is not None and op.procedure not in procedures:
        yield "unknown_procedure"
    elif op.procedure is not None and _takes_too_little(document, rule, op.procedure):
        yield "below_legal_floor"
    if not still(rule, op.expect):
        yield "conflict"
    if op.sets:
        yield from _faults_of_value(rule, op)


def _takes_too_little(document: Document, rule: Mapping[str, Any], procedure: str) -> bool:
    """Say whether the law demands more votes to change a rule than a procedure does."""
    if rule["tier"] not in majority.OF_THE_BYLAWS:
        return False
    return not majority.is_enough(majority.ways(document)[procedure], majority.law_of(document))


def _faults_of_adoption(document: Document, op: Op) -> Iterator[str]:
    if op.rule in document["rules"]:
        yield "conflict"
        return
    rule = undecided.entry(document, op.rule)
    if rule is None:
        yield "unknown_rule"
        raise KeyError(op.rule)
    if not op.sets or op.procedure is None or not op.text or op.expect is not None:
        yield "incomplete"
        return
    if canonical.text(dict(op.adopt or {})) != canonical.text(undecided.frame(rule)):
        yield "declared_otherwise"
    # What no vote can change is adopted as it is declared: that it is so is the one thing to decide.
    if rule["tier"] == "entrenched" and (not same(rule["value"], op.set) or op.procedure != rule["procedure"]):
        yield "entrenched"
    if op.procedure not in document["procedures"]:
        yield "unknown_procedure"
    elif _takes_too_little(document, rule, op.procedure):
        yield "below_legal_floor"
    yield from _faults_of_value(rule, op)


def _faults_of_value(rule: Mapping[str, Any], op: Op) -> Iterator[str]:
    changed = {**rule, "value": op.set}
    try:
        parse({"unit": "EUR", **changed})
        if why := out_of_bounds(changed):
            yield why
    except RuleFailed:
        yield "wrong_type"


def strictness(document: Document, patch: Patch) -> int:
    """Return the rank that a procedure needs to pass this patch: a bundle needs the strictest of its parts.

    All ranks are read from the rules as they stand, so that no patch can lower the guard it is to pass.
    """
    return max(_rank_of(document, op) for op in patch.ops)


def _rank_of(document: Document, op: Op) -> int:
    if ways.is_way(op.rule):
        return ways.rank_for(document, op.rule, op.set if op.sets else None)
    procedures, rule = document["procedures"], _rule(document, op)
    own: int = max([procedures[_passing(document, op)]["rank"], *(rank + 1 for rank in _weakened(document, op))])
    if op.procedure is None or (op.adopt is not None and rule["tier"] == "entrenched"):
        return own
    new: int = procedures[op.procedure]["rank"]
    # Weakening a guard takes more than the guard itself; a stricter one is passed at the new strictness.
    return own + 1 if new < own else max(own, new)


def _weakened(document: Document, op: Op) -> Iterator[int]:
    """Return the ranks of the guards that a value would weaken: a procedure of which fewer would have to take part, or what a
    rule names for some act, where another takes less.
    """
    rule = document["rules"].get(op.rule)
    if rule is None or not op.sets or op.adopt is not None:
        return
    procedures = document["procedures"]
    if (declared := find(op.rule)) and declared.names_procedure:
        before, after = (procedures.get(value, {}).get("rank", 0) for value in (str(rule["value"]), str(op.set)))
        if after < before:
            yield before
    guarded = [one["rank"] for one in procedures.values() if one.get("quorum_rule") == op.rule]
    with suppress(ValueError, TypeError, ZeroDivisionError):  # What is no number is refused for that.
        if guarded and number(rule["type"], op.set) < number(rule["type"], rule["value"]):
            yield from guarded


def same(value: Any, expected: Any) -> bool:
    """Compare as documents do: True is not 1, and "0.10" is the string that was shown."""
    return type(value) is type(expected) and bool(value == expected)


def still(rule: Mapping[str, Any], expected: Any) -> bool:
    """Say whether a rule is what was expected: the same value, or the same rate written otherwise, as "0.1" is "0.10"."""
    value = rule["value"]
    if rule["type"] == "procedure":
        return ways.is_same(value, expected)
    if rule["type"] != "rate" or not isinstance(value, str) or not isinstance(expected, str):
        return same(value, expected)
    try:
        return rate(value) == rate(expected)
    except (ValueError, ZeroDivisionError):
        return False


def apply(document: Document, patch: Patch) -> Document:
    """Return the document after the patch. The argument is left alone; both share what the patch does not touch.

    :raises Conflict: when an expected value no longer holds
    :raises NotARule: when a value is out of its bounds
    """
    rules, procedures = dict(document["rules"]), dict(document["procedures"])
    for op in patch.ops:
        if ways.is_way(op.rule):
            procedures[ways.name_of(op.rule)] = _way(document, op)
            continue
        rule = rules.get(op.rule)
        if op.adopt is not None:
            if rule is not None:
                raise Conflict(_("The members have adopted “%(rule)s” since this was proposed.") % {"rule": op.rule})
            rules[op.rule] = _adopted(op)
            continue
        if rule is None:
            raise NotAllowed(_("The bylaws have no rule “%(rule)s”.") % {"rule": op.rule})
        if not still(rule, op.expect):
            raise Conflict(_("“%(rule)s” is no longer what it was when this was proposed.") % {"rule": op.rule})
        known = texts.faults(rule)
        rule = rules[op.rule] = deepcopy(rule)
        if op.sets:
            rule["value"] = op.set
            check(op.rule, {"unit": "EUR", **rule})
        if op.text is not None:
            rule["text"] = dict(op.text)
        if wrong := [fault for fault in texts.faults(rule) if fault not in known]:
            text = _("The words of “%(rule)s” would say another number than its value: %(wrong)s.")
            raise NotAllowed(text % {"rule": op.rule, "wrong": formats.clauses(wrong)})
        if op.procedure is not None:
            rule["procedure"] = op.procedure
    return {**document, "rules": rules, "procedures": procedures}


def _way(document: Document, op: Op) -> dict[str, Any]:
    found = list(_faults_of_way(document, op))
    if "conflict" in found:
        raise Conflict(_("“%(rule)s” is no longer what it was when this was proposed.") % {"rule": op.rule})
    if {"entrenched", "wrong_name", "wrong_type", "way_alone", "empty"} & {*found}:
        raise NotAllowed(_("“%(rule)s” cannot become that.") % {"rule": op.rule})
    return dict(deepcopy(op.set))


def _adopted(op: Op) -> dict[str, Any]:
    """Return the entry that an adoption makes: all of it stands in the op, so that a history replays without the software."""
    rule = {**deepcopy(dict(op.adopt or {})), "value": op.set, "procedure": op.procedure, "text": dict(op.text or {})}
    check(op.rule, {"unit": "EUR", **rule})
    if wrong := texts.faults(rule):
        text = _("The words of “%(rule)s” would say another number than its value: %(wrong)s.")
        raise NotAllowed(text % {"rule": op.rule, "wrong": formats.clauses(wrong)})
    return rule


def standing(
    *, action: str, signers: int, needed: int, started: datetime, now: datetime, pausable: Collection[str] = PAUSABLE,
    max_hours: int = 72,
) -> str:  # fmt: skip
    """Say whether the guardians' halt holds an action: `paused` or `running` (golden vectors 15, H).

    :param pausable: what the bylaws let them pause; what nobody may pause runs on whatever it says
    """
    if any(action == kept or action.startswith(f"{kept}.") for kept in NEVER_PAUSED):
        return "running"
    in_time = started <= now < started + timedelta(hours=max_hours)
    return "paused" if action in pausable and signers >= needed and in_time else "running"

"""From support to effect: how many names it takes, and which days follow from which. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.democracy.counting.policies.majorities import Quorum
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.kernel import canonical
from toadlane.kernel.rates import ceil, floor
from toadlane.society.bylaws.rules import decisions, packs, undecided
from toadlane.society.bylaws.rules.patches import rule_of, still

# A pack's ordinary notice of a vote of all members is named so; the others of the same form are for urgent cases.
_NOTICE = "_notice"


def needed(share: Fraction, members: int, op: str = "ge") -> int:
    """Return how many names a share of a class is: rounded up, and never none (a floor of the rules rounds up)."""
    return max(1, ceil(share * members) if op == "ge" else floor(share * members) + 1)


def needed_by(rule: Quorum, members: int) -> int:
    """Return how many supporters a procedure asks for; of a share and a number, the smaller is enough."""
    found = [] if rule.number is None else [rule.number + (rule.op == "gt")]
    if rule.fraction is not None:
        found.append(needed(rule.fraction, members, rule.op))
    return max(1, min(found))


def first_day_of_vote(told_on: date, procedure: Procedure, pack: packs.Pack) -> date:
    """Return the first day on which a vote may begin that was announced on a day: the longer of bylaws and law.

    The law speaks of the members' votes, and not of those of a board or a circle. Nor of the vote that makes a pause longer: that
    resolves nothing an assembly is called for, and a notice of weeks would let every pause run out before it.
    """
    days = [told_on + timedelta(days=procedure.notice_days)]
    if procedure.roll.is_of_members and not procedure.at_once:
        law = [one for name, one in pack.deadlines.items() if name.endswith(_NOTICE) and one.get("basis", "law") == "law"]
        days += [day for one in law if (day := packs.deadline(one, {"sent": told_on}).earliest)]
    return max(days)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def strictest(names: Iterable[str], procedures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the procedure of the highest rank: a bundle needs the strictest of its parts."""
    return max(names, key=lambda name: (int(procedures[name]["rank"]), name))


def merged(contents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put all changes of rules into one: a decision makes one version of the bylaws."""
    found: list[dict[str, Any]] = []
    for one in contents:
        known = next((other for other in found if other["kind"] == "patch" == one["kind"]), None)
        if known and isinstance(one["payload"].get("ops"), list) and isinstance(known["payload"].get("ops"), list):
            base = max(known["payload"].get("base", 0), one["payload"].get("base", 0))
            known["payload"] = {"base": base, "ops": [*known["payload"]["ops"], *one["payload"]["ops"]]}
        else:
            found.append({"kind": one["kind"], "payload": dict(one["payload"])})
    return found


def digest(title: str, text: str, contents: list[dict[str, Any]]) -> str:
    """Return what a vote is on, in one number: the words and the whole change, never a pointer to it."""
    return canonical.digest({"title": title, "text": text, "contents": contents})


def named_day(contents: Iterable[Mapping[str, Any]]) -> date | None:
    """Return the latest day that a proposal itself names for its effect."""
    days = []
    for one in contents:
        payload = one["payload"]
        days += [payload.get("effective"), *(op.get("effective") for op in payload.get("ops", []) if isinstance(op, Mapping))]
    return max((date.fromisoformat(str(day)) for day in days if day), default=None)


def concerned(contents: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """Return the memberships that a proposal is about: they are heard, have no vote on it, and may appeal."""
    found = ((decisions.kind(one["kind"]), one["payload"]) for one in contents)
    return frozenset(pk for kind, payload in found if kind and (pk := kind.subject(payload)) is not None)


def is_secret(contents: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether only a secret ballot may decide this."""
    return any(kind.secret for one in contents if (kind := decisions.kind(one["kind"])))


def is_urgent(contents: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether all of this is urgent: nothing else comes to a quick vote with it."""
    kinds = [decisions.kind(one["kind"]) for one in contents]
    return bool(kinds) and all(kind is not None and kind.urgent for kind in kinds)


def rebased(contents: Iterable[Mapping[str, Any]], document: Mapping[str, Any], version: int) -> list[dict[str, Any]]:
    """Write changes of rules on what the rules say now; what they say already is left out. Other parts stay as they are."""
    found: list[dict[str, Any]] = []
    for one in contents:
        payload = dict(one["payload"])
        if one["kind"] == "patch":
            ops = [again for op in payload["ops"] if (again := _on_today(op, document)) is not None]
            payload |= {"base": version, "ops": ops}
            if not payload["ops"]:
                continue
        found.append({"kind": one["kind"], "payload": payload})
    return found


def _on_today(op: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write a change of one rule on what it says now; None where it says so already, or is no rule any more."""
    rule = rule_of(document, op["rule"], op.get("set"))
    if rule is not None:
        again = {key: value for key, value in op.items() if key != "adopt"} | {"expect": rule["value"]}
        return again if _does_something(again, rule) else None
    found = undecided.entry(document, op["rule"]) if "adopt" in op else None
    return {**op, "adopt": undecided.frame(found)} if found is not None else None


def _does_something(op: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    sets = "set" in op and not still(rule, op["set"])
    guards = op.get("procedure") not in (None, rule["procedure"])
    return sets or guards or op.get("text") not in (None, rule["text"])


def touched(contents: Iterable[Mapping[str, Any]]) -> list[tuple[str, Any, Any]]:
    """Return the rules that would change: the rule, what it was expected to be, and what it would be."""
    return [
        (op["rule"], op.get("expect"), op.get("set"))
        for one in contents
        if one["kind"] == "patch"
        for op in one["payload"]["ops"]
    ]


def moved(contents: Iterable[Mapping[str, Any]], document: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the rules that are not what they were when this was written: the rule, what was expected, what it is now."""
    absent = {"type": "", "value": None}
    asked = [(rule, expected, rule_of(document, rule, new) or absent) for rule, expected, new in touched(contents)]
    return [(rule, expected, now["value"]) for rule, expected, now in asked if not still(now, expected)]

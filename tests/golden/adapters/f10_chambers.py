from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.democracy.counting.policies import chambers
from toadlane.democracy.counting.policies.procedures import Procedure, Roll, Tally, judge
from toadlane.society.bylaws.rules import packs

SCIC = packs.load("fr-scic")
FIGURES = {"for", "against"}


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("validity"), lambda case: chambers.faults(case["colleges"], case["categories"], SCIC))
    yield from tried(document.get("results"), result, wanted)
    yield from tried(document.get("double_majority"), double_majority)
    yield from tried(document.get("one_person_one_vote"), colleges)


def wanted(case: dict[str, Any]) -> dict[str, Any]:
    return {key: Fraction(value) if key in FIGURES else value for key, value in case["expect"].items()}


def colleges(case: dict[str, Any]) -> dict[str, list[str]]:
    found = chambers.one_college_each(
        case["memberships"], declared=case.get("declared") or {}, precedence=case.get("precedence") or ()
    )  # fmt: skip
    # A college without anybody may be named or not.
    return {name: found.get(name, []) for name in dict.fromkeys([*found, *case["expect"]])}


def tallies(votes: dict[str, Any]) -> Tally:
    return Tally.of_colleges({name: Tally.read(part) for name, part in votes.items()})


def result(case: dict[str, Any]) -> dict[str, Any]:
    """Weigh the colleges, and let the whole procedure say what passes."""
    table = {"mode": case["mode"], "weights": case["weights"], **_empty(case)}
    rules = {"majority_1_2": ("1/2", "gt"), "majority_2_3": ("2/3", "ge"), "majority_3_4": ("3/4", "ge")}
    tally, found = tallies(case["votes"]), {}
    for name, (threshold, op) in rules.items():
        procedure = Procedure.thaw(name, {"kind": "majority", "rank": 1, "threshold": threshold, "op": op, "chambers": table})
        outcome = judge(procedure, tally, Roll())
        found[name] = bool(outcome.passed)
        assert procedure.chambers
        weighed = chambers.weigh(procedure.chambers, tally.colleges)
        found |= {"for": weighed.for_ * 100, "against": weighed.against * 100}
    return asked_for(found, case)


def _empty(case: dict[str, Any]) -> dict[str, str]:
    """Return what becomes of a college that nobody voted in, where a case says so in one way or another."""
    said = next((str(case[key]) for key in ("empty", "on_empty", "empty_college") if key in case), "")
    return {"empty": "fail" if said.startswith("fail") else "rescale"} if said else {}


def double_majority(case: dict[str, Any]) -> bool:
    ops, rules, votes, rolls = case.get("op", "gt"), {}, {}, {}
    for name, chamber in case["chambers"].items():
        op = ops.get(name, "gt") if isinstance(ops, dict) else ops
        rules[name] = {"op": op, **{key: chamber[key] for key in ("threshold", "op", "of", "quorum") if key in chamber}}
        votes[name] = {key: value for key, value in chamber.items() if key in ("for", "against", "abstain", "block")}
        rolls[name] = Roll(eligible=chamber.get("eligible"), present=chamber.get("present"))
    table = {"kind": "majority", "rank": 1, "chambers": {"mode": "double_majority", "each": rules}}
    return bool(judge(Procedure.thaw("both", table), tallies(votes), Roll(colleges=rolls)).passed)

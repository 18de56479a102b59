from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.golden.adapters import Case
from toadlane.democracy.counting.policies import majorities, plural
from toadlane.democracy.counting.policies.majorities import Majority
from toadlane.democracy.counting.policies.procedures import Procedure, Roll, Tally, early
from toadlane.democracy.counting.policies.reading import Written
from toadlane.society.bylaws.rules import packs

# By how the vectors name laws; without one, the European co-operative's.
PACKS = {"DE": "de-eg", "ES": "es-27-1999", "SCE": "sce", "UK": "uk-society", "NY": "us-worker-coop", "US": "us-worker-coop"}
WHOSE = {
    "member_votes": "member", "investor_votes": "investors", "collaborator_votes": "collaborators", "employee_votes": "employees",
}  # fmt: skip


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("cases", ()):
        yield Case(case["id"], majority(case), case["expect"])
    for case in document.get("early_close", ()):
        yield Case(case["id"], closes_early(case), case["expect"])
    for case in document.get("late_quorum", ()):
        closing = majorities.closing(case["deadline"], case.get("quorum_at"), case["extension"])
        yield Case(case["id"], closing, case["expect"])
    for case in document.get("plural_votes", ()):
        if "ballots" in case:
            yield Case(case["id"], weighted(case), case["expect"])
        else:
            yield Case(case["id"], is_lawful(case), case["expect_valid"])


def majority(case: dict[str, Any]) -> dict[str, Any]:
    written = Written(case["id"], case["rule"])
    rule = Majority.read(written)
    written.done()
    roll = Roll(
        eligible=case.get("eligible"), present=case.get("present"), everyone=case.get("all"), votes=case.get("total_votes"),
        colleges={name: Roll(eligible=size) for name, size in case.get("classes", {}).items()},
    )  # fmt: skip
    result = majorities.judge(rule, Tally.read(case["tally"]), roll)
    found = {"passed": result.passed, "why": result.why}
    return {key: found[key] for key in case["expect"]}


def closes_early(case: dict[str, Any]) -> bool:
    table = {
        "kind": "majority", "rank": 1, "threshold": case["threshold"], "early_close": not case["replaceable"],
        "replaceable": case["replaceable"], **{key: case[key] for key in ("op", "of", "quorum", "block") if key in case},
    }  # fmt: skip
    roll = Roll(eligible=case["eligible"], present=case.get("present"))
    return early(Procedure.thaw(case["id"], table), Tally.read(case["tally"]), roll)


def pack_of(case: dict[str, Any]) -> packs.Pack:
    return packs.load(next((pack for name, pack in PACKS.items() if case.get("law", "").startswith(name)), "sce"))


def weighted(case: dict[str, Any]) -> dict[str, int]:
    tally = plural.tally(
        pack_of(case), [(ballot["weight"], ballot["vote"]) for ballot in case["ballots"]],
        mandatory_majority=case.get("mandatory_majority"), about_plural_votes=bool(case.get("about_plural_votes")),
    )  # fmt: skip
    found = tally.as_json()
    return {key: found[key] for key in case["expect"]}


def is_lawful(case: dict[str, Any]) -> bool:
    key = next(key for key in case if key in WHOSE)
    try:
        plural.check(pack_of(case), WHOSE[key], Fraction(case[key]), Fraction(case["total_votes"]))
    except plural.TooManyVotes:
        return False
    return True

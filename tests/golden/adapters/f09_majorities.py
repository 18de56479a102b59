from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.golden.adapters import Case, asked_for, expected, tried
from toadlane.democracy.counting.policies import majorities, plural
from toadlane.democracy.counting.policies.majorities import Majority
from toadlane.democracy.counting.policies.procedures import Procedure, Roll, Tally, early
from toadlane.democracy.counting.policies.reading import Written
from toadlane.society.bylaws.rules import packs

# By how the vectors name laws; without one, the European co-operative's.
PACKS = {
    "DE": "de-eg", "ES": "es-27-1999", "SCE": "sce", "UK": "uk-society", "NY": "us-worker-coop", "CT": "us-worker-coop",
    "US": "us-worker-coop", "FR": "fr-scic", "IT": "it-mutualita",
}  # fmt: skip
WHOSE = {
    "member_votes": "member", "investor_votes": "investors", "collaborator_votes": "collaborators", "employee_votes": "employees",
}  # fmt: skip


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), majority)
    yield from tried(document.get("early_close"), closes_early)
    yield from tried(document.get("late_quorum"), closing)
    yield from tried(
        document.get("plural_votes"),
        lambda case: weighted(case) if "ballots" in case else is_lawful(case),
        lambda case: expected(case, case.get("expect_valid")),
    )


def closing(case: dict[str, Any]) -> Any:
    return majorities.closing(case["deadline"], case.get("quorum_at"), case.get("extension", 0))


def majority(case: dict[str, Any]) -> dict[str, Any]:
    written = Written(case["id"], case["rule"])
    rule = Majority.read(written)
    written.done()
    roll = Roll(
        eligible=case.get("eligible"), present=case.get("present"), everyone=case.get("all"), votes=case.get("total_votes"),
        colleges={name: Roll(eligible=size) for name, size in case.get("classes", {}).items()},
    )  # fmt: skip
    result = majorities.judge(rule, Tally.read(case["tally"]), roll)
    return asked_for({"passed": result.passed, "why": result.why}, case)


def closes_early(case: dict[str, Any]) -> bool:
    replaceable = case.get("replaceable", False)
    table = {
        "kind": "majority", "rank": 1, "threshold": case["threshold"], "early_close": not replaceable,
        "replaceable": replaceable, **{key: case[key] for key in ("op", "of", "quorum", "block") if key in case},
    }  # fmt: skip
    roll = Roll(eligible=case["eligible"], present=case.get("present"))
    return early(Procedure.thaw(case["id"], table), Tally.read(case["tally"]), roll)


def pack_of(case: dict[str, Any]) -> packs.Pack:
    return packs.load(next((pack for name, pack in PACKS.items() if case.get("law", "").startswith(name)), "sce"))


def weighted(case: dict[str, Any]) -> dict[str, int]:
    tally = plural.tally(
        pack_of(case), [(ballot.get("weight", 1), ballot["vote"]) for ballot in case["ballots"]],
        mandatory_majority=case.get("mandatory_majority"), about_plural_votes=bool(case.get("about_plural_votes")),
    )  # fmt: skip
    return asked_for(tally.as_json(), case)


def is_lawful(case: dict[str, Any]) -> bool:
    key = next(key for key in case if key in WHOSE)
    try:
        plural.check(pack_of(case), WHOSE[key], Fraction(case[key]), Fraction(case["total_votes"]))
    except plural.TooManyVotes:
        return False
    return True

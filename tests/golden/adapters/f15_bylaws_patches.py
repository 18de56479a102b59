from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.golden.adapters import Case
from toadlane.society.bylaws.rules import patches


def run(document: dict[str, Any]) -> Iterator[Case]:
    bylaws = document["bylaws"]
    for case in document["cases"]:
        verdict = patches.judge(
            bylaws, patches.Patch.read(case["patch"]), version=bylaws["version"], passed_by=case["passed_by"],
            passed_on=date.fromisoformat(case["passed_on"]),
        )  # fmt: skip
        actual = {
            "state": verdict.state, "why": verdict.why, "effective": verdict.effective and verdict.effective.isoformat(),
            "version": verdict.version,
        }  # fmt: skip
        yield Case(case["id"], {key: actual.get(key) for key in case["expect"]}, case["expect"])
    for case in document["halt"]:
        state = patches.standing(
            action=case["action"], signers=case["signers"], needed=case["needed"], pausable=case["pausable"],
            started=datetime.fromisoformat(case["started"]), now=datetime.fromisoformat(case["now"]), max_hours=case["max_hours"],
        )  # fmt: skip
        yield Case(case["id"], state, case["expect"])

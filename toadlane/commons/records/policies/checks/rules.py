"""Do the rules follow from the founding act, decision by decision, and from nothing else?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from toadlane.commons.records.policies.findings import Found, is_whole, only
from toadlane.commons.records.policies.packing import Line, Pack
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.society.bylaws.rules import patches, undecided

HASHED = ("coop", "number", "document", "changed", "decision", "enacted_at", "previous")
FOUNDING = "founding"


def chain(pack: Pack) -> Found:
    """No version was rewritten, left out or put in between; there are rules at all."""
    found, previous, number = Found(), "", 0
    for number, row in enumerate(pack.lines("bylaws"), 1):
        found.looked_at += 1
        follows = row["number"] == number and row["previous"] == previous and row["coop"] == pack.coop_id
        found.expect(follows, f"version {row['number']} does not follow the one before")
        if is_whole(row):
            found.expect(row["hash"] == canonical.digest(only(row, HASHED)), f"version {row['number']} is not what was enacted")
        else:
            found.left_out += 1
        previous = row["hash"]
    found.expect(number > 0, "there are no rules")
    return found


def replayed(pack: Pack) -> Found:
    """Each version is the one before with the patch of its decision applied, byte for byte, by a procedure that may."""
    found, decided = Found(), _patches(pack)
    before: Line | None = None
    for row in pack.lines("bylaws"):
        found.looked_at += 1
        if before is None:
            found.expect(row["decision"] == FOUNDING, "the first version is not the founding act")
        elif not is_whole(row) or not is_whole(before) or not pack.has("decisions"):
            found.left_out += 1
        elif row["decision"] not in decided:
            found.expect(
                False, f"version {row['number']} names the decision {row['decision']}, and there is none that changes rules"
            )
        elif not is_whole(decided[row["decision"]]):
            found.left_out += 1
        else:
            _replay(found, before, row, decided[row["decision"]])
        before = row
    return found


def _patches(pack: Pack) -> dict[str, Line]:
    """Return the decisions that change rules, by name, with nothing but what is needed of them."""
    return {
        row["name"]: {**only(row, ("procedure", "decided_at", "outcome")), "redacted": row.get("redacted"), "patch": patch}
        for row in pack.lines("decisions")
        if (patch := patch_of(row)) is not None
    }


def patch_of(decision: Mapping[str, Any]) -> Any:
    """Return the change of rules that a decision holds, as it is written; None where it holds none."""
    return next((one["payload"] for one in decision["contents"] if one["kind"] == "patch"), None)


def _replay(found: Found, before: Line, row: Line, decision: Line) -> None:
    name, number = row["decision"], row["number"]
    found.expect(decision["outcome"] == "passed", f"version {number} rests on the decision {name}, which did not pass")
    try:
        patch = patches.Patch.read(decision["patch"])
        after = patches.apply(before["document"], patch)
    except Expected as error:
        found.expect(False, f"version {number}: the patch of {name} cannot be applied: {error}")
        return
    same = canonical.text(after) == canonical.text(row["document"])
    found.expect(same, f"version {number} is not version {before['number']} with the patch of {name}")
    found.expect(row["changed"] == sorted({op.rule for op in patch.ops}), f"version {number} does not name the rules it changed")
    grave = _faults(before["document"], patch, decision)
    found.expect(not grave, f"version {number}: {name} could not make it: {', '.join(grave)}")


def _faults(document: Line, patch: patches.Patch, decision: Line) -> list[str]:
    """Say why a decision could not make a change. Of rules that were adopted the file alone is asked: software declares others."""
    procedures, by = document["procedures"], decision["procedure"]
    changing = tuple(op for op in patch.ops if op.adopt is None)
    found: list[str] = []
    if changing:
        passed_on = date.fromisoformat(decision["decided_at"][:10])
        found = patches.faults(document, patches.Patch(patch.base, changing), passed_by=by, passed_on=passed_on)
    for op in patch.ops:
        needed = "" if op.adopt is None else undecided.passes(document, op.adopt["tier"])
        if needed and procedures.get(by, {"rank": 0})["rank"] < procedures[needed]["rank"]:
            found.append("wrong_procedure")
    return [fault for fault in found if fault != "retroactive"]

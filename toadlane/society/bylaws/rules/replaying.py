"""Does a version of the rules follow from the one before, and from the decision it names? Asked of rows and of files alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.society.bylaws.rules import patches, undecided
from toadlane.society.bylaws.rules.documents import Document

FOUNDING = "founding"


@dataclass(frozen=True)
class Version:
    number: int
    document: Document
    changed: list[str]


@dataclass(frozen=True)
class Decided:
    """A decision as far as the rules rest on it.

    :param patch: the change of rules that it holds, as it is written
    :param procedure: by which way it was decided
    """

    name: str
    has_passed: bool
    patch: Mapping[str, Any]
    procedure: str
    on: date


def patch_of(contents: Any) -> Any:
    """Return the change of rules in what was decided, as it is written; None where there is none."""
    return next((one["payload"] for one in contents if one["kind"] == "patch"), None)


def faults(before: Version, after: Version, decided: Decided) -> Iterator[str]:
    """Say where a version is not the one before with the patch of its decision applied, byte for byte, by who may do so."""
    number, name = after.number, decided.name
    if not decided.has_passed:
        yield f"version {number} rests on the decision {name}, which did not pass"
    try:
        patch = patches.Patch.read(decided.patch)
        document = patches.apply(before.document, patch)
    except Expected as error:
        yield f"version {number}: the patch of {name} cannot be applied: {error}"
        return
    if canonical.text(document) != canonical.text(after.document):
        yield f"version {number} is not version {before.number} with the patch of {name}"
    if after.changed != sorted({op.rule for op in patch.ops}):
        yield f"version {number} does not name the rules it changed"
    if grave := _grave(before.document, patch, decided):
        yield f"version {number}: {name} could not make it: {', '.join(grave)}"


def _grave(document: Document, patch: patches.Patch, decided: Decided) -> list[str]:
    """Say why a decision could not make a change. Of adopted rules the document alone is asked: software declares others."""
    procedures = document["procedures"]
    changing = tuple(op for op in patch.ops if op.adopt is None)
    found: list[str] = []
    if changing:
        only = patches.Patch(patch.base, changing)
        found = patches.faults(document, only, passed_by=decided.procedure, passed_on=decided.on)
    for op in patch.ops:
        needed = "" if op.adopt is None else undecided.passes(document, op.adopt["tier"])
        if needed and procedures.get(decided.procedure, {"rank": 0})["rank"] < procedures[needed]["rank"]:
            found.append("wrong_procedure")
    return [fault for fault in found if fault != "retroactive"]

"""Whether votes can be taken by what a document says: no change may leave a way of deciding that nobody could count.

A procedure takes figures from rules (a quorum, the weights of colleges), and rules name procedures. Both are looked at on
the document as it would be. The room that counts lives above, and lends its reading.
"""

from collections.abc import Callable, Mapping
from typing import Any

from toadlane.kernel.errors import Expected
from toadlane.society.bylaws.rules.declared import find
from toadlane.society.bylaws.rules.undecided import completed

# (name, document) -> the procedure as it is counted by; raises what is expected where it cannot be.
Read = Callable[[str, Mapping[str, Any]], object]

_readers: list[Read] = []


def declare(read: Read) -> None:
    """Lend the reading of procedures, in `wiring`."""
    assert not _readers, "procedures are read already"
    _readers.append(read)


def connections() -> list[str]:
    """Return who reads, for the golden file of connections."""
    return [f"read -> {one.__module__}.{one.__qualname__}" for one in _readers]


def broken(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Return the procedures, and the rules naming one, that could be counted by before and not after, and why not.

    What was wrong already keeps no other change from being made: it may be the one that mends it.
    """
    known = faults(before)
    return {name: why for name, why in faults(after).items() if known.get(name) != why}


def faults(document: Mapping[str, Any]) -> dict[str, str]:
    """Return all procedures that cannot be counted by, and all rules that name none that can, each with the reason."""
    whole, found = completed(document), {}
    for name in whole["procedures"]:
        if why := _why(name, whole):
            found[name] = why
    for rule_id, rule in whole["rules"].items():
        declared, name = find(rule_id), str(rule["value"])
        if declared is None or not declared.names_procedure:
            continue
        if whole["procedures"].get(name, {}).get("kind", "never") == "never":
            found[rule_id] = f"{rule_id}: {name}"
        elif name in found:
            found[rule_id] = f"{rule_id}: {found[name]}"
    return found


def _why(name: str, document: Mapping[str, Any]) -> str:
    try:
        for read in _readers:
            read(name, document)
    except Expected as error:
        return f"{name}: {error}"
    return ""

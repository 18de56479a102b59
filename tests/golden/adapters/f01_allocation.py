from collections.abc import Iterator
from typing import Any

from tests.golden.adapters import Case, expected, outcome
from toadlane.kernel.rounding import largest_remainder, largest_remainder_capped, remaining_balance


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document["cases"]:
        found = outcome(lambda case=case: METHODS[case["method"]](case))
        asked = {key: case[key] for key in ("expect", "unallocated", "remaining") if key in case}
        yield Case(case["id"], {key: found[key] for key in asked} if isinstance(found, dict) else found, expected(case, asked))


def shared(case: dict[str, Any]) -> dict[str, Any]:
    return {"expect": largest_remainder(case["total"], case["weights"])}


def capped(case: dict[str, Any]) -> dict[str, Any]:
    shares, left = largest_remainder_capped(case["total"], case["weights"], case["caps"])
    return {"expect": shares, "unallocated": left}


def taken_back(case: dict[str, Any]) -> dict[str, Any]:
    remaining, parts = dict(case["splits"]), []
    for take in case["takes"]:
        part = remaining_balance(remaining, take)
        remaining = {name: left - part[name] for name, left in remaining.items()}
        parts.append(part)
    return {"expect": parts, "remaining": remaining}


METHODS = {"largest_remainder": shared, "largest_remainder_capped": capped, "remaining_balance": taken_back}

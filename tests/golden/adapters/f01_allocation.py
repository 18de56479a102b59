from collections.abc import Iterator
from typing import Any

from tests.golden.adapters import Case, expected, tried
from toadlane.kernel.rounding import largest_remainder, largest_remainder_capped, remaining_balance

ANSWERS = ("expect", "unallocated", "remaining")


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(
        document.get("cases"), found, lambda case: expected(case, {key: case[key] for key in ANSWERS if key in case})
    )


def found(case: dict[str, Any]) -> dict[str, Any]:
    answer = METHODS[case["method"]](case)
    return {key: answer[key] for key in answer if key in case}


def shared(case: dict[str, Any]) -> dict[str, Any]:
    return {"expect": largest_remainder(case["total"], case["weights"])}


def capped(case: dict[str, Any]) -> dict[str, Any]:
    shares, left = largest_remainder_capped(case["total"], case["weights"], case.get("caps", {}))
    return {"expect": shares, "unallocated": left}


def taken_back(case: dict[str, Any]) -> dict[str, Any]:
    remaining, parts = dict(case["splits"]), []
    for take in case["takes"]:
        part = remaining_balance(remaining, take)
        remaining = {name: left - part[name] for name, left in remaining.items()}
        parts.append(part)
    return {"expect": parts, "remaining": remaining}


METHODS = {"largest_remainder": shared, "largest_remainder_capped": capped, "remaining_balance": taken_back}

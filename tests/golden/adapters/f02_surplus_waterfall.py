from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.ownership.surplus.policies.waterfall import WATERFALLS


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), answer)


def answer(case: dict[str, Any]) -> dict[str, int]:
    found = WATERFALLS[case["pack"]](**case["input"])
    return asked_for(asdict(found) if is_dataclass(found) else found, case)

from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

from tests.golden.adapters import Case, Fails, outcome
from toadlane.ownership.surplus.policies.waterfall import WATERFALLS


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document["cases"]:
        expected = Fails(case["error"]) if "error" in case else case["expect"]
        yield Case(case["id"], outcome(lambda case=case: answer(case)), expected)


def answer(case: dict[str, Any]) -> dict[str, int]:
    found = WATERFALLS[case["pack"]](**case["input"])
    facts = asdict(found) if is_dataclass(found) else found
    return {name: facts.get(name) for name in case["expect"]}

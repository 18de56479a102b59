from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.golden.adapters import Case
from toadlane.society.bylaws.rules import packs

PERIODS = ("days", "clear_days", "max_months", "months", "years")


def run(document: dict[str, Any]) -> Iterator[Case]:
    known = {name: terms for pack in packs.every() for name, terms in pack.deadlines.items()}
    for case in document["cases"]:
        facts = {key: _date_or_self(value) for key, value in case.items()}
        # A case may state the period; where it does, it is the law's.
        terms = {
            **known[case["rule"]],
            **{key: case[key] for key in ("days", "clear_days", "max_months", "months", "years") if key in case},
        }
        found = packs.deadline(terms, facts)
        actual = {"expect": found.state, "expect_earliest": found.earliest, "expect_latest": found.latest,
                  "expect_until": found.until}  # fmt: skip
        asked = [key for key in case if key.startswith("expect")]
        yield Case(case["id"], [str(actual[key]) for key in asked], [str(case[key]) for key in asked])


def _date_or_self(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value

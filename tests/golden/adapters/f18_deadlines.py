from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.golden.adapters import Case, expected, tried
from toadlane.society.bylaws.rules import packs

PERIODS = ("days", "clear_days", "max_months", "months", "years")


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), counted, wanted)


def wanted(case: dict[str, Any]) -> Any:
    return expected(case, {key: str(value) for key, value in case.items() if key.startswith("expect")})


def counted(case: dict[str, Any]) -> dict[str, str]:
    known = {name: terms for pack in packs.every() for name, terms in pack.deadlines.items()}
    # A case may state the period; where it does, it is the law's.
    terms = {**known[case["rule"]], **{key: case[key] for key in PERIODS if key in case}}
    found = packs.deadline(terms, {key: _date_or_self(value) for key, value in case.items()})
    told = {"expect": found.state, "expect_earliest": found.earliest, "expect_latest": found.latest, "expect_until": found.until}
    return {key: str(told[key]) for key in case if key.startswith("expect")}


def _date_or_self(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value

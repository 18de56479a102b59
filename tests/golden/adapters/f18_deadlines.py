import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tests.golden.adapters import Case, expected, tried
from toadlane.society.bylaws.rules import packs

PERIODS = ("days", "clear_days", "max_months", "months", "years")
SPELLED = re.compile(r"_(\d+)_(day|month|year)s?(?:_|$)")


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), counted, wanted)


def wanted(case: dict[str, Any]) -> Any:
    return expected(case, {key: str(value) for key, value in case.items() if key.startswith("expect")})


def counted(case: dict[str, Any]) -> dict[str, str]:
    known = {name: terms for pack in packs.every() for name, terms in pack.deadlines.items()}
    stated = {key: case[key] for key in PERIODS if key in case}
    facts = {key: _date_or_self(value) for key, value in case.items()}
    # A case may state the period; where it does, it is the law's.
    terms = {**(known.get(case["rule"]) or spelled(case, facts, stated)), **stated}
    found = packs.deadline(terms, facts | {"sent": facts.get("sent") or facts.get(terms.get("from", ""))})
    told = {"expect": found.state, "expect_earliest": found.earliest, "expect_latest": found.latest, "expect_until": found.until}
    return {key: str(told[key]) for key in case if key.startswith("expect")}


def spelled(case: Mapping[str, Any], facts: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms of a rule that no pack has: the period is in the case or in the rule's name, and counts from its day."""
    since = next(key for key, value in facts.items() if isinstance(value, date) and not key.startswith("expect"))
    if not stated and (period := SPELLED.search(case["rule"])):
        stated = {f"{period[2]}s": int(period[1])}
    if "clear_days" in stated:
        return {"count": "clear_notice", "max_months": 12, "from": since, **stated}
    if "expect_earliest" in case:
        return {"count": "notice", "from": since, **stated}
    if "expect_until" in case:
        return {"count": "keep_years", "from": since, **stated}
    if "days" in stated:
        return {"count": "within_days", "from": since, **stated}
    return {"count": "within_months", "from": since, "months": stated.get("months", 12 * stated.get("years", 0))}


def _date_or_self(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value

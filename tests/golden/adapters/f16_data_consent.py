from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tests.golden.adapters import WORDS, Case, in_the_words_of, tried
from toadlane.commons.studies import policies as studies
from toadlane.society.consent import policies as consent


def run(document: dict[str, Any]) -> Iterator[Case]:
    consents = document.get("consents", ())
    # What a consent says itself, it covers on its first day, if data may flow under it at all.
    yield from tried(consents, lambda one: access({"request": first(one)}, [allowed(one)]), flows)
    yield from tried(document.get("access"), lambda case: access(case, [allowed(one) for one in case.get("consents", consents)]))
    yield from tried(document.get("small_cells"), cells, lambda case: {key: case[key] for key in TABLE if key in case})
    yield from tried(document.get("differencing"), answered)
    yield from tried(document.get("dp_budget"), lambda case: spent(case, exact=False), lambda case: spent(case, exact=True))
    yield from tried(document.get("deadlines"), answer_by, lambda case: str(case["expect"]))


TABLE = ("expect", "expect_total")


def first(one: dict[str, Any]) -> dict[str, Any]:
    said = {"purpose": one["purposes"][0], "recipient": one["recipients"][0], "category": one["categories"][0]}
    return {"subject": one["subject"], "at": f"{one['from']}T00:00:00Z", **said}


def flows(one: dict[str, Any]) -> str:
    return "allow" if one.get("status", "active").lower() in ("active", "preconfirmed", "frozen") else "deny:not_active"


def answered(case: dict[str, Any]) -> str:
    return "answer" if studies.may_answer(case.get("answered", ()), case["query"], k=case["k"]) else "refuse"


def spent(case: dict[str, Any], *, exact: bool) -> dict[str, Any]:
    """Return what a budget comes to, or what the case says it does; 0.0 and 0 are one amount."""
    found = asdict(studies.spend(case["budget"], case["ask"], spent=case.get("spent", ()), parallel=case.get("parallel")))
    told = case["expect"] if exact else {key: found[key] for key in case["expect"]}
    return {key: Fraction(value) if key == "left" else value for key, value in told.items()}


def answer_by(case: dict[str, Any]) -> str:
    return consent.answer_by(day(case["received"]), extended=case.get("extended", False)).isoformat()


def day(written: Any) -> date:
    return date.fromisoformat(str(written))


def allowed(one: dict[str, Any]) -> consent.Consent:
    revoked, until = one.get("revoked_at"), one.get("until")
    return consent.Consent(
        subject=one["subject"], purposes=frozenset(one["purposes"]), recipients=frozenset(one["recipients"]),
        categories=frozenset(one["categories"]), from_=day(one["from"]), until=day(until) if until else None,
        status=one.get("status", "active").lower(), revoked_at=datetime.fromisoformat(str(revoked)) if revoked else None,
    )  # fmt: skip


def access(case: dict[str, Any], given: list[consent.Consent]) -> str:
    asked = {**case["request"], "at": datetime.fromisoformat(str(case["request"]["at"]))}
    why = consent.refusal(given, consent.Request(**asked), study_approved=case.get("study_approved", True))
    other = {f"deny:{word}" for word in (*WORDS.get(why, ()), *(one.status for one in given if why == "not_active"))}
    return in_the_words_of(case, f"deny:{why}" if why else "allow", *other)


def cells(case: dict[str, Any]) -> dict[str, Any]:
    found = studies.suppress(case["cells"], k=case["k"], total_published=case.get("total_published", False))
    told = {"expect": found.cells, "expect_total": found.total}
    return {key: told[key] for key in TABLE if key in case}

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tests.golden.adapters import Case, outcome
from toadlane.commons.studies import policies as studies
from toadlane.society.consent import policies as consent


def run(document: dict[str, Any]) -> Iterator[Case]:
    given = [allowed(one) for one in document.get("consents", ())]
    for one, read in zip(document.get("consents", ()), given, strict=True):
        # What it says itself, it covers on its first day, if data may flow under it at all.
        first = {"purpose": one["purposes"][0], "recipient": one["recipients"][0], "category": one["categories"][0]}
        asked = {"subject": one["subject"], "at": f"{one['from']}T00:00:00Z", **first}
        flows = one.get("status", "active") in ("active", "preconfirmed", "frozen")
        yield Case(one["id"], access({"request": asked}, [read]), "allow" if flows else "deny:not_active")
    for case in document.get("access", ()):
        yield Case(case["id"], outcome(lambda case=case: access(case, given)), case["expect"])
    for case in document.get("small_cells", ()):
        yield from cells(case)
    for case in document.get("differencing", ()):
        may = studies.may_answer(case["answered"], case["query"], k=case["k"])
        yield Case(case["id"], "answer" if may else "refuse", case["expect"])
    for case in document.get("dp_budget", ()):
        found = studies.spend(case["budget"], case["ask"], spent=case.get("spent", ()), parallel=case.get("parallel"))
        yield Case(case["id"], asdict(found), {**case["expect"], "left": Fraction(case["expect"]["left"])})
    for case in document.get("deadlines", ()):
        found = consent.answer_by(day(case["received"]), extended=case.get("extended", False))
        yield Case(case["id"], found.isoformat(), str(case["expect"]))


def day(written: Any) -> date:
    return date.fromisoformat(str(written))


def allowed(one: dict[str, Any]) -> consent.Consent:
    revoked, until = one.get("revoked_at"), one.get("until")
    return consent.Consent(
        subject=one["subject"], purposes=frozenset(one["purposes"]), recipients=frozenset(one["recipients"]),
        categories=frozenset(one["categories"]), from_=day(one["from"]), until=day(until) if until else None,
        status=one.get("status", "active"), revoked_at=datetime.fromisoformat(str(revoked)) if revoked else None,
    )  # fmt: skip


def access(case: dict[str, Any], given: list[consent.Consent]) -> str:
    asked = {**case["request"], "at": datetime.fromisoformat(str(case["request"]["at"]))}
    why = consent.refusal(given, consent.Request(**asked), study_approved=case.get("study_approved", True))
    return f"deny:{why}" if why else "allow"


def cells(case: dict[str, Any]) -> Iterator[Case]:
    found = studies.suppress(case["cells"], k=case["k"], total_published=case.get("total_published", False))
    yield Case(case["id"], found.cells, case["expect"])
    if "expect_total" in case:
        yield Case(case["id"], found.total, case["expect_total"])

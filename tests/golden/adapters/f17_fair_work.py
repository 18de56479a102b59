from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.society.bylaws.rules import packs
from toadlane.society.consent import policies as consent
from toadlane.trade.reviews import policies as reviews
from toadlane.trade.work.policies import fair

# By the article that a vector names.
DUTIES = {
    "PWD art. 11(2)": "PWD_11_review_14_days",
    "PWD art. 11(3)": "PWD_11_rectification_14_days",
    "P2B art. 3(2)": "P2B_3_change_of_terms_15_days",
    "P2B art. 4(2)": "P2B_4_termination_30_days",
    "DGA art. 11": "DGA_11_change_notice_14_days",
}

UNTOLD = ("id", "law", "expect", "note", "why", "extended")


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("pay_floor"), lambda case: asked_for(asdict(paid(case["input"])), case))
    yield from tried(document.get("fairwork_score"), lambda case: {"score": fair.fairwork_score(case["points"])})
    yield from tried(document.get("automated_decisions"), faults)
    yield from tried(document.get("review_deadlines"), deadline, lambda case: str(case["expect"]))
    yield from tried(document.get("prohibited_data"), lambda case: fair.prohibited(case["fields"]))
    yield from tried(document.get("ratings"), shown)


def paid(given: dict[str, Any]) -> fair.HourlyPay:
    # Tips are theirs, outside every floor.
    return fair.hourly_pay(**{name: value for name, value in given.items() if name not in ("tip", "tips")})


def faults(case: dict[str, Any]) -> list[str]:
    return fair.decision_faults(
        decision=case["decision"], decided_by=case.get("decided_by", "human"), reasons=case.get("reasons", False)
    )  # fmt: skip


def deadline(case: dict[str, Any]) -> str:
    since = next(date.fromisoformat(str(value)) for key, value in case.items() if key not in UNTOLD)
    if case["law"].startswith("GDPR"):
        return consent.answer_by(since, extended=case.get("extended", False)).isoformat()
    duty = next(duty for article, duty in DUTIES.items() if case["law"].startswith(article))
    found = packs.deadline_of(packs.load("sce"), duty, **dict.fromkeys(("requested", "decided", "sent", "changed"), since))
    return str(found.latest or found.earliest)


def shown(case: dict[str, Any]) -> str:
    today = date.fromisoformat(str(case["today"]))
    rated = [date.fromisoformat(str(case[key])) for key in ("worker_rated", "client_rated") if case.get(key)]
    rated = [day for day in rated if day <= today]  # Who rates later has not rated yet.
    seen = bool(rated) and reviews.visible(
        opened_on=min(rated),
        both_are_in=len(rated) == 2,
        window_days=case["window_days"],
        today=today,
    )
    return "published" if seen else "hidden"

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.golden.adapters import Case
from toadlane.society.bylaws.rules import packs
from toadlane.trade.reviews import policies as reviews
from toadlane.trade.work.policies import fair

# By the article that a vector names.
DUTIES = {
    "PWD art. 11(2)": "PWD_11_review_14_days",
    "PWD art. 11(3)": "PWD_11_rectification_14_days",
    "P2B art. 3(2)": "P2B_3_change_of_terms_15_days",
    "P2B art. 4(2)": "P2B_4_termination_30_days",
}


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("pay_floor", ()):
        found = fair.hourly_pay(**case["input"])
        yield Case(case["id"], {key: getattr(found, key) for key in case["expect"]}, case["expect"])
    for case in document.get("fairwork_score", ()):
        yield Case(case["id"], {"score": fair.fairwork_score(case["points"])}, case["expect"])
    for case in document.get("automated_decisions", ()):
        faults = fair.decision_faults(decision=case["decision"], decided_by=case["decided_by"], reasons=case["reasons"])
        yield Case(case["id"], faults, case["expect"])
    for case in document.get("review_deadlines", ()):
        yield Case(case["id"], deadline(case), case["expect"])
    for case in document.get("prohibited_data", ()):
        yield Case(case["id"], fair.prohibited(case["fields"]), case["expect"])
    for case in document.get("ratings", ()):
        yield Case(case["id"], shown(case), case["expect"])


def deadline(case: dict[str, Any]) -> str:
    duty = next(duty for article, duty in DUTIES.items() if case["law"].startswith(article))
    since = next(date.fromisoformat(value) for key, value in case.items() if key not in ("id", "law", "expect", "note"))
    found = packs.deadline_of(packs.load("sce"), duty, requested=since, decided=since, sent=since)
    return str(found.latest or found.earliest)


def shown(case: dict[str, Any]) -> str:
    rated = [date.fromisoformat(case[key]) for key in ("worker_rated", "client_rated") if case[key]]
    seen = bool(rated) and reviews.visible(
        opened_on=min(rated),
        both_are_in=len(rated) == 2,
        window_days=case["window_days"],
        today=date.fromisoformat(case["today"]),
    )
    return "published" if seen else "hidden"

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tests.golden.adapters import Case
from toadlane.money.invoicing.policies import sellers


def day(written: Any) -> date:
    return date.fromisoformat(str(written))


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("dac7", ()):
        yield Case(case["id"], sellers.status(sellers.Seller(**case["seller"])), case["expect"])
    for case in document.get("dac7_quarters", ()):
        paid = [sellers.Paid(day(one["date"]), one["gross"], one["fees"]) for one in case["payments"]]
        found = {name: asdict(quarter) for name, quarter in sellers.quarters(paid).items()}
        yield Case(case["id"], found, case["expect"])
    for case in document.get("dac7_followup", ()):
        reminders = [day(one) for one in case["reminders"]]
        found = sellers.follow_up(request=day(case["request"]), reminders=reminders, today=day(case["today"]))
        yield Case(case["id"], found, case["expect"])
    for case in document.get("vida_deemed_supplier", ()):
        given = {name: value for name, value in case.items() if name not in ("id", "date", "expect", "note")}
        yield Case(case["id"], sellers.is_deemed_supplier(day=day(case["date"]), **given), case["expect"])

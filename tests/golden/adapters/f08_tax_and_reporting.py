from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.money.invoicing.policies import sellers

# What a case may call the same fact.
NAMES = {"listed_entity": "listed", "government": "governmental", "is_entity": "entity"}
KINDS = {"property": "immovable_property", "service": "personal_service", "transport": "transport_rental"}
UNTOLD = ("id", "date", "expect", "note", "why", "law")


def day(written: Any) -> date:
    return date.fromisoformat(str(written))


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("dac7"), status)
    yield from tried(document.get("dac7_quarters"), quarters)
    yield from tried(document.get("dac7_followup"), follow_up)
    yield from tried(document.get("vida_deemed_supplier"), deemed)


def status(case: dict[str, Any]) -> str:
    told = {NAMES.get(name, name): value for name, value in case["seller"].items()}
    kind = next((ours for word, ours in KINDS.items() if word in told["kind"]), told["kind"])
    return sellers.status(sellers.Seller(**{**told, "kind": kind}))


def quarters(case: dict[str, Any]) -> dict[str, Any]:
    paid = [sellers.Paid(day(one["date"]), one["gross"], one.get("fees", 0)) for one in case["payments"]]
    return asked_for({name: asdict(quarter) for name, quarter in sellers.quarters(paid).items()}, case)


def follow_up(case: dict[str, Any]) -> str:
    reminders = [day(one) for one in case.get("reminders", ())]
    return sellers.follow_up(request=day(case["request"]), reminders=reminders, today=day(case["today"]))


def deemed(case: dict[str, Any]) -> bool:
    given = {name: value for name, value in case.items() if name not in UNTOLD}
    return sellers.is_deemed_supplier(day=day(case["date"]), **given)

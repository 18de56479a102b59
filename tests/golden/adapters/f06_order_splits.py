from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.kernel.dates import add_working_days
from toadlane.kernel.money import Money
from toadlane.money.ledger.policies import splits


def money(case: dict[str, Any], minor: int) -> Money:
    return Money(minor, case.get("currency") or case.get("input", {}).get("currency", "EUR"))


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), split)
    yield from tried(document.get("refunds"), reversed_parts)
    yield from tried(document.get("cancellation"), cancelled)
    yield from tried(document.get("wage_guarantee"), paid_by, lambda case: {"pay_by": str(case["expect"]["pay_by"])})


def cancelled(case: dict[str, Any]) -> dict[str, int]:
    result = splits.cancellation(case.get("tiers", ()), money(case, case["price"]), case["hours_before"])
    return {"worker": result.worker.minor, "refund": result.refund.minor}


def paid_by(case: dict[str, Any]) -> dict[str, str]:
    holidays = {date.fromisoformat(str(day)) for day in case.get("holidays", ())}
    days = case.get("working_days", WORKING_DAYS)
    return {"pay_by": add_working_days(date.fromisoformat(str(case["service_end"])), days, holidays).isoformat()}


# Within which the wage guarantee pays, where a case does not say.
WORKING_DAYS = 7
AMOUNTS = ("net_price", "tip", "commission_min", "commission_max", "psp_fixed")
NAMES = {"community_rate_of_commission": "community_rate"}
SPLITS = {"agent": splits.split_agent, "principal": splits.split_principal}


def split(case: dict[str, Any]) -> dict[str, int]:
    given = {name: value for name, value in case["input"].items() if name != "currency"}
    asked = {NAMES.get(name, name): money(case, value) if name in AMOUNTS else value for name, value in given.items()}
    result = SPLITS[case["model"]](**asked)
    return asked_for({one.name: getattr(result, one.name).minor for one in fields(result)}, case)


def reversed_parts(case: dict[str, Any]) -> list[dict[str, int]]:
    whole = {name: money(case, minor) for name, minor in case["splits"].items()}
    already, parts = {name: money(case, 0) for name in whole}, []
    for minor in case["refunds"]:
        part = splits.reverse(whole, already, money(case, minor))
        already = {name: already[name] + part[name] for name in whole}
        parts.append({name: share.minor for name, share in part.items()})
    return parts

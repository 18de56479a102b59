from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.golden.adapters import Case, expected, outcome
from toadlane.kernel.dates import add_working_days
from toadlane.kernel.money import Money
from toadlane.money.ledger.policies import splits


def money(case: dict[str, Any], minor: int) -> Money:
    return Money(minor, case.get("currency", "EUR"))


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("cases", ()):
        yield Case(case["id"], outcome(lambda case=case: split(case)), expected(case))
    for case in document.get("refunds", ()):
        yield Case(case["id"], outcome(lambda case=case: reversed_parts(case)), expected(case))
    for case in document.get("cancellation", ()):
        result = splits.cancellation(case["tiers"], money(case, case["price"]), case["hours_before"])
        yield Case(case["id"], {"worker": result.worker.minor, "refund": result.refund.minor}, case["expect"])
    for case in document.get("wage_guarantee", ()):
        holidays = {date.fromisoformat(str(day)) for day in case.get("holidays", ())}
        pay_by = add_working_days(date.fromisoformat(str(case["service_end"])), case["working_days"], holidays)
        yield Case(case["id"], {"pay_by": pay_by.isoformat()}, {"pay_by": str(case["expect"]["pay_by"])})


AMOUNTS = ("net_price", "tip", "commission_min", "commission_max", "psp_fixed")
NAMES = {"community_rate_of_commission": "community_rate"}
SPLITS = {"agent": splits.split_agent, "principal": splits.split_principal}


def split(case: dict[str, Any]) -> dict[str, int]:
    asked = {NAMES.get(name, name): money(case, value) if name in AMOUNTS else value for name, value in case["input"].items()}
    result = SPLITS[case["model"]](**asked)
    return {name: getattr(result, name).minor for name in case["expect"]}


def reversed_parts(case: dict[str, Any]) -> list[dict[str, int]]:
    whole = {name: money(case, minor) for name, minor in case["splits"].items()}
    already, parts = {name: money(case, 0) for name in whole}, []
    for minor in case["refunds"]:
        part = splits.reverse(whole, already, money(case, minor))
        already = {name: already[name] + part[name] for name in whole}
        parts.append({name: share.minor for name, share in part.items()})
    return parts

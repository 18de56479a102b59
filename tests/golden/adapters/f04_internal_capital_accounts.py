from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tests.golden.adapters import Case, Fails, outcome
from toadlane.ownership.shares.policies import interest, redemption
from toadlane.ownership.surplus.policies import accounts, losses


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("years", ()):
        yield made(case, lambda case=case: year(case))
    for case in document.get("redemption_rollover", ()):
        yield made(case, lambda case=case: rolled(case))
    for case in document.get("exit_schedules", ()):
        yield made(case, lambda case=case: asdict(redemption.pay_out_leaver(**case["input"])))
    for case in document.get("share_interest", ()):
        yield made(case, lambda case=case: days(case["input"]))
    for case in document.get("interest_cap", ()):
        yield made(case, lambda case=case: capped(case["input"]))
    for case in document.get("loss_imputation", ()):
        yield made(case, lambda case=case: asdict(losses.spanish_loss(**case["input"])))


def made(case: dict[str, Any], act: Any) -> Case:
    if "error" in case:
        return Case(case["id"], outcome(act), Fails(case["error"]))
    found = outcome(act)
    seen = {name: found.get(name) for name in case["expect"]} if isinstance(found, dict) else found
    return Case(case["id"], seen, case["expect"])


def year(case: dict[str, Any]) -> dict[str, Any]:
    policy = case["policy"]
    found = accounts.close_year(opening=case["opening"], net_income=case["net_income"], hours=case["hours"], **policy)
    assert sum(found.closing.values()) == found.net_book_value
    return asdict(found)


def rolled(case: dict[str, Any]) -> dict[str, Any]:
    paid, unspent = redemption.roll_over([redemption.Layer(**layer) for layer in case["layers"]], case["budget"])
    return {"paid": [asdict(layer) for layer in paid], "unspent": unspent}


def days(given: dict[str, Any]) -> dict[str, int]:
    start, end = (date.fromisoformat(str(given[name])) for name in ("from", "to"))
    count = interest.days_between(start, end, count_first_day=given["count_first_day"])
    earned = interest.for_days(capital=given["capital"], yearly_rate=given["rate"], days=count, year_days=given["year_days"])
    return {"days": count, "interest": earned}


def capped(given: dict[str, Any]) -> dict[str, Any]:
    found = interest.within_caps(
        capital=given["capital"], yearly_rate=given["rate"], legal_interest=given["legal_interest"],
        result_before=given["result_before"],
    )  # fmt: skip
    return asdict(found)

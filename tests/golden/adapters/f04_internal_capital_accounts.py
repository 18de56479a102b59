from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tests.golden.adapters import Case, asked_for, tried
from toadlane.ownership.shares.policies import interest, redemption
from toadlane.ownership.surplus.policies import accounts, losses


def run(document: dict[str, Any]) -> Iterator[Case]:
    for section, act in SECTIONS.items():
        yield from tried(document.get(section), lambda case, act=act: asked_for(act(case), case))


def year(case: dict[str, Any]) -> dict[str, Any]:
    policy = case.get("policy", {})
    found = accounts.close_year(
        opening=case["opening"], net_income=case["net_income"], hours=case.get("hours", {}), **policy
    )  # fmt: skip
    assert sum(found.closing.values()) == found.net_book_value
    return asdict(found)


def rolled(case: dict[str, Any]) -> dict[str, Any]:
    paid, unspent = redemption.roll_over([redemption.Layer(**layer) for layer in case["layers"]], case["budget"])
    return {"paid": [asdict(layer) for layer in paid], "unspent": unspent}


def days(case: dict[str, Any]) -> dict[str, int]:
    given = case["input"]
    start, end = (date.fromisoformat(str(given[name])) for name in ("from", "to"))
    count = interest.days_between(start, end, count_first_day=given.get("count_first_day", True))
    earned = interest.for_days(
        capital=given["capital"], yearly_rate=given["rate"], days=count, year_days=given.get("year_days", 365)
    )  # fmt: skip
    return {"days": count, "interest": earned}


def capped(case: dict[str, Any]) -> dict[str, Any]:
    given = {"yearly_rate" if name == "rate" else name: value for name, value in case["input"].items()}
    return asdict(interest.within_caps(**given))


SECTIONS = {
    "years": year,
    "redemption_rollover": rolled,
    "exit_schedules": lambda case: asdict(redemption.pay_out_leaver(**case["input"])),
    "share_interest": days,
    "interest_cap": capped,
    "loss_imputation": lambda case: asdict(losses.spanish_loss(**case["input"])),
}

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tests.golden.adapters import Case, asked_for, in_the_words_of, tried
from toadlane.ownership.shares.policies import offers, redemption, subscriptions

# Whose part of what: a fraction of the law is asked of any two amounts.
PARTS_OF = {
    "max_fraction_of_capital": ("holding_after", "capital_after"),
    "investor_capital_fraction": ("investor_capital", "total_capital"),
}


def run(document: dict[str, Any]) -> Iterator[Case]:
    for part, act in PARTS.items():
        yield from tried(document.get(part), act)


def subscribed(case: dict[str, Any]) -> dict[str, int]:
    return asked_for(asdict(subscriptions.subscribe(**case["input"])), case)


def capped(case: dict[str, Any]) -> bool:
    if "max" in case:
        return subscriptions.within_amount(holding_after=case["holding_after"], most=case["max"])
    amounts = [name for name, value in case.items() if isinstance(value, int) and name != "expect"]
    holding, capital = PARTS_OF.get(case["rule"], amounts)
    return subscriptions.within_fraction(holding_after=case[holding], capital_after=case[capital], fraction=case["fraction"])


def transferred(case: dict[str, Any]) -> str:
    given = {name: value for name, value in case["input"].items() if name != "from"}
    return in_the_words_of(case, subscriptions.transfer(**given))


def repaid(case: dict[str, Any]) -> dict[str, Any]:
    given = dict(case["input"])
    requests = [redemption.Request(**request) for request in given.pop("requests")]
    found = redemption.repay(policy=case["policy"], floor_capital=given.pop("floor", 0), requests=requests, **given)
    return asked_for(asdict(found), case)


def offered(case: dict[str, Any]) -> dict[str, Any]:
    # The target is a hope that the offer document states: nothing is decided by it.
    given = {name: value for name, value in case["input"].items() if name != "target"}
    return asked_for(asdict(offers.allot(**given)), case)


PARTS = {
    "subscriptions": subscribed,
    "caps": capped,
    "transfers": transferred,
    "redemption_queue": repaid,
    "share_offer": offered,
}

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tests.golden.adapters import Case, Fails, outcome
from toadlane.ownership.shares.policies import offers, redemption, subscriptions


def run(document: dict[str, Any]) -> Iterator[Case]:
    for part, act in PARTS.items():
        for case in document.get(part, ()):
            expected = Fails(case["error"]) if "error" in case else case["expect"]
            yield Case(case["id"], outcome(lambda act=act, case=case: act(case)), expected)


def subscribed(case: dict[str, Any]) -> dict[str, int]:
    return asdict(subscriptions.subscribe(**case["input"]))


def capped(case: dict[str, Any]) -> bool:
    if case["rule"] == "max_fraction_of_capital":
        holding, capital = case["holding_after"], case["capital_after"]
        return subscriptions.within_fraction(holding_after=holding, capital_after=capital, fraction=case["fraction"])
    if case["rule"] == "max_amount":
        return subscriptions.within_amount(holding_after=case["holding_after"], most=case["max"])
    assert case["rule"] == "investor_capital_fraction"
    investors, total = case["investor_capital"], case["total_capital"]
    return subscriptions.investors_within(investor_capital=investors, total_capital=total, fraction=case["fraction"])


def transferred(case: dict[str, Any]) -> str:
    given = {name: value for name, value in case["input"].items() if name != "from"}
    return subscriptions.transfer(**given)


def repaid(case: dict[str, Any]) -> dict[str, Any]:
    given = dict(case["input"])
    requests = [redemption.Request(**request) for request in given.pop("requests")]
    found = redemption.repay(policy=case["policy"], floor_capital=given.pop("floor"), requests=requests, **given)
    return asdict(found)


def offered(case: dict[str, Any]) -> dict[str, Any]:
    # The target is a hope that the offer document states: nothing is decided by it.
    given = {name: value for name, value in case["input"].items() if name != "target"}
    found = asdict(offers.allot(**given))
    return {name: found[name] for name in case["expect"]}


PARTS = {
    "subscriptions": subscribed,
    "caps": capped,
    "transfers": transferred,
    "redemption_queue": repaid,
    "share_offer": offered,
}

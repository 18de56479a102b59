from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.golden.adapters import Case, tried
from toadlane.democracy.counting.policies import delegation, eligibility
from toadlane.democracy.counting.policies.eligibility import Facts, RollRule
from toadlane.democracy.counting.policies.reading import Written


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("snapshot"), roll)
    yield from tried(document.get("delegation"), delegated)
    yield from tried(document.get("proxies"), held)


def held(case: dict[str, Any]) -> dict[str, Any]:
    pairs = (tuple(pair) for pair in case["proxies"])
    found = delegation.proxies(pairs, eligible=case["eligible"], max_per_holder=case.get("max_per_holder", MOST_PROXIES))
    return {"valid": [list(pair) for pair in found.valid], "refused": [list(pair) for pair in found.refused]}


# In Spain, where a case does not say.
MOST_PROXIES = 2


def roll(case: dict[str, Any]) -> list[str]:
    # Who has a conflict of interest is known of an item, not of a procedure.
    table = {key: value for key, value in case["rule"].items() if key != "conflicted"}
    members = [
        Facts(
            id=one["id"], status=one["status"], joined=date.fromisoformat(str(one["joined"])), member_class=one.get("class", ""),
            in_arrears=one.get("in_arrears", False),
        )
        for one in case["members"]
    ]  # fmt: skip
    rule = RollRule.read(Written(case["id"], {"roll": table} if table else {}))
    return eligibility.eligible(
        rule, members, on=date.fromisoformat(str(case["at"])), conflicted=case["rule"].get("conflicted") or ()
    )


def delegated(case: dict[str, Any]) -> dict[str, int]:
    votes = {voter: choice for voter, choice in case["votes"].items() if voter in case["eligible"]}
    carried = delegation.carry(
        case["eligible"], case.get("delegate", {}), votes, cap_total=case.get("cap_total"), secret=case.get("secret", False),
        order=case.get("order"),
    )  # fmt: skip
    found = {"for": 0, "against": 0, "abstain": 0, **delegation.counts(carried, votes)}
    return {key: found[key] for key in case["expect"]}

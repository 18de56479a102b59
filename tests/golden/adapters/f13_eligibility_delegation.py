from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.golden.adapters import Case
from toadlane.democracy.counting.policies import delegation, eligibility
from toadlane.democracy.counting.policies.eligibility import Facts, RollRule
from toadlane.democracy.counting.policies.reading import Written


def run(document: dict[str, Any]) -> Iterator[Case]:
    for case in document.get("snapshot", ()):
        yield Case(case["id"], roll(case), case["expect"])
    for case in document.get("delegation", ()):
        yield Case(case["id"], delegated(case), case["expect"])
    for case in document.get("proxies", ()):
        found = delegation.proxies(
            (tuple(pair) for pair in case["proxies"]), eligible=case["eligible"], max_per_holder=case["max_per_holder"]
        )
        actual = {"valid": [list(pair) for pair in found.valid], "refused": [list(pair) for pair in found.refused]}
        yield Case(case["id"], actual, case["expect"])


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
    rule = RollRule.read(Written(case["id"], {"roll": table}))
    return eligibility.eligible(
        rule, members, on=date.fromisoformat(str(case["at"])), conflicted=case["rule"].get("conflicted", ())
    )


def delegated(case: dict[str, Any]) -> dict[str, int]:
    votes = {voter: choice for voter, choice in case["votes"].items() if voter in case["eligible"]}
    carried = delegation.carry(
        case["eligible"], case["delegate"], votes, cap_total=case.get("cap_total"), secret=case.get("secret", False),
        order=case.get("order"),
    )  # fmt: skip
    found = {"for": 0, "against": 0, "abstain": 0, **delegation.counts(carried, votes)}
    return {key: found[key] for key in case["expect"]}

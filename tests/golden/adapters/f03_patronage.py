from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tests.golden.adapters import Case, tried
from toadlane.kernel.rounding import NoBasis
from toadlane.ownership.surplus.policies import patronage


def run(document: dict[str, Any]) -> Iterator[Case]:
    yield from tried(document.get("cases"), lambda case: KINDS[case["kind"]](case["input"], case.get("expect", {})))


def single_class(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, int]:
    shares, left = patronage.by_patronage(given["pool"], given["patronage"], given.get("index"))
    if left and not expected:
        raise NoBasis  # What nobody earned stays with the co-op; a case may call that an error, of sharing.
    return shares | ({"to_collective": left} if "to_collective" in expected else {})


def multi_class(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    classes = [
        patronage.ClassPool(one["id"], one["weight"], one["patronage"], one.get("basis", ""), one.get("index"))
        for one in given["classes"]
    ]
    found = asdict(patronage.by_class(given["pool"], classes))
    return {name: found[name] for name in expected or found}


def member_share(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, int]:
    member, other = patronage.members_part(given["net_margin"], given["member_business"], given["nonmember_business"])
    return {"patronage_sourced": member, "nonpatronage": other}


def rate_refund(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    refunds = patronage.at_rate(given["purchases"], given["rate"], given.get("rounding", "floor"))
    return {"refunds": refunds, "total": sum(refunds.values())}


def min_payout(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    pay, credit = patronage.worth_paying(given["due"], given["threshold"])
    return {"pay": pay, "credit": credit}


def deadline(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, str]:
    return {"deadline": patronage.us_payment_deadline(date.fromisoformat(str(given["fiscal_year_end"]))).isoformat()}


KINDS = {
    "single_class": single_class,
    "multi_class": multi_class,
    "member_share": member_share,
    "rate_refund": rate_refund,
    "min_payout": min_payout,
    "us_qualified": lambda given, expected: asdict(patronage.us_qualified(**given)),
    "us_nonqualified": lambda given, expected: asdict(patronage.us_nonqualified(**given)),
    "us_payment_deadline": deadline,
    "form_1099_patr": lambda given, expected: {"report": patronage.form_1099_patr(**given)},
}

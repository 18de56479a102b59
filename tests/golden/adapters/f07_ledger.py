from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.golden.adapters import Case, Fails, tried
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.policies.chart import CHART
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.models import Coop

FIXTURES = ("inside", "board")
AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
SIDES = {"debit": ledger.debit, "credit": ledger.credit}


def run(document: dict[str, Any], inside: Coop, board: Principal) -> Iterator[Case]:
    for code, account in document.get("accounts", {}).items():
        ours = CHART.get(code)
        found = {"type": ours.kind} | ({"restricted": True} if ours.is_restricted else {}) if ours else None
        yield Case(f"account {code}", found, {key: account[key] for key in ("type", "restricted") if key in account})
    for code, purposes in document.get("reserve_debit_purposes", {}).items():
        ours = CHART.get(code)
        yield Case(f"purposes {code}", sorted(ours.purposes) if ours else None, sorted(purposes))
    yield from tried(document.get("scenarios"), lambda scenario: played(scenario, board), balances)
    yield from tried(
        document.get("invalid_entries"),
        lambda case: post(case, f"invalid:{case['id']}", board),
        lambda case: Fails(case["error"]),
    )


def balances(scenario: dict[str, Any]) -> Any:
    """Return what a scenario is to leave behind; a balance of nothing may be named or not."""
    if "error" in scenario:
        return Fails(scenario["error"])
    moved = {
        code: {currency: minor for currency, minor in sums.items() if minor} for code, sums in scenario["expect_balances"].items()
    }
    return {code: sums for code, sums in moved.items() if sums}


def post(entry: dict[str, Any], key: str, by: Principal) -> None:
    legs = []
    for code, side, minor, *currency in entry["lines"]:
        amount = Money(minor, currency[0] if currency else "EUR")
        legs.append(SIDES[side](code, amount, purpose=entry.get("purpose", "")))
    ledger.post(key=key, narration=entry["id"], postings=legs, by=by, at=AT)


def played(scenario: dict[str, Any], by: Principal) -> dict[str, dict[str, int]]:
    """Post a scenario and return what it changed: the books may hold other things already."""
    before = {(row.code, row.currency): row.minor for row in queries.balances()}
    for entry in scenario["entries"]:
        post(entry, f"{scenario['id']}:{entry['id']}", by)
    changed: dict[str, dict[str, int]] = {}
    for row in queries.balances():
        if moved := row.minor - before.get((row.code, row.currency), 0):
            changed.setdefault(row.code, {})[row.currency] = moved
    return changed

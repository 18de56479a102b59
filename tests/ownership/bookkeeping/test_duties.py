"""Taxes and contributions are paid over: by two, out of what is owed, and never more than that."""

import pytest

from tests.conftest import browser
from tests.money.payments.cards import euro
from tests.ownership.bookkeeping.test_bookkeeping import TODAY, bill, second
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.bookkeeping import queries, services
from toadlane.ownership.bookkeeping.models import Draft

__all__ = ["second"]
OVER = {"kind": "duty", "code": "2210", "tax_minor": 0, "text": "Social security, October", "reference": "RSZ 10"}


@pytest.fixture
def owed(inside, board, at):
    """Of wages, 300.00 of contributions and wage tax are owed."""
    legs = [Leg("6010", euro(30_000)), Leg("2210", euro(-30_000)), Leg("1000", euro(90_000)), Leg("4300", euro(-90_000))]
    ledger.post(key="wage", narration="x", postings=legs, by=board, at=at)


def test_what_is_owed_is_paid_over_by_two(owed, board, second, at):
    draft = bill(board, at, net_minor=30_000, **OVER)
    with pytest.raises(services.SecondPersonNeeded):
        services.approve(draft=draft, by=board, at=at)
    services.approve(draft=draft, by=second, at=at)
    assert [books.balance(code, "EUR").minor for code in ("2210", "1000")] == [0, 60_000]
    assert queries.duties("EUR")["2210"] == euro(0) and queries.drafts_are_booked().faults == []


@pytest.mark.parametrize(("minor", "goes"), [(29_999, True), (30_000, True), (30_001, False)])
def test_no_more_is_paid_over_than_is_owed(owed, board, second, at, minor, goes):
    if goes:
        assert services.approve(draft=bill(board, at, net_minor=minor, **OVER), by=second, at=at).state == "booked"
        return
    with pytest.raises(services.NotAnEntry) as refused:
        bill(board, at, net_minor=minor, **OVER)
    assert refused.value.field == "amount" and "300.00" in str(refused.value) and not Draft.objects.exists()


def test_entered_twice_it_is_paid_once(owed, board, second, at):
    first, again = (bill(board, at, net_minor=20_000, **OVER) for _ in range(2))
    services.approve(draft=first, by=second, at=at)
    with pytest.raises(services.NotAnEntry):
        services.approve(draft=again, by=second, at=at)
    assert books.balance("2210", "EUR") == euro(-10_000)


def test_only_accounts_of_the_kind_are_paid_over_and_a_bill_needs_a_debt(owed, board, at):
    for code in ("6010", "2110", "3100", "1000", "", "9999"):
        with pytest.raises(services.NotAnEntry):
            bill(board, at, net_minor=1, **{**OVER, "code": code})
    with pytest.raises(services.NotAnEntry):
        bill(board, at, kind="paid", code="", net_minor=1, tax_minor=0)


def test_the_page_says_what_is_owed_and_the_api_does_the_same(owed, bob, charlie):
    assert "Social security and wage tax to pay: €300.00" in browser(bob).get("/c/sparkle/figures/entries/").content.decode()
    given = {**OVER, "net_minor": 30_001, "on": str(TODAY)}
    for minor, status in ((30_001, 422), (30_000, 201)):
        said = browser(bob).post(
            "/api/v1/coops/sparkle/figures/entries/bills", {**given, "net_minor": minor}, content_type="application/json",
            headers={"Idempotency-Key": f"duty-{minor}"},
        )  # fmt: skip
        assert said.status_code == status, said.content
    refused = browser(charlie).post(
        "/api/v1/coops/sparkle/figures/entries/bills", given, content_type="application/json", headers={"Idempotency-Key": "c"}
    )
    assert refused.status_code in (403, 404)

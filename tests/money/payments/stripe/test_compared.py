"""Once a day Stripe is asked how much it holds, and where the books say otherwise somebody is told, and what may explain it."""

from datetime import timedelta

import pytest
from django.test import override_settings

from tests.conftest import browser
from tests.money.payments.stripe.connected import balance, euro
from tests.trade.orders import market
from toadlane.blueprints import installer
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Comparison, Payment
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(there, mugs):
    return there.pay(there.order(mugs, key="a"))


def asked(there):
    """The timer that ships with it has its turn."""
    timers.named("payments.compare").run(by=there.job, at=there.at)
    return queries.compared()


def alarms(there, at=None):
    return [(one.what, one.amount.minor) for one in queries.alarms(at or there.at) if one.kind == "balance"]


def test_where_both_say_the_same_nobody_is_told(there, paid):
    assert queries.compared() == []
    [row] = asked(there)
    assert (row.theirs_minor, row.ours_minor, row.under_way) == (there.theirs(), there.ours(), []) and row.theirs_minor > 0
    assert alarms(there) == [] and len(asked(there)) == 1 == Comparison.objects.count(), "asked twice at once, it is kept once"


@pytest.mark.parametrize("minor", [1, -1])
def test_a_cent_that_nothing_explains_rings_until_it_is_found(there, paid, minor):
    there.stripe.books.balances["", "eur"] += minor
    asked(there)
    [(what, difference)] = alarms(there)
    assert difference == minor and "nothing that is under way explains it" in what
    assert any(what in fault for fault in queries.moved_in_time().faults), "and the nightly check says so"
    with outside():
        street = browser(Person.objects.get(email="founder@market.test"))
        page = street.get("/c/market/payments/companies/").content.decode()
        assert "Nothing explains it" in page and ("€0.01" in page)
    there.stripe.books.balances["", "eur"] -= minor
    there.go_on(hours=1)
    with outside():
        assert street.post("/c/market/payments/companies/compare/").status_code == 302
        assert "Nothing explains it" not in street.get("/c/market/payments/companies/").content.decode()
        assert street.get("/api/v1/coops/market/payments/compared").json()[0]["difference"]["minor"] == 0
        assert street.post("/api/v1/coops/market/payments/compared", content_type="application/json").status_code == 200
    assert alarms(there) == []


@pytest.mark.parametrize(("minor", "explained"), [(-4_000, True), (-4_001, False), (1, False)])
def test_what_is_under_way_may_explain_it_and_no_more_than_that(there, paid, minor, explained):
    """A refund was asked for, and nobody knows whether it was made."""
    there.stripe.fault = lambda method, path: "lost" if path == "/v1/refunds" else ""
    payments.refund(payment=paid, amount=euro(4_000), key="r", by=there.job, at=there.at)
    there.stripe.books.balances["", "eur"] += minor
    payments.compare(by=there.job, at=there.at)
    [row] = queries.compared()
    assert row.under_way == [{"kind": "refunds", "count": 1, "minor": -4_000}]
    assert (row.difference.minor, row.is_explained) == (minor, explained)
    assert ("may explain it" in alarms(there)[0][0]) is explained


def test_before_it_is_compared_what_is_open_is_asked_about(there, paid):
    there.stripe.fault = lambda method, path: "answer_lost" if (method, path) == ("POST", "/v1/refunds") else ""
    payments.refund(payment=paid, amount=euro(4_000), key="r", by=there.job, at=there.at)
    there.stripe.fault = lambda method, path: ""
    there.at += timedelta(minutes=2)
    [row] = asked(there)
    assert (row.difference.minor, row.under_way, alarms(there)) == (0, [], [])


@pytest.mark.parametrize(("later", "rings"), [(timedelta(days=3), False), (timedelta(days=3, seconds=1), True)])
def test_a_company_that_cannot_be_asked_for_days_is_told_of(there, paid, later, rings):
    asked(there)
    there.stripe.fault = lambda method, path: "429" if path == "/v1/balance" else ""
    began = there.at
    there.at = began + later
    asked(there)
    assert Comparison.objects.count() == 1
    assert bool(alarms(there)) is rings and (not rings or alarms(there)[0][1] == balance("1100", "stripe"))


def test_an_account_that_co_ops_share_is_no_single_co_ops(there, paid, at):
    assert queries.comparable() == ["stripe"]
    with outside():
        other = installer.found(blueprint="marketplace", name="Second", slug="second", sandbox=True, at=at,
                                founder=Person.objects.create(email="s@second.test", name="Sara"), by=market.OPERATOR,
                                values={"pay.cards": "stripe"})  # fmt: skip
    with scope(other.pk):
        Payment.objects.create(id="0197c0de-0000-7000-8000-000000000000", token="t", key="k", subject="s", method="card",
                               provider="stripe", currency="EUR", amount_minor=1, begun_by="x", begun_at=at)  # fmt: skip
    with scope(there.coop.pk):
        assert queries.comparable() == [] and payments.compare(by=there.job, at=at) == 0
        own = {name: f"market={value}, second=sk_test_other" for name, value in there.stripe.settings().items()}
        with override_settings(TOADLANE_PROVIDERS={**own, "STRIPE_API": there.stripe.url}):
            assert queries.comparable() == ["stripe"]


def test_charlie_and_members_without_an_office_learn_nothing_of_it(wheels, charlie, there, paid, hana):
    asked(there)
    for person in (charlie, hana.person):
        with outside():
            for call in ("get", "post"):
                answer = getattr(browser(person), call)("/api/v1/coops/market/payments/compared")
                assert answer.status_code in (403, 404), (person, call)
            assert browser(person).post("/c/market/payments/companies/compare/").status_code in (403, 404)

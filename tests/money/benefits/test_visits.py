"""What orders bring a worker: what her client promised for each visit, and what the price put aside."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import OPERATOR, browser, run_jobs
from tests.money.benefits.conftest import of
from tests.money.payments.cards import card, euro
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, day, fresh, tick  # noqa: F401
from toadlane.blueprints import installer
from toadlane.kernel.money import Money
from toadlane.money.benefits import queries, services, tasks
from toadlane.money.benefits.models import Contribution
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.people.models import Person
from toadlane.trade.orders import queries as finding
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(at):
    """A market with wallets and a workshop at 50.00 an hour, of which 2 % are put aside for benefits."""
    coop = market.found(at, **{"benefits.wallets": True, "fees.benefits": "0.02"})
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        yield coop, maker, market.room(maker, "Workshop", 5000, at)


@pytest.fixture
def nuala(db):
    return Person.objects.create(email="nuala@ardmullen.test", name="Nuala")


@pytest.fixture
def wallet(room, at):
    return services.open_own(by=of(room[1].person), at=at)


@pytest.fixture
def visited(room, nuala, at, day):  # noqa: F811
    """Nuala books two hours for 100.00 net, and they are over and released."""

    def go(customer=nuala):
        coop, maker, listing = room
        by = of(customer)
        wish = orders.Wish(listing_id=listing.pk, starts=day, ends=day + timedelta(hours=2))
        quote = orders.quote(wish=wish, by=by, at=at)
        placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key=str(uuid4()), by=by, at=at, card=Card(number=GOOD))
        order = finding.find(placed.orders[0].pk)
        orders.act(order=order, transition="accept", by=of(maker.person), at=at)
        tick(coop, day + timedelta(days=30))
        tick(coop, day + timedelta(days=60))
        order = fresh(order)
        assert order.released_at
        return order

    return go


def begin(wallet, client, at):
    payment = services.begin_plan(wallet=wallet, rhythm="visit", amount=euro(500), key=str(uuid4()), by=of(client), at=at)
    payments.authorise(payment=payment, instrument=card(GOOD), by=of(client), at=at)
    run_jobs()
    return queries.plans_of(client.pk).get()


def test_a_promise_for_each_visit_is_charged_when_it_is_confirmed_and_once(room, wallet, nuala, visited, day, at):  # noqa: F811
    timer = Principal.job(room[0].pk)
    plan = begin(wallet, nuala, at)
    assert plan.next_on is None and queries.balance(wallet) == euro(500), "the first gift is on the day it begins"
    order = visited()
    for _twice in range(2):
        services.visit_done(
            payer_id=nuala.pk, worker_id=wallet.person_id, visit=order.subject, by=timer, at=day + timedelta(days=60)
        )
        tasks.charge(by=timer, at=day + timedelta(days=60))
        run_jobs()
    assert queries.balance(wallet) == euro(1_000)
    assert [one.note for one in Contribution.objects.filter(kind="visit")] == [order.subject]
    assert not queries.wallets_hold().faults


def test_who_promised_nothing_or_has_left_is_charged_nothing(wallet, nuala, visited, at):
    plan = begin(wallet, nuala, at)
    services.end_plan(plan=plan, by=of(nuala), at=at)
    visited()
    assert not Contribution.objects.filter(kind="visit").exists()


def test_what_orders_put_aside_comes_into_the_wallet_when_it_has_rested(room, wallet, visited):
    timer, order = Principal.job(room[0].pk), visited()
    whose = room[1].membership.holder
    assert books.balance("2120", "EUR", whose) == euro(-200)
    rested = order.released_at + timedelta(days=14)
    assert services.gather_from_orders(by=timer, at=rested - timedelta(seconds=1)) == 0
    assert services.gather_from_orders(by=timer, at=rested) == 1
    assert services.gather_from_orders(by=timer, at=rested) == 0
    assert queries.balance(wallet) == euro(200) and books.balance("2120", "EUR", whose).minor == 0
    # A refund after that takes nothing out of the wallet: whoever put it aside owes it.
    orders.refund(order=fresh(order), amount=Money(6_000, "EUR"), reason="", key="r", by=of(room[1].person), at=rested)
    orders.do_chores(order_ids=[order.pk], by=of(room[1].person), at=rested)
    assert books.balance("2120", "EUR", whose).minor == 0 and books.balance("1210", "EUR", whose) == euro(100)
    assert services.gather_from_orders(by=timer, at=rested + timedelta(days=30)) == 0
    assert queries.balance(wallet) == euro(200) and not queries.wallets_hold().faults


def quoted(room, customer, day):  # noqa: F811
    wish = {"listing": room[2].pk, "starts": day.isoformat(), "ends": (day + timedelta(hours=2)).isoformat()}
    answer = browser(customer).post("/api/v1/coops/market/orders/quotes", wish, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_what_was_promised_is_seen_before_paying_and_stays_out_of_the_price(room, wallet, nuala, visited, day, at):  # noqa: F811
    assert quoted(room, nuala, day)["beside"] == []
    begin(wallet, nuala, at)
    told = quoted(room, nuala, day)
    assert [(one["text"], one["amount"]["minor"], one["state"]) for one in told["beside"]] == [
        ("For the days off of Hana, as you promised", 500, "promised")
    ]
    assert told["total"]["minor"] == 12_000, "it is no part of the price"
    stranger = Person.objects.create(email="sean@ardmullen.test", name="Sean")
    assert quoted(room, stranger, day)["beside"] == [], "what one client promised is no affair of another"
    local = {name: f"{when:%Y-%m-%dT%H:%M}" for name, when in (("starts", day), ("ends", day + timedelta(hours=2)))}
    page = browser(nuala).get(f"/c/market/orders/request/{room[2].pk}/", local).content.decode()
    assert "For the days off of Hana" in page and "your card is charged after the visit" in page
    order = visited()
    services_done = browser(nuala).get(f"/api/v1/coops/market/orders/{order.pk}").json()
    assert [(one["amount"]["minor"], one["state"]) for one in services_done["beside"]] == [(500, "charged")]
    assert "from the card kept for it" in browser(nuala).get(f"/c/market/orders/{order.pk}/").content.decode()
    hers = browser(room[1].person).get(f"/api/v1/coops/market/orders/{order.pk}").json()
    assert hers["beside"] == [], "the other side reads it in her wallet"


@pytest.mark.parametrize("is_open", [True, False])
def test_where_the_coop_has_wallets_a_sum_for_each_visit_is_suggested_beside_its_price(at, is_open):
    bob = Person.objects.create(email="bob@clean.test", name="Bob")
    coop = installer.found(
        blueprint="home_services", name="Clean", slug="clean", founder=bob, by=OPERATOR, at=at, sandbox=True,
        values={"benefits.wallets": is_open, "benefits.suggested": 700},
    )  # fmt: skip
    with scope(coop.pk):
        card = bylaws.book().value("trade.rates")
        wish = {"size": card["sizes"][0]["id"], "level": card["levels"][0]["id"]}
        answer = Client().post("/api/v1/coops/clean/orders/quotes", wish, content_type="application/json")
        assert answer.status_code == 201, answer.content
        beside = [(one["amount"]["minor"], one["state"]) for one in answer.json()["beside"]]
        assert beside == ([(700, "suggested")] if is_open else [])
        page = Client().get("/c/clean/orders/book/", wish).content.decode()
        assert ("nothing is charged for it unless you promise it" in page) == is_open

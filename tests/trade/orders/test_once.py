"""One order and one charge, whoever presses how often: with real threads and real transactions."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from tests.conftest import run_jobs
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments.models import Payment
from toadlane.money.payments.services import Card, sign
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.trade.booking.models import Allocation
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Checkout, Order, Refund

pytestmark = pytest.mark.django_db(transaction=True)
LOST_ANSWER = "4000000000000119"


@pytest.fixture
def shop(at):
    coop = market.found(at)
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        yield coop, maker


@pytest.fixture
def anyone(shop):
    return Principal(coop_id=shop[0].pk, channel=Channel.API)


def at_once(coop_id: int, *deeds: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each in its own connection; return what each came to, errors too."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(n: int) -> None:
        try:
            with scope(coop_id):
                gate.wait()
                results[n] = deeds[n]()
        except Exception as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_threads_complete_the_same_checkout(shop, anyone, at):
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at, stock=3)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)

    def pay():
        return orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at, card=Card(number=GOOD))

    results = at_once(coop.pk, pay, pay, pay)
    assert {r.orders[0].pk for r in results} == {Order.objects.get().pk}, results
    assert Payment.objects.count() == 1 and Checkout.objects.count() == 1
    mug.refresh_from_db()
    assert mug.stock == 2
    assert Order.objects.get().state == "paid"


def test_the_same_price_is_ordered_once_under_two_keys(shop, anyone, at):
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)

    def pay(key):
        return lambda: orders.check_out(quote_ids=[quote.pk], contact=NUALA, key=key, by=anyone, at=at, card=Card(number=GOOD))

    results = at_once(coop.pk, pay("a"), pay("b"))
    assert Order.objects.count() == 1 and Payment.objects.count() == 1
    assert [type(r) for r in results].count(orders.QuoteUsed) == 1


def test_the_same_key_with_something_else_is_refused(shop, anyone, at):
    _coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at)
    first, second = (orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at) for _ in range(2))
    orders.check_out(quote_ids=[first.pk], contact=NUALA, key="k", by=anyone, at=at)
    with pytest.raises(orders.KeyReused):
        orders.check_out(quote_ids=[second.pk], contact=NUALA, key="k", by=anyone, at=at)
    assert Order.objects.count() == 1


def test_two_people_want_the_last_one(shop, anyone, at):
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at, stock=1)
    quotes = [orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at) for _ in range(2)]

    def pay(n):
        return lambda: orders.check_out(
            quote_ids=[quotes[n].pk], contact=NUALA, key=f"k{n}", by=anyone, at=at, card=Card(number=GOOD)
        )

    results = at_once(coop.pk, pay(0), pay(1))
    assert Order.objects.count() == 1, results
    mug.refresh_from_db()
    assert mug.stock == 0 and Payment.objects.filter(state="captured").count() == 1


def test_baskets_with_shared_things_in_opposite_order_do_not_deadlock(shop, anyone, at):
    coop, maker = shop
    things = [market.thing(maker, f"Mug {n}", 1000, at, stock=50) for n in range(3)]

    def pay(n, order):
        def deed():
            ids = [orders.quote(wish=orders.Wish(listing_id=t.pk), by=anyone, at=at).pk for t in order]
            return orders.check_out(quote_ids=ids, contact=NUALA, key=f"k{n}", by=anyone, at=at, card=Card(number=GOOD))

        return deed

    results = at_once(coop.pk, *(pay(n, things if n % 2 else things[::-1]) for n in range(4)))
    assert all(isinstance(r, orders.Placed) for r in results), results
    assert Order.objects.count() == 12


def test_two_requests_for_one_slot(shop, anyone, at, day):
    coop, maker = shop
    listing = market.room(maker, "Workshop", 1500, at)
    ends = day.replace(hour=day.hour + 2)
    quotes = [orders.quote(wish=orders.Wish(listing_id=listing.pk, starts=day, ends=ends), by=anyone, at=at) for _ in range(3)]

    def pay(n):
        return lambda: orders.check_out(
            quote_ids=[quotes[n].pk], contact=NUALA, key=f"k{n}", by=anyone, at=at, card=Card(number=GOOD)
        )

    results = at_once(coop.pk, pay(0), pay(1), pay(2))
    assert sum(isinstance(r, orders.Placed) for r in results) == 1, results
    assert Order.objects.count() == 1 and Allocation.objects.count() == 1
    assert all(r.code == "taken" for r in results if not isinstance(r, orders.Placed))


def test_pressing_refund_twice_gives_back_once(shop, anyone, at):
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at, card=Card(number=GOOD))
    order, system = queries.find(placed.orders[0].pk), Principal.job(coop.pk)

    def give_back():
        made = orders.refund(order=order, amount=Money(1000, "EUR"), reason="", key="r", by=system, at=at)
        orders.do_chores(order_ids=[order.pk], by=system, at=at)
        return made

    results = at_once(coop.pk, give_back, give_back)
    assert Refund.objects.count() == 1, results
    assert Payment.objects.get().refunded_minor == 1000 and Order.objects.get().refunded_minor == 1000


def test_an_answer_that_got_lost_blocks_a_second_try_and_settles_later(shop, anyone, at):
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at, card=Card(number=LOST_ANSWER))
    assert placed.payment.state == "unknown" and Order.objects.get().state == "unpaid"
    again = orders.try_again(checkout=placed.checkout, key="again", by=anyone, at=at)
    assert again.pk == placed.payment.pk and Payment.objects.count() == 1
    from toadlane.money.payments import services as payments

    payments.reconcile(payment=placed.payment, by=Principal.job(coop.pk), at=at)
    orders.settle(checkout=placed.checkout, by=anyone, at=at)
    assert Order.objects.get().state == "paid" and Order.objects.get().captured_minor == 2400


def test_a_declined_card_charges_nothing_and_another_one_may_be_tried(shop, anyone, at):
    _coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)
    declined = Card(number="4000000000000002")
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at, card=declined)
    assert placed.payment.state == "failed" and Order.objects.get().state == "unpaid"
    payment = orders.try_again(checkout=placed.checkout, key="second", by=anyone, at=at)
    from dataclasses import replace

    paid = orders.pay(placed=replace(placed, payment=payment), card=Card(number=GOOD), by=anyone, at=at)
    assert paid.is_paid and Order.objects.get().state == "paid"


def test_the_second_waits_for_the_first_that_is_parked_inside(shop, anyone, at):
    """Inside: all of the checkout is written and nothing committed. SQLite waits at the door, PostgreSQL at the row."""
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at, stock=3)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)
    parked, go, came_back = threading.Event(), threading.Event(), []

    def first():
        with transaction.atomic():
            placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at)
            parked.set()
            assert go.wait(20)
            came_back.append("first")
        return orders.pay(placed=placed, card=Card(number=GOOD), by=anyone, at=at)

    def second():
        assert parked.wait(20)
        threading.Timer(0.5, go.set).start()
        placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at, card=Card(number=GOOD))
        assert go.is_set(), "it came back before the first was done"
        came_back.append("second")
        return placed

    results = at_once(coop.pk, first, second)
    assert {r.orders[0].pk for r in results} == {Order.objects.get().pk}, results
    assert came_back == ["first", "second"]
    assert Payment.objects.count() == 1 and Payment.objects.get().captured_minor == 2400
    mug.refresh_from_db()
    assert mug.stock == 2 and Checkout.objects.count() == 1


# ------------------------------------------------------------------------------- the provider's notice and the browser
@pytest.fixture
def unanswered(shop, anyone, at):
    """A checkout that was paid, but the answer got lost: only a notice or a question tells."""
    _coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at, stock=3)
    quote = orders.quote(wish=orders.Wish(listing_id=mug.pk), by=anyone, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=anyone, at=at, card=Card(number=LOST_ANSWER))
    assert placed.payment.state == "unknown"
    return placed


def notify(placed: Any, at: Any) -> Any:
    """Send what the provider would, over the net."""
    told = {
        "id": "n1", "kind": "call.settled", "call_key": placed.payment.call_key, "result": "succeeded", "charge": "ch_1",
        "minor": placed.payment.amount_minor,
    }  # fmt: skip
    body, url = json.dumps(told).encode(), "/api/v1/coops/market/payments/notices"
    with outside():
        answer = Client().post(url, body, content_type="application/json", headers={"Toadlane-Signature": sign(body, at)})
    assert answer.status_code == 204, answer.content
    return answer


def come_back(placed: Any) -> list[int]:
    """Come back from the card page, as the customer's browser does; return the orders that it is shown."""
    with outside():
        answer = Client().get(f"/api/v1/coops/market/orders/checkouts/{placed.checkout.pk}")
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["orders"]]


def holds_one_order(placed: Any) -> None:
    run_jobs()
    order = Order.objects.get()
    assert (order.pk, order.state, order.captured_minor) == (placed.orders[0].pk, "paid", 2400)
    assert order.provider_id is not None, "it has a seller"
    assert Payment.objects.count() == 1 and Checkout.objects.count() == 1
    assert JournalEntry.objects.filter(key__startswith="payment:").count() == 1


def test_the_notice_comes_first_and_the_browser_second(unanswered, at):
    notify(unanswered, at)
    assert come_back(unanswered) == [unanswered.orders[0].pk]
    holds_one_order(unanswered)


def test_the_browser_comes_first_and_the_notice_second(unanswered, at):
    assert come_back(unanswered) == [unanswered.orders[0].pk]
    notify(unanswered, at)
    notify(unanswered, at)
    holds_one_order(unanswered)


def test_notice_and_browser_at_the_same_moment(unanswered, shop, at):
    deeds = [lambda: notify(unanswered, at), lambda: come_back(unanswered)] * 3
    results = at_once(shop[0].pk, *deeds)
    assert not [r for r in results if isinstance(r, Exception)], results
    assert [r for r in results if isinstance(r, list)] == [[unanswered.orders[0].pk]] * 3
    holds_one_order(unanswered)


# ----------------------------------------------------------------------------------- the same thing twice in one basket
@pytest.mark.parametrize(("quantities", "possible"), [((2, 1), True), ((2, 2), False), ((1, 1, 1, 1), False)])
def test_the_same_thing_twice_counts_as_a_sum(shop, anyone, at, quantities, possible):
    _coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at, stock=3)
    ids = [orders.quote(wish=orders.Wish(listing_id=mug.pk, quantity=n), by=anyone, at=at).pk for n in quantities]

    def pay():
        return orders.check_out(quote_ids=ids, contact=NUALA, key="k", by=anyone, at=at, card=Card(number=GOOD))

    if possible:
        assert pay().checkout.total.minor == 2400 * 3
    else:
        with pytest.raises(Expected):
            pay()
    mug.refresh_from_db()
    assert mug.stock == (0 if possible else 3)
    assert Order.objects.count() == (len(quantities) if possible else 0) and Payment.objects.count() == possible


def test_two_baskets_with_the_same_thing_twice_never_take_more_than_there_is(shop, anyone, at):
    coop, maker = shop
    mug = market.thing(maker, "Mug", 2000, at, stock=5)
    baskets = [
        [orders.quote(wish=orders.Wish(listing_id=mug.pk, quantity=n), by=anyone, at=at).pk for n in (1, 2)] for _ in range(3)
    ]

    def pay(n):
        return lambda: orders.check_out(
            quote_ids=baskets[n], contact=NUALA, key=f"k{n}", by=anyone, at=at, card=Card(number=GOOD)
        )

    results = at_once(coop.pk, *(pay(n) for n in range(3)))
    assert sum(isinstance(r, orders.Placed) for r in results) == 1, results
    assert all(isinstance(r, Expected | orders.Placed) for r in results), results
    mug.refresh_from_db()
    assert mug.stock == 2

"""Whoever is too late to pay is told so before a card is charged, and what comes by transfer all the same goes back."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, as_guest, fresh, tick
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.money.payments.models import Refund as Sent
from toadlane.money.payments.queries import errands
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members.queries import principal
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(at):
    coop = market.found(at)
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        yield coop, maker


def begun(shop, at, *names, method="card"):
    """Begin to buy some things, and pay nothing yet."""
    coop, maker = shop
    anyone = Principal(coop_id=coop.pk, channel=Channel.API)
    quotes = [
        orders.quote(wish=orders.Wish(listing_id=market.thing(maker, name, 2000, at).pk), by=anyone, at=at).pk for name in names
    ]
    return orders.check_out(quote_ids=quotes, contact=NUALA, key=names[0], by=anyone, at=at, method=method), anyone


@pytest.mark.parametrize(("minutes", "is_open"), [(14, True), (16, False)])
def test_a_card_is_not_charged_for_what_has_lapsed(shop, at, minutes, is_open):
    placed, anyone = begun(shop, at, "Mug", "Plate")
    later = at + timedelta(minutes=minutes)
    tick(shop[0], later)
    payment = Payment.objects.get()
    assert payment.state == ("created" if is_open else "voided")
    if is_open:
        assert orders.try_again(checkout=placed.checkout, key="x", by=anyone, at=later) == payment
        return
    with pytest.raises(orders.QuoteExpired):
        orders.try_again(checkout=placed.checkout, key="x", by=anyone, at=later)
    assert payments.authorise(payment=payment, instrument=Card(number=GOOD), by=anyone, at=later).state == "voided"
    assert books.balance("1100", "EUR").minor == 0


@pytest.mark.parametrize(("method", "state"), [("cash", "voided"), ("transfer", "created")])
def test_nobody_brings_cash_for_what_has_lapsed_but_a_transfer_may_be_on_its_way(shop, at, method, state):
    begun(shop, at, "Mug", method=method)
    tick(shop[0], at + timedelta(days=30))
    assert Payment.objects.get().state == state


def test_transfers_that_never_come_hide_none_that_does(shop, at, monkeypatch):
    monkeypatch.setattr(errands, "MOST", 2)
    coop, old = shop[0], [begun(shop, at, f"Mug {n}", method="transfer")[0].payment for n in range(3)]
    later = at + timedelta(days=40)
    new = begun(shop, later, "Plate", method="transfer")[0].payment
    found = errands.by_hand().payments
    assert found[0] == new and len(found) == 2
    by = Principal(coop_id=coop.pk, person_id=shop[1].person.pk, roles=frozenset({"treasurer"}), channel=Channel.WEB)
    Payment.objects.filter(pk=old[0].pk).update(doing="confirm", recorded_by=by.person_id)
    assert [one.pk for one in errands.by_hand().payments] == [old[0].pk, new.pk], "what a second person waits for comes first"


def test_what_is_left_of_a_basket_can_still_be_paid(shop, at):
    placed, anyone = begun(shop, at, "Mug", "Plate")
    one, other = placed.orders
    coop = Principal.job(shop[0].pk, "founder", "board")
    orders.act(order=fresh(one), transition="cancel", by=coop, at=at)
    assert Payment.objects.get().state == "created"
    paid = orders.pay(placed=placed, card=Card(number=GOOD), by=anyone, at=at)
    run_jobs()
    assert paid.is_paid and fresh(other).state == "paid" and fresh(one).state == "cancelled"
    assert books.balance("2100", "EUR").minor == -2400, "the part of what was called off went back"


def test_a_transfer_that_comes_too_late_is_booked_and_goes_back(shop, at):
    placed, _anyone = begun(shop, at, "Mug", method="transfer")
    later = at + timedelta(days=30)
    tick(shop[0], later)
    assert fresh(placed.orders[0]).state == "lapsed"
    payment = Payment.objects.get()
    assert payment.state == "created"
    payments.receive_by_bank(payment=payment, reference="line", by=Principal.job(shop[0].pk, "bank"), at=later)
    run_jobs()
    orders.do_chores(order_ids=[placed.orders[0].pk], by=Principal.job(shop[0].pk), at=later)
    assert Sent.objects.get().amount_minor == 2400 and fresh(placed.orders[0]).state == "lapsed"


@pytest.mark.parametrize("minor", [1_200, 2_400])
def test_what_goes_back_after_it_was_paid_out_is_not_taken_from_what_is_held_for_others(shop, at, minor):
    """Two orders: one is shared out and paid out, the other waits. What goes back of the first comes from the co-op's bank."""
    coop, maker = shop
    first, other = (begun(shop, at, name)[0] for name in ("Mug", "Plate"))
    anyone, job = Principal(coop_id=coop.pk, channel=Channel.API), Principal.job(coop.pk)
    for placed in (first, other):
        orders.pay(placed=placed, card=Card(number=GOOD), by=anyone, at=at)
    by = principal(person_id=maker.person.pk, channel=Channel.WEB)
    orders.act(order=fresh(first.orders[0]), transition="ship", by=by, at=at)
    orders.act(order=fresh(first.orders[0]), transition="receive", by=as_guest(first.orders[0]), at=at)
    late = at + timedelta(days=10)
    payments.pay_out(by=job, at=late)
    assert books.balance("2110", "EUR").minor == 0
    orders.refund(order=fresh(first.orders[0]), amount=Money(minor, "EUR"), reason="", key="r", by=by, at=late)
    orders.do_chores(order_ids=[first.orders[0].pk], by=job, at=late)
    held, there = -books.balance("2100", "EUR").minor, books.balance("1100", "EUR").minor
    assert (held, there) == (2_400, 2_400)
    assert books.checks()["ledger.held_funds"]().faults == [] and books.checks()["ledger.zero_sums"]().faults == []
    assert books.balance("1210", "EUR").minor > 0

"""A customer cancels while a member accepts: one of them does it. With real threads and real transactions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.trade.orders.conftest import GOOD, NUALA, as_guest, tick
from tests.trade.orders.test_once import at_once
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order, Refund
from toadlane.trade.orders.queries import processes

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_a_cancellation_and_an_acceptance_none_waits_for_ever(inside, slate, larkspur, wish, book, at):
    for turn in range(4):
        order = book(replace(wish, starts=wish.starts + timedelta(days=turn)), key=f"turn {turn}")
        offer = orders.offer(order=order, by=Principal.job(inside.pk), at=at)
        member = slate if offer.membership_id == slate.membership.pk else larkspur

        def cancel(order=order):
            return orders.act(order=queries.find(order.pk), transition="cancel", by=as_guest(order), at=at)

        def accept(offer=offer, member=member):
            return orders.take_on(offer=type(offer).objects.get(pk=offer.pk), by=member.by, at=at)

        results = at_once(inside.pk, cancel, accept, cancel, accept)
        assert all(isinstance(one, (Order, Expected)) for one in results), results
        order = queries.find(order.pk)
        assert order.state in ("accepted", "cancelled")
        if order.state == "cancelled":
            assert order.captured_minor == order.refunded_minor


def test_what_was_quoted_by_one_process_is_ordered_of_another(inside, slate, wish, guest, at):
    """Nothing was ordered here yet: what an order does stands in the co-op's own description alone."""
    quote = orders.quote(wish=wish, by=guest, at=at)
    processes._read.clear()
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=guest, at=at, card=Card(number=GOOD))
    assert placed.orders[0].state == "offered"


def test_a_quote_whose_process_is_gone_is_asked_for_again(inside, slate, wish, guest, at):
    quote = orders.quote(wish=wish, by=guest, at=at)
    processes._read.clear()
    inside.config["processes"]["visit"]["about"] = "Another one."
    inside.save()
    with pytest.raises(orders.QuoteOutdated):
        orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=guest, at=at, card=Card(number=GOOD))


def test_one_intent_gives_back_once_however_many_send_it(inside, slate, wish, book, at):
    order = book(wish)
    offer = orders.offer(order=order, by=Principal.job(inside.pk), at=at)
    orders.take_on(offer=offer, by=slate.by, at=at)
    tick(inside, at)

    def give_back():
        order = Order.objects.get()
        return orders.refund(order=order, amount=Money(100, "EUR"), reason="", key="r", by=Principal.job(inside.pk), at=at)

    results = at_once(inside.pk, *[give_back] * 6)
    assert {type(one) for one in results} == {Refund} and len({one.pk for one in results}) == 1, results
    assert Order.objects.get().refunded_minor == 100

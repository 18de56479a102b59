"""Clients, the worker and officers act at the same moment, with real threads and real transactions."""

import threading
from dataclasses import replace

import pytest

from tests.money.benefits.conftest import of
from tests.money.payments.cards import euro
from tests.money.payments.test_races import at_once
from toadlane.kernel.errors import Expected
from toadlane.money.benefits import queries, services
from toadlane.money.benefits.models import Contribution, Draw, Plan
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Channel

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 4


def test_a_double_click_on_giving_is_one_gift(rose, clients, at):
    deeds = {
        "once": lambda: services.give_once(wallet=rose, amount=euro(2_000), method="card", key="k", by=of(clients[0]), at=at),
        "plan": lambda: services.begin_plan(wallet=rose, rhythm="month", amount=euro(2_000), key="p", by=of(clients[0]), at=at),
    }
    for deed in deeds.values():
        results = at_once(*[deed] * CROWD)
        assert {getattr(one, "pk", one) for one in results} == {Payment.objects.latest("pk").pk}, results
    assert (Contribution.objects.count(), Plan.objects.count()) == (2, 1)


def test_what_is_taken_back_while_a_batch_is_put_together_is_not_paid(rose, clients, promise, dora, board, at, monkeypatch):
    for client in clients:
        promise(client, rose)
    draw = services.take(wallet=rose, what="insurance", way="cash", amount=euro(1_000), key="k", by=of(rose.person), at=at)
    looked, gone, real = threading.Event(), threading.Event(), queries.waits

    def slow():
        found = real()
        looked.set()
        gone.wait(1)
        return found

    monkeypatch.setattr("toadlane.money.benefits.queries.waits", slow)

    def withdraw():
        looked.wait(5)
        try:
            return services.withdraw(draw=Draw.objects.select_related("wallet").get(pk=draw.pk), by=of(rose.person), at=at)
        finally:
            gone.set()

    batch, said = at_once(lambda: services.prepare(by=board, at=at), withdraw)
    assert isinstance(said, Expected) or isinstance(batch, Expected), (batch, said)
    if not isinstance(batch, Exception):
        services.approve(batch=batch, by=dora, at=at)
    paid = Draw.objects.get().state == "paid"
    assert paid is isinstance(said, Expected) and queries.balance(rose) == euro(6_500 if paid else 7_500)
    assert books.balance("2125", "EUR") == -queries.balance(rose)


def test_no_more_is_taken_at_once_than_is_in_the_wallet(rose, clients, promise, at):
    promise(clients[0], rose, 1_500)

    def take(n):
        return lambda: services.take(
            wallet=rose, what="insurance", way="cash", amount=euro(1_000), key=f"k{n}", by=of(rose.person), at=at
        )

    results = at_once(*[take(n) for n in range(CROWD)])
    assert sum(not isinstance(one, Exception) for one in results) == 1
    assert sum(isinstance(one, services.NotEnough) for one in results) == CROWD - 1


def test_a_batch_is_not_approved_by_who_put_it_together_whatever_keys_they_use(rose, clients, promise, dora, board, at):
    promise(clients[0], rose, 1_500)
    services.take(wallet=rose, what="insurance", way="cash", amount=euro(1_000), key="k", by=of(rose.person), at=at)
    batch = services.prepare(by=board, at=at)
    keys = [replace(by, channel=channel) for by in (board, dora) for channel in (Channel.WEB, Channel.API)]
    alone = at_once(*[lambda by=by: services.approve(batch=batch, by=by, at=at) for by in keys[:2] * 2])
    assert {type(one) for one in alone} == {services.SecondPersonNeeded}, alone
    results = at_once(*[lambda by=by: services.approve(batch=batch, by=by, at=at) for by in keys])
    assert {one.approved_by_id for one in results if not isinstance(one, services.SecondPersonNeeded)} == {dora.person_id}
    assert queries.balance(rose) == euro(500) and books.balance("2125", "EUR").minor == -500

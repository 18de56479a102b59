"""An order that is done and paid, between a customer who is a person and a member co-op."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.conftest import run_jobs
from tests.trade.orders.conftest import at, book, day, fresh, guest, larkspur, slate, wish
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.work.models import Offer

__all__ = ["at", "book", "day", "guest", "larkspur", "slate", "wish"]


@pytest.fixture
def nuala(db: None) -> Person:
    return Person.objects.create(email="nuala@ardmullen.test", name="Nuala Brophy")


@pytest.fixture
def customer(inside, nuala) -> Principal:
    return members.principal(person_id=nuala.pk, channel=Channel.WEB)


@pytest.fixture
def done(slate, book, wish, customer, at, day) -> Order:
    """Nuala's visit, done by Slate and not yet confirmed."""
    order = book(wish, by=customer)
    run_jobs()
    offer = Offer.objects.get(job__subject=order.subject, state="offered")
    orders.accept(offer=offer, by=slate.by, at=at)
    orders.do_chores(order_ids=[order.pk], by=slate.by, at=at)
    orders.assign(order=fresh(order), worker=slate.worker, by=slate.by, at=at)
    orders.finish(order=fresh(order), by=slate.worker_by, at=day + timedelta(hours=4))
    return fresh(order)


@pytest.fixture
def confirm(customer) -> Callable[[Order, datetime], Order]:
    def deed(order: Order, at: datetime) -> Order:
        orders.advance(order=order, transition="confirm", by=customer, at=at)
        run_jobs()
        return fresh(order)

    return deed


@pytest.fixture
def system(inside) -> Principal:
    return Principal.job(inside.pk)

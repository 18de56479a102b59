"""Sparkle with two member co-ops, their workers and calendars, and a customer with a card."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import run_jobs
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.members import services as joining
from toadlane.society.members.models import Membership, Organisation, Worker
from toadlane.society.people.models import Person
from toadlane.trade.booking.models import Resource
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.work.models import Job

GOOD = "4242424242424242"


@dataclass
class Member:
    """A member co-op: its membership, who speaks for it, and who works there."""

    membership: Membership
    delegate: Person
    worker: Worker
    resource: Resource

    @property
    def by(self) -> Principal:
        return members.principal(person_id=self.delegate.pk, channel=Channel.WEB)

    @property
    def worker_by(self) -> Principal:
        return members.principal(person_id=self.worker.person_id, channel=Channel.WEB)


def join(coop: Coop, name: str, at: datetime) -> Member:
    act = Principal.job(coop.pk, "founder", "board")
    delegate = Person.objects.create(email=f"{name}@members.test", name=name.title())
    person = Person.objects.create(email=f"worker@{name}.test", name=f"Ana of {name.title()}")
    membership = joining.admit(organisation=Organisation.objects.create(name=name), member_class="co_op", by=act, at=at)
    joining.name_delegate(membership=membership, person=delegate, by=act, at=at)
    worker = joining.add_worker(membership=membership, name=person.name, person=person, by=act, at=at)
    resource = Resource.objects.create(
        membership=membership, name=name, time_zone="UTC", is_always_open=True, unit="hour", slot_minutes=30
    )
    return Member(membership, delegate, worker, resource)


@pytest.fixture
def at() -> datetime:
    """Now: what the worker does in these tests happens by the co-op's clock, which `tick` moves forward."""
    return clock.machine_time().replace(microsecond=0)


@pytest.fixture
def slate(inside: Coop, at: datetime) -> Member:
    return join(inside, "slate", at)


@pytest.fixture
def larkspur(inside: Coop, at: datetime) -> Member:
    return join(inside, "larkspur", at)


@pytest.fixture
def guest(inside: Coop) -> Principal:
    return Principal(coop_id=inside.pk, channel=Channel.API)


@pytest.fixture
def day(at: datetime) -> datetime:
    """Three days ahead, at nine."""
    return (at + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture
def wish(day: datetime) -> orders.Wish:
    return orders.Wish(size="two", level="top_to_bottom", addons={"oven": 1}, starts=day)


NUALA = orders.Contact(name="Nuala Brophy", email="nuala@ardmullen.test", address="9 Mill Lane")


@pytest.fixture
def book(guest: Principal, at: datetime) -> Callable[..., Order]:
    """Quote, check out and pay; return the order as it is then."""

    def order(wish: orders.Wish, *, number: str = GOOD, key: str = "k1", contact: Any = NUALA, by: Principal = guest) -> Order:
        quote = orders.quote(wish=wish, by=by, at=at)
        placed = orders.check_out(quote_ids=[quote.pk], contact=contact, key=key, by=by, at=at, card=Card(number=number))
        found = queries.find(placed.orders[0].pk)
        assert found is not None
        return found

    return order


def fresh(order: Order) -> Order:
    found = queries.find(order.pk)
    assert found is not None
    return found


def as_guest(order: Order) -> Principal:
    return Principal(coop_id=order.coop_id, channel=Channel.WEB, order_id=order.pk)


def job_of(order: Order) -> Job:
    return Job.objects.get(subject=order.subject)


def tick(coop: Coop, at: datetime) -> None:
    """Move the co-op's clock, let its timers ring, and run what follows."""
    Tenant.objects.filter(pk=coop.pk).update(ahead_by=max(at - clock.machine_time(), timedelta(0)))
    orders.ring(by=Principal.job(coop.pk), at=at)
    run_jobs()

"""Sparkle with a worker whom clients invite, five who pay for her days off, and two officers."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.money.funds.conftest import officer
from tests.money.payments.cards import GOOD, card, euro
from tests.money.payments.conftest import _fresh  # noqa: F401
from toadlane.money.benefits import queries, services, tasks
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.outbox.worker import drain
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person

PHONE = "+353861234567"


def of(person, coop=None):
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def dora(inside, at):
    return officer(inside, "dora", at)


@pytest.fixture
def emil(inside, at):
    return officer(inside, "emil", at, office="board")


@pytest.fixture
def clients(db):
    return [Person.objects.create(email=f"client{n}@homes.test", name=f"Client {n}") for n in range(5)]


@pytest.fixture
def timer(inside):
    return Principal.job(inside.pk)


def link_in(letter):
    return letter.text.split()[-1]


@pytest.fixture
def rose(inside, clients, at):
    """Rose was invited by phone number and said yes; her wallet."""
    services.invite_worker(phone=PHONE, language="en", by=of(clients[0]), at=at)
    token = link_in(Letter.objects.get(address=PHONE)).rstrip("/").split("/")[-1]
    nobody = members.principal(person_id=None, channel=Channel.WEB)
    return services.claim(token=token, name="Rose", phone=PHONE, language="es", by=nobody, at=at)


@pytest.fixture
def promise(inside, at):
    """Have a client promise something and pay it the first time by card."""

    def go(client, wallet, minor=1_500, *, rhythm="month", number=GOOD, when=at):
        payment = services.begin_plan(
            wallet=wallet, rhythm=rhythm, amount=euro(minor), key=str(uuid4()), by=of(client), at=when
        )  # fmt: skip
        payments.authorise(payment=payment, instrument=card(number), by=of(client), at=when)
        work_off(inside)
        return queries.plans_of(client.pk).filter(wallet=wallet, rhythm=rhythm).first()

    return go


def work_off(coop):
    """Let the worker run, which leaves every scope, and come back."""
    drain()


@pytest.fixture
def days(timer):
    """Let the timers ring for some days, once a day."""

    def go(start, count):
        for day in range(1, count + 1):
            tasks.charge(by=timer, at=start + timedelta(days=day))
            work_off(None)
        return start + timedelta(days=count)

    return go


@pytest.fixture
def fund(inside, at):
    """The solidarity fund holds 1,000.00."""
    ledger.post(
        key="fund", narration="A gift", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("1000", euro(100_000)), ledger.credit("2152", euro(100_000))],
    )  # fmt: skip


def credits(wallet):
    return queries.state(wallet).credits


def within(coop):
    return scope(coop.pk)

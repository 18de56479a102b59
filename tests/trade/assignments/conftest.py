"""A co-op of freelancers: Alice manages an activity, Bob is its board, Vera has applied and is no member, Tom is a treasurer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.conftest import OPERATOR, run_jobs  # noqa: F401
from toadlane.blueprints import installer
from toadlane.kernel.money import Money
from toadlane.money.invoicing import services as invoices
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.members import services as joining
from toadlane.society.people.models import Person
from toadlane.trade.assignments import queries, services

COOP = invoices.Said(name="Quill SC", street="1 Quay", city="Cork", country="IE", vat_number="IE6388047V")
CLIENT = services.Client(
    name="Gate Theater", email="office@gate.test", country="IE", street="2 Quay", city="Cork", postcode="T12", language="en"
)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


@dataclass
class House:
    coop: Coop
    alice: Person
    bob: Person
    tom: Person
    vera: Person

    def by(self, person: Person) -> Principal:
        return members.principal(person_id=person.pk, channel=Channel.WEB)

    @property
    def guest(self) -> Principal:
        return Principal(coop_id=self.coop.pk, channel=Channel.WEB)

    @property
    def job(self) -> Principal:
        return Principal.job(self.coop.pk)


def found(at, **values):
    bob = Person.objects.create(email="bob@quill.test", name="Bob")
    coop = installer.found(
        blueprint="freelancers", name="Quill", slug="quill", founder=bob, by=OPERATOR, at=at, sandbox=True, values=values
    )
    people = {name: Person.objects.create(email=f"{name}@quill.test", name=name.title()) for name in ("alice", "tom", "vera")}
    with scope(coop.pk):
        act = Principal.job(coop.pk, "founder", "board")
        for name in ("alice", "tom"):
            joining.admit(person=people[name], member_class="freelancer", by=act, at=at)
        joining.appoint(person=people["tom"], office="treasurer", decision="founding", by=act, at=at)
        vera = members.principal(person_id=people["vera"].pk, channel=Channel.WEB)
        joining.apply(person=people["vera"], member_class="freelancer", answers={"work": "I draw"}, by=vera, at=at)
        invoices.give(membership=None, said=COOP, by=act, at=at)
    return House(coop=coop, bob=bob, **people)


@pytest.fixture
def house(at, wheels):
    """There is always another co-op next door."""
    made = found(at)
    with scope(made.coop.pk):
        yield made


@pytest.fixture
def activity(house, at):
    return services.open_activity(name="Posters", by=house.by(house.alice), at=at)


def membership(person):
    return members.of_person(person.pk).get()


def quoted(house, activity, at, *, net=100_000, first=None, last=None, trade="any", client=CLIENT, by=None, **more):
    day = queries.today(at)
    return services.write_quote(
        activity=activity, title="Spring posters", trade=trade, first_day=first or day, last_day=last or day,
        lines=[services.Line("Ten posters", net)], client=client, by=by or house.by(house.alice), at=at, **more,
    )  # fmt: skip


def confirmed(house, activity, at, **more):
    order = services.send(assignment=quoted(house, activity, at, **more), by=house.by(house.alice), at=at)
    return services.confirm(assignment=order, name="Gabriel Gate", digest=queries.digest(order), by=house.guest, at=at)


def engaged(
    house, activity, at, *, order=None, amount=93_500, means="cost", days=1, part="1", trade="any", first=None, last=None
):
    day = queries.today(at)
    return services.engage(
        activity=activity, worker=membership(house.alice), trade=trade, first_day=first or day, last_day=last or day, days=days,
        amount=euro(amount), means=means, part=part, assignment=order, by=house.by(house.alice), at=at,
    )  # fmt: skip


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def later(at: datetime, days: int) -> datetime:
    return at + timedelta(days=days)


def on(code: str, holder: str | None = None) -> int:
    return books.balance(code, "EUR", holder).minor


def fresh(one):
    return type(one).objects.get(pk=one.pk)

from datetime import timedelta

import pytest

from tests.money.payments.cards import card
from toadlane.money.payments import services as payments
from toadlane.ownership.dues import services
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person


@pytest.fixture
def set_rules(inside, at):
    """Change rules of dues as a decision of the members would."""

    def change(*, when=at, **values):
        ops = [Op(f"dues.{name}", bylaws.book().rule(f"dues.{name}")["value"], value) for name, value in values.items()]
        number = bylaws.book().number
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(number, tuple(ops)), decision=f"2027-{number}", passed_by="special", by=act, at=when)

    return change


@pytest.fixture
def dues(set_rules):
    """Ten euro a month, due on the fifteenth, late after ten days."""
    set_rules(amount=1000, grace_days=10)


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def member(inside, board, at):
    """Make somebody a member, and return (membership, principal)."""

    def make(name, when=at):
        person = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        membership = admit(person=person, member_class="worker", by=board, at=when)
        return membership, members.principal(person_id=person.pk, channel=Channel.WEB)

    return make


@pytest.fixture
def treasurer(member, at):
    membership, by = member("Gus")
    Office.objects.create(person=membership.person, office="treasurer", since=at.date(), named_by="test")
    return membership, members.principal(person_id=by.person_id, channel=by.channel)


@pytest.fixture
def paid(job):
    """Pay dues by card, as somebody at the card page would."""

    def go(who, when, key="one", **more):
        membership, by = who
        placed = services.pay(membership=membership, method="card", key=f"{by.person_id}:{key}", by=by, at=when, **more)
        payments.authorise(payment=placed.payment, instrument=card(), by=by, at=when)
        return services.settle(remittance=placed.remittance, by=job, at=when + timedelta(seconds=1))

    return go

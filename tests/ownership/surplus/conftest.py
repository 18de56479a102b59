from datetime import date

import pytest

from tests.money.payments.cards import euro
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.surplus import services
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

YEAR = {"name": "2027", "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}


@pytest.fixture
def set_rules(inside, at):
    def change(values):
        ops = tuple(Op(rule, bylaws.book().rule(rule)["value"], value) for rule, value in values.items())
        number = bylaws.book().number
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(number, ops), decision=f"2027-{number}", passed_by="special", by=act, at=at)

    return change


@pytest.fixture
def member(inside, board, at):
    def make(name, member_class="worker", when=at):
        person = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        membership = admit(person=person, member_class=member_class, by=board, at=when)
        return membership, members.principal(person_id=person.pk, channel=Channel.WEB)

    return make


@pytest.fixture
def earn(board, at):
    """Let the co-op earn or spend something in a year."""

    def go(minor, when=at):
        legs = [Leg("1000", euro(minor)), Leg("4100" if minor > 0 else "6100", euro(-minor))]
        ledger.post(key=f"earned:{when}:{minor}", narration="x", postings=legs, by=board, at=when)

    return go


@pytest.fixture
def later(at):
    return at.replace(year=2028)


@pytest.fixture
def work_out(board, later):
    return lambda **more: services.work_out(**YEAR, by=board, at=later, **more)


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def second(member, later):
    membership, by = member("Tara")
    Office.objects.create(person=membership.person, office="treasurer", since=later.date(), named_by="test")
    return members.principal(person_id=by.person_id, channel=Channel.WEB)

from datetime import timedelta

import pytest

from tests.money.payments.cards import card
from toadlane.money.payments import services as payments
from toadlane.ownership.shares import services
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members import services as belonging
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

ORDINARY = {
    "id": "ordinary", "names": {"en": "Ordinary share"}, "price": 2500, "min": 1, "max": 100, "paid_at_once": "1/4",
    "withdrawable": True, "transferable": True,
}  # fmt: skip


@pytest.fixture
def set_rules(inside, at):
    """Change rules as a decision of the members would."""

    def change(**values):
        ops = []
        for name, value in values.items():
            rule = "shares." + name
            ops.append(Op(rule, bylaws.book().rule(rule)["value"], value))
        number = bylaws.book().number
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(number, tuple(ops)), decision=f"2027-{number}", passed_by="special", by=act, at=at)

    return change


@pytest.fixture
def shares(set_rules):
    set_rules(classes=[ORDINARY])


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def member(inside, board, at):
    """Make somebody a member, and return (membership, principal)."""

    def make(name):
        person = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        membership = admit(person=person, member_class="worker", by=board, at=at)
        return membership, members.principal(person_id=person.pk, channel=Channel.WEB)

    return make


@pytest.fixture
def take(shares, job, at):
    """Take shares and pay for them, as somebody at the card page would."""

    def go(who, count, key="one", when=at, **more):
        membership, by = who
        about = {"membership": membership, "share_class": "ordinary", "shares": count, "method": "card"}
        placed = services.subscribe(**about, key=f"{by.person_id}:{key}", **more, by=by, at=when)
        return pay(placed, by, when, job)

    return go


def pay(placed, by, at, job):
    payments.authorise(payment=placed.payment, instrument=card(), by=by, at=at)
    return services.settle(subscription=placed.subscription, by=job, at=at + timedelta(seconds=1))


@pytest.fixture
def make_officer(member, at):
    def make(name, office="treasurer"):
        membership, by = member(name)
        Office.objects.create(person=membership.person, office=office, since=at.date(), named_by="test")
        return members.principal(person_id=by.person_id, channel=by.channel)

    return make


@pytest.fixture
def retire(job, at):
    """Let somebody leave, as their notice has run out."""

    def go(who):
        membership, by = who
        belonging.give_notice(membership=membership, by=by, at=at)
        left = at + timedelta(days=31)
        belonging.complete_exit(membership=membership, by=job, at=left)
        membership.refresh_from_db()
        return services.ask_back_all(membership=membership, by=job, at=left)

    return go

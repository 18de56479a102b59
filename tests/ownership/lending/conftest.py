from decimal import Decimal

import pytest

from tests.money.payments.cards import euro
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as payments
from toadlane.money.payments.services import by_hand
from toadlane.ownership.lending import services
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

CEILING = 100_000  # 1,000 euro a member, at 5 % at most, for five years at most.


@pytest.fixture
def set_rules(inside, at):
    def change(**values):
        book = bylaws.book()
        number, named = book.number, {f"lending.{name}": value for name, value in values.items()}
        ops = tuple(Op(rule, book.rule(rule)["value"], value) for rule, value in named.items())
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(number, ops), decision=f"2027-{number}", passed_by="special", by=act, at=at)

    return change


@pytest.fixture
def lends(set_rules):
    set_rules(ceiling=CEILING, most_interest="0.05")


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def member(inside, board, at):
    def make(name):
        person = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        membership = admit(person=person, member_class="worker", by=board, at=at)
        return membership, members.principal(person_id=person.pk, channel=Channel.WEB)

    return make


@pytest.fixture
def second(member, at):
    membership, by = member("Tara")
    Office.objects.create(person=membership.person, office="treasurer", since=at.date(), named_by="test")
    return members.principal(person_id=by.person_id, channel=Channel.WEB)


@pytest.fixture
def offer(lends, at):
    def go(who, minor=50_000, interest="0.04", months=12, key="one", when=at):
        about = {"interest": Decimal(interest), "months": months, "key": f"{who[1].person_id}:{key}"}
        return services.offer(membership=who[0], minor=minor, **about, by=who[1], at=when)

    return go


@pytest.fixture
def lend(offer, board, job, at):
    """Let a loan be offered, agreed to, and its money come by transfer."""

    def go(who, when=at, **more):
        made = services.agree(loan=offer(who, when=when, **more), by=board, at=when)
        payment = services.bring(loan=made, method="transfer", by=who[1], at=when)
        by_hand.receive_by_bank(payment=payment, reference=f"b{made.pk}", by=Principal.job(job.coop_id, "bank"), at=when)
        return services.settle(loan=made, by=job, at=when)

    return go


@pytest.fixture
def send(board, second):
    """Let what waits for a loan be sent, as two people see it."""

    def go(loan, when, most=None):
        for one in list(payments.payouts().filter(subject=loan.subject, settled_at=None).order_by("code"))[:most]:
            by_hand.record_sent(errand=one, by=board, at=when)
            by_hand.confirm_sent(errand=one, by=second, at=when)

    return go


@pytest.fixture
def spend(board):
    """Let the co-op earn or spend so much."""

    def go(minor, when):
        legs = [Leg("1000", euro(-minor)), Leg("6600" if minor > 0 else "4900", euro(minor))]
        ledger.post(key=f"spent:{when}:{minor}", narration="x", postings=legs, by=board, at=when)

    return go

from datetime import timedelta

import pytest

from tests.money.bank.debiting import CREDITOR, DANA, GUS, OWN, Cast, charge
from toadlane.money.bank import services
from toadlane.plumbing.access.principals import Channel
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person


@pytest.fixture
def second(inside, board, at):
    person = Person.objects.create(email="gus@sparkle.test", name="Gus")
    admit(person=person, member_class="worker", by=board, at=at)
    Office.objects.create(person=person, office="treasurer", since=at.date(), named_by="test")
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def cast(inside, board, second, worker, at):
    """Everybody owes ten euro; Alice and Gus let the co-op debit them."""
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at - timedelta(days=900))
    services.identify(identifier=CREDITOR, by=board, at=at)
    found = []
    for by, name, iban in ((worker, "Alice", DANA), (second, "Gus & Söhne", GUS)):
        mine = members.of_person(by.person_id).get()
        found.append(services.sign(payer=mine, name=name, iban=iban, by=by, at=at))
    charge(inside.pk, 1_000, at)
    return Cast(board, second, found)

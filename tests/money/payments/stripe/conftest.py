"""A market that takes cards through the stand-in for Stripe, and Hana, who sells mugs there."""

import pytest
from django.test import override_settings

from tests.money.payments.stripe.connected import Market
from tests.standins.stripe import StripeStandIn
from tests.trade.orders import market
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person


@pytest.fixture
def at():
    return clock.machine_time().replace(microsecond=0)


@pytest.fixture
def there(db, at, request):
    """A market that has chosen Stripe: commission 10 %, no VAT on it."""
    with StripeStandIn() as stripe, override_settings(TOADLANE_PROVIDERS=stripe.settings()):
        values = {"pay.cards": "stripe", "trade.vat_rate": "0", "fees.commission_vat": "0", **getattr(request, "param", {})}
        coop = market.found(at, **values)
        with scope(coop.pk):
            yield Market(stripe, coop, at)


@pytest.fixture
def hana(there, at):
    return market.maker(there.coop, "hana", at)


@pytest.fixture
def mugs(there, hana, at):
    return market.thing(hana, "Mug", 10_000, at, stock=50)


@pytest.fixture
def office(there):
    """Two people of the board."""
    found = []
    for name in ("olga", "pawel"):
        person = Person.objects.create(email=f"{name}@market.test", name=name.title())
        act = Principal.job(there.coop.pk, "founder", "board")
        member = admit(person=person, member_class=market.installer.first_class_of_persons(market.installer_document()), by=act,
                       at=there.at)  # fmt: skip
        found.append((person, Principal(coop_id=there.coop.pk, channel=Channel.WEB, person_id=person.pk, membership_id=member.pk,
                                        roles=frozenset({"board", "member"}))))  # fmt: skip
    return found

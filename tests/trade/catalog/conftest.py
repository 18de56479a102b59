"""A marketplace with a maker and a mug."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person
from toadlane.trade.catalog import services
from toadlane.trade.catalog.models import Listing

MUG = {
    "title": "Stoneware mug",
    "text": "Thrown in one go.",
    "price_minor": 2800,
    "stock": 3,
    "values": {"material": "clay", "made_in_days": 5},
}


@pytest.fixture
def market(wheels: Coop, sparkle: Coop) -> Iterator[Coop]:
    with scope(wheels.pk):
        yield wheels


@pytest.fixture
def maker(market: Coop, charlie: Person) -> Principal:
    return members.principal(person_id=charlie.pk, channel=Channel.WEB)


@pytest.fixture
def mug(maker: Principal, at: datetime) -> Listing:
    return services.create(kind="goods", said=MUG, provider_id=maker.membership_id, by=maker, at=at)

"""A marketplace with a maker who sells mugs and lends a workshop by the hour."""

from dataclasses import dataclass
from datetime import datetime

from tests.conftest import OPERATOR
from toadlane.blueprints import installer
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.society.members import services as joining
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person
from toadlane.trade.booking.models import Resource
from toadlane.trade.catalog.models import Listing, State


@dataclass
class Maker:
    person: Person
    membership: Membership


def found(at: datetime, **values: object) -> Coop:
    founder = Person.objects.create(email="founder@market.test", name="Fatima")
    return installer.found(
        blueprint="marketplace", name="Market", slug="market", founder=founder, by=OPERATOR, at=at, sandbox=True,
        values={"fees.commission": "0.10", "trade.vat_rate": "0.20", **values},
    )  # fmt: skip


def maker(coop: Coop, name: str, at: datetime) -> Maker:
    person = Person.objects.create(email=f"{name}@market.test", name=name.title())
    with scope(coop.pk):
        act = Principal.job(coop.pk, "founder")
        member_class = installer.first_class_of_persons(installer_document())
        return Maker(person, joining.admit(person=person, member_class=member_class, by=act, at=at))


def installer_document() -> dict:
    from toadlane.society.bylaws import queries as bylaws

    return dict(bylaws.book().document)


def thing(of: Maker, title: str, minor: int, at: datetime, stock: int = 5) -> Listing:
    return Listing.objects.create(
        provider=of.membership, kind="goods", process="purchase", pricing="per_item", unit="item", title=title, currency="EUR",
        price_minor=minor, stock=stock, state=State.LIVE, created_at=at, changed_at=at, live_since=at,
    )  # fmt: skip


def room(of: Maker, title: str, minor: int, at: datetime, *, capacity: int = 1) -> Listing:
    """A workshop by the hour, open all day."""
    listing = Listing.objects.create(
        provider=of.membership, kind="time", process="booking", pricing="per_hour", unit="hour", title=title, currency="EUR",
        price_minor=minor, state=State.LIVE, created_at=at, changed_at=at, live_since=at,
    )  # fmt: skip
    Resource.objects.create(
        listing_id=listing.pk, name=title, time_zone="UTC", is_always_open=True, unit="hour", capacity=capacity, slot_minutes=60
    )
    return listing

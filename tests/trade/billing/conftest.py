"""A market with a workshop: VAT 20 %, commission 10 % with VAT 20 % on it, and an order that is done."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, as_guest, at, day, fresh, tick  # noqa: F401
from toadlane.money.invoicing import services as invoices
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members.queries import principal
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders

COOP = invoices.Said(name="Market eG", street="1 Quay", city="Cork", country="IE", vat_number="IE6388047V")
HANA = invoices.Said(
    name="Hana Weaver", street="2 Quay", city="Cork", country="IE", tax_number="123/45", vat_number="IE1234567FA", agrees=True
)


def of(maker):
    return principal(person_id=maker.person.pk, channel=Channel.WEB)


@pytest.fixture
def room(at, wheels):  # noqa: F811
    """There is always another co-op next door."""
    coop = market.found(at, **{"fees.commission_vat": "0.20", "fees.benefits": "0.02"})
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        yield coop, maker, market.room(maker, "Workshop", 5000, at)


@pytest.fixture
def said(room, at):  # noqa: F811
    """Both issuers have said what stands on their invoices."""
    coop, maker, _listing = room
    invoices.give(membership=None, said=COOP, by=Principal.job(coop.pk, "board"), at=at)
    invoices.give(membership=maker.membership, said=HANA, by=of(maker), at=at)
    run_jobs()


@pytest.fixture
def buy(room, at, day):  # noqa: F811
    """Book, pay, do the work, confirm: the money is shared out."""

    def bought(key="k", *, hours=2, tip=500, ahead=timedelta(0)):
        coop, maker, listing = room
        by = Principal(coop_id=coop.pk, channel=Channel.API)
        starts = day + ahead
        wish = orders.Wish(listing_id=listing.pk, starts=starts, ends=starts + timedelta(hours=hours), tip_minor=tip)
        quote = orders.quote(wish=wish, by=by, at=at)
        placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key=key, by=by, at=at, card=Card(number=GOOD))
        order = queries.find(placed.orders[0].pk)
        return orders.act(order=order, transition="accept", by=of(maker), at=at)

    return bought


@pytest.fixture
def done(room, buy, day):  # noqa: F811
    order = buy()
    coop, _maker, _listing = room
    for _ in range(4):
        tick(coop, day + timedelta(days=3))
    order = fresh(order)
    assert order.released_at is not None
    return order

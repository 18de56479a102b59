"""What can be asked a price for: times that somebody can plan for, members that there are, and every unit paid for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.trade.orders import market
from tests.trade.orders.conftest import fresh
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.society.members.models import Membership
from toadlane.trade.booking.models import Allocation
from toadlane.trade.catalog.queries import NotChosen
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


def test_work_takes_as_long_as_it_takes_whatever_end_is_asked_for(slate, guest, wish, day, at):
    asked = orders.quote(wish=replace(wish, ends=day + timedelta(minutes=1)), by=guest, at=at)
    assert (asked.starts_at, asked.ends_at) == (day, day + timedelta(hours=4, minutes=30))


@pytest.mark.parametrize(
    ("ahead", "error"),
    [
        (timedelta(0), orders.InThePast),
        (timedelta(days=731, seconds=1), orders.TooFarAhead),
        (timedelta(seconds=1), None),
        (timedelta(days=731), None),
    ],
)
def test_a_time_lies_ahead_and_within_two_years(slate, guest, wish, at, ahead, error):
    if error is None:
        assert orders.quote(wish=replace(wish, starts=at + ahead), by=guest, at=at).starts_at == at + ahead
        return
    with pytest.raises(error):
        orders.quote(wish=replace(wish, starts=at + ahead), by=guest, at=at)


def test_an_order_is_not_moved_out_of_sight_either(slate, book, wish, at):
    placed = book(wish)
    by = Principal(coop_id=placed.coop_id, channel=Channel.WEB, order_id=placed.pk)
    with pytest.raises(orders.TooFarAhead):
        orders.act(order=placed, transition="move", by=by, at=at, facts=orders.Facts(starts_at=at + timedelta(days=800)))
    assert fresh(placed).starts_at == placed.starts_at and Allocation.objects.count() == 1


def test_whom_one_would_like_to_come_is_a_member_of_this_co_op(slate, guest, wish, at, wheels):
    with scope(wheels.pk):
        stranger = Membership.objects.first().pk
    for chosen in (stranger, 999_999):
        with pytest.raises(NotChosen):
            orders.quote(wish=replace(wish, chosen=chosen), by=guest, at=at)
    assert orders.quote(wish=replace(wish, chosen=slate.membership.pk), by=guest, at=at).spec["chosen"] == slate.membership.pk


@pytest.fixture
def coop(db: None, at: datetime) -> Iterator[Coop]:
    made = market.found(at)
    with scope(made.pk):
        yield made


def test_whoever_takes_several_pays_for_each_and_takes_each(coop, at):
    hana = market.maker(coop, "hana", at)
    listing = market.room(hana, "Loom", 1500, at, capacity=3)
    starts = (at + timedelta(days=3)).replace(minute=0, second=0)
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    wish = orders.Wish(listing_id=listing.pk, starts=starts, ends=starts + timedelta(hours=2), quantity=2)
    quote = orders.quote(wish=wish, by=by, at=at)
    assert quote.net_minor == 2 * 2 * 1500
    contact = orders.Contact(name="Nuala", email="n@a.test")
    orders.check_out(quote_ids=[quote.pk], contact=contact, key="k", by=by, at=at)
    assert sorted(Allocation.objects.values_list("unit", flat=True)) == [0, 1]
    with pytest.raises(NotChosen):
        orders.quote(wish=replace(wish, quantity=0), by=by, at=at)


def test_a_booking_has_an_end_after_its_beginning_and_before_long(coop, at):
    listing = market.room(market.maker(coop, "hana", at), "Loom", 10**12, at, capacity=500)
    starts = (at + timedelta(days=3)).replace(minute=0, second=0)
    by, client = Principal(coop_id=coop.pk, channel=Channel.API), Client()
    wish = orders.Wish(listing_id=listing.pk, starts=starts, ends=starts + timedelta(days=366, seconds=1))
    with pytest.raises(orders.TooLong):
        orders.quote(wish=wish, by=by, at=at)
    with pytest.raises(orders.TooMuchAtOnce):
        orders.quote(wish=replace(wish, ends=starts + timedelta(days=366), quantity=500), by=by, at=at)
    for begin, end in ((starts, starts), (starts, starts - timedelta(hours=1)), (datetime(9999, 12, 31, 23, tzinfo=UTC), None)):
        body = {"listing": listing.pk, "starts": begin.isoformat(), "ends": (end or begin).isoformat()}
        answer = client.post("/api/v1/coops/market/orders/quotes", body, content_type="application/json")
        assert answer.status_code == 422, answer.content


def test_a_question_is_asked_over_the_api_and_answered_to_the_guest_alone(coop, at):
    listing = market.room(market.maker(coop, "hana", at), "Loom", 1500, at)
    body = {"listing": listing.pk, "text": "Is there a bench?", "contact": {"name": "Nuala", "email": "n@a.test"}}

    def ask(**headers):
        return Client().post("/api/v1/coops/market/orders/inquiries", body, content_type="application/json", headers=headers)

    made = ask(**{"Idempotency-Key": "q"})
    assert made.status_code == 201 and made.json()["total"]["minor"] == 0 and made.json()["token"]
    assert ask(**{"Idempotency-Key": "q"}).json()["id"] == made.json()["id"] != ask().json()["id"]
    address = f"/api/v1/coops/market/orders/{made.json()['id']}"
    assert Client().get(address).status_code == 404
    assert Client().get(address, headers={"Order-Token": made.json()["token"]}).json()["kind"] == "inquiry"
    body["listing"] = 999_999
    assert ask().status_code == 409

"""What can be asked a price for: times that somebody can plan for, members that there are, and every unit paid for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import browser
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, fresh
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person
from toadlane.trade.booking.models import Allocation, Resource
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


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 2), ("2027-10-31", 4), ("2027-11-07", 3)])
def test_a_night_in_which_the_clocks_change_is_booked_and_paid_as_long_as_it_is(coop, day, hours):
    """From one to four by the clock on the wall, said without an offset as pages and programs do."""
    before = datetime(2027, 3, 1, tzinfo=UTC)
    listing = market.room(market.maker(coop, "hana", before), "Loom", 1000, before)
    Resource.objects.filter(listing_id=listing.pk).update(time_zone="Europe/Zurich", before_minutes=30, after_minutes=30)
    with timezone.override(ZoneInfo("Europe/Zurich")):
        starts, ends = (timezone.make_aware(datetime.fromisoformat(f"{day}T0{hour}:00")) for hour in (1, 4))
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    asked = orders.quote(wish=orders.Wish(listing_id=listing.pk, starts=starts, ends=ends), by=by, at=before)
    assert asked.net_minor == hours * 1000 and asked.ends_at - asked.starts_at == timedelta(hours=hours)
    placed = orders.check_out(quote_ids=[asked.pk], contact=NUALA, key="k", by=by, at=before, card=Card(number=GOOD))
    taken = Allocation.objects.get()
    assert taken.ends_at - taken.starts_at == timedelta(hours=hours + 1) and placed.orders[0].ends_at == asked.ends_at


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


def test_a_guest_and_the_maker_talk_about_an_order_over_the_api(coop, at):
    hana, ivo = market.maker(coop, "hana", at), market.maker(coop, "ivo", at)
    mug, client = market.thing(hana, "Mug", 2000, at), Client()
    root = "/api/v1/coops/market/orders"
    quote = client.post(f"{root}/quotes", {"listing": mug.pk}, content_type="application/json").json()
    contact = {"name": "Nuala", "email": "nuala@ardmullen.test", "address": "9 Mill Lane"}
    body = {"quotes": [quote["id"]], "contact": contact, "card": {"number": GOOD}}
    placed = client.post(root, body, content_type="application/json", headers={"Idempotency-Key": "k"}).json()["orders"][0]
    messages, token = f"{root}/{placed['id']}/messages", {"Order-Token": placed["token"]}

    def say(who, text, **headers):
        return who.post(messages, {"text": text}, content_type="application/json", headers=headers)

    assert client.get(messages, headers=token).json()["items"] == []
    said = say(client, "Is it dishwasher safe?", **token)
    assert said.status_code == 201 and said.json()["mine"] and said.json()["side"] == "customer"
    assert say(browser(hana.person), "It is.").status_code == 201
    heard = client.get(messages, headers=token).json()["items"]
    assert [(one["text"], one["mine"]) for one in heard] == [("Is it dishwasher safe?", True), ("It is.", False)]
    for stranger, headers in ((Client(), {}), (Client(), {"Order-Token": "x"}), (browser(ivo.person), {})):
        assert stranger.get(messages, headers=headers).status_code == 404
        assert say(stranger, "Hello", **headers).status_code == 404
    assert say(client, "", **token).status_code == 422
    founder = browser(Person.objects.get(email="founder@market.test"))
    assert founder.get(messages).status_code == 200 and founder.get(messages).json()["items"] == []
    assert say(founder, "Hello").status_code == 403, "who looks after all orders is no side of this one"
    # Sent twice under one key it is said once, and nothing of the token is kept with it.
    for _time in range(2):
        again = say(client, "Thank you.", **token, **{"Idempotency-Key": "thanks"})
        assert again.status_code == 201
    assert len(client.get(messages, headers=token).json()["items"]) == 3

"""The story of a marketplace without code, over the API: a request that nobody answers, one that is accepted, and a cart."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.conftest import browser
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, at, tick  # noqa: F401
from toadlane.money.ledger import queries as books
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop
from toadlane.trade.booking.models import Allocation
from toadlane.trade.orders.models import Order

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/coops/market/orders"


@pytest.fixture
def coop(db: None, at: datetime) -> Iterator[Coop]:  # noqa: F811
    made = market.found(at)
    with scope(made.pk):
        yield made


def send(client: Client, address: str, body: dict, status: int = 200, **headers: str) -> dict:
    answer = client.post(f"{ROOT}{address}", body, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def ask_for(listing, starts: datetime, key: str) -> dict:
    client = Client()
    wish = {"listing": listing.pk, "starts": starts.isoformat(), "ends": (starts + timedelta(hours=2)).isoformat()}
    quote = send(client, "/quotes", wish, 201)
    body = {"quotes": [quote["id"]], "contact": {"name": "Nuala", "email": "n@a.test"}, "card": {"number": GOOD}}
    return send(client, "", body, 201, **{"Idempotency-Key": key})["orders"][0]


def test_a_request_nobody_answers_frees_the_slot_after_six_days(coop, at):  # noqa: F811
    hana = market.maker(coop, "hana", at)
    listing = market.room(hana, "Workshop", 1500, at)
    starts = (at + timedelta(days=20)).replace(minute=0, second=0)
    order = ask_for(listing, starts, "a")
    assert order["state"] == "requested" and Allocation.objects.count() == 1
    asked = Order.objects.get().placed_at
    tick(coop, asked + timedelta(days=6) - timedelta(seconds=1))
    assert Order.objects.get().state == "requested"
    tick(coop, asked + timedelta(days=6))
    done = Order.objects.get()
    assert (done.state, done.captured_minor) == ("lapsed", 0)
    assert not Allocation.objects.exists() and done.chores.get().done_at


def test_an_accepted_one_is_paid_out_exactly_two_days_after_its_end(coop, at):  # noqa: F811
    hana = market.maker(coop, "hana", at)
    listing = market.room(hana, "Workshop", 1500, at)
    starts = (at + timedelta(days=3)).replace(minute=0, second=0)
    order = ask_for(listing, starts, "a")
    assert order["total"]["minor"] == 3600
    assert send(browser(hana.person), f"/{order['id']}/accept", {})["state"] == "accepted"
    end = starts + timedelta(hours=2)
    tick(coop, end)
    assert Order.objects.get().state == "done"
    tick(coop, end + timedelta(days=2) - timedelta(seconds=1))
    assert Order.objects.get().state == "done"
    tick(coop, end + timedelta(days=2))
    assert Order.objects.get().state == "released"
    # O1's rates on 30.00: 3.00 commission, and the VAT of 6.00 is the provider's own.
    assert books.balance("2110", "EUR", holder=hana.membership.holder).minor == -3300
    assert books.balance("4100", "EUR").minor == -300 and books.balance("2100", "EUR").minor == 0


def test_two_makers_one_payment_and_a_refund_on_one_leaves_the_other_alone(coop, at):  # noqa: F811
    hana, ivo = market.maker(coop, "hana", at), market.maker(coop, "ivo", at)
    mug, knife = market.thing(hana, "Mug", 2000, at, stock=3), market.thing(ivo, "Knife", 5000, at)
    client = Client()
    cart = send(client, "/carts", {}, 201)["id"]
    for listing, quantity in ((mug, 1), (mug, 2), (knife, 1)):
        answer = client.put(
            f"{ROOT}/carts/{cart}/items", {"listing": listing.pk, "quantity": quantity}, content_type="application/json"
        )
        assert answer.status_code == 200
    body = {"contact": {"name": "Nuala", "email": "n@a.test", "address": "9 Mill Lane"}, "card": {"number": GOOD}}
    placed = send(client, f"/carts/{cart}/orders", body, 201, **{"Idempotency-Key": "once"})
    again = send(client, f"/carts/{cart}/orders", body, 201, **{"Idempotency-Key": "once"})
    assert [o["id"] for o in again["orders"]] == [o["id"] for o in placed["orders"]] and len(placed["orders"]) == 2
    first, second = (Order.objects.get(provider=m.membership) for m in (hana, ivo))
    assert (first.total_minor, second.total_minor) == (4800, 6000)
    assert placed["total"]["minor"] == 10800 == placed["payment"]["amount"]["minor"]
    assert {first.state, second.state} == {"paid"} and first.captured_minor == 4800
    mug.refresh_from_db()
    assert mug.stock == 1

    seller = browser(hana.person)
    refund = send(seller, f"/{first.pk}/refunds", {"amount_minor": 1200, "reason": "a chip"}, 201, **{"Idempotency-Key": "r"})
    assert refund["amount"]["minor"] == 1200 and sum(share["minor"] for share in refund["shares"]) == 1200
    assert send(seller, f"/{first.pk}/refunds", {"amount_minor": 1200, "reason": "a chip"}, 201, **{"Idempotency-Key": "r"})
    second.refresh_from_db()
    assert second.refunded_minor == 0 and books.balance("2100", "EUR").minor == -(10800 - 1200)
    assert send(browser(ivo.person), f"/{first.pk}/ship", {}, 404)
    for one, by in ((first, seller), (second, browser(ivo.person))):
        send(by, f"/{one.pk}/ship", {})
    tick(coop, at + timedelta(days=14, minutes=5))
    assert {o.state for o in Order.objects.all()} == {"released"}
    assert books.balance("2100", "EUR").minor == 0
    assert books.balance("2110", "EUR", holder=ivo.membership.holder).minor == -5500


def test_what_is_not_sent_in_a_fortnight_goes_back(coop, at):  # noqa: F811
    hana = market.maker(coop, "hana", at)
    mug = market.thing(hana, "Mug", 2000, at, stock=3)
    client = Client()
    quote = send(client, "/quotes", {"listing": mug.pk, "quantity": 3}, 201)
    body = {"quotes": [quote["id"]], "contact": {"name": "N", "email": "n@a.test"}, "card": {"number": GOOD}}
    send(client, "", body, 201)
    tick(coop, at + timedelta(days=14, minutes=5))
    order = Order.objects.get()
    assert (order.state, order.refunded_minor) == ("cancelled", order.total_minor)
    mug.refresh_from_db()
    assert mug.stock == 3 and books.balance("1100", "EUR").minor == 0

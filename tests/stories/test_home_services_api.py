"""The story of a home-cleaning co-op of co-ops, over the API: quote, recurring visit, offer, worker, receipt, split."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.trade.orders.conftest import GOOD, at, day, guest, larkspur, slate, tick  # noqa: F401
from toadlane.money.ledger import queries as books
from toadlane.society.coops.models import Coop
from toadlane.trade.orders.models import Order, Series

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/coops/sparkle/orders"


def send(client: Client, address: str, body: dict, status: int = 200, **headers: str) -> dict:
    answer = client.post(f"{ROOT}{address}", body, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_guest_books_a_recurring_visit_and_follows_the_money(inside: Coop, slate, larkspur, day: datetime):  # noqa: F811
    guest_client = Client()
    wish = {"size": "two", "level": "top_to_bottom", "addons": {"oven": 1}, "every_weeks": 2, "starts": day.isoformat()}
    quote = send(guest_client, "/quotes", wish, 201)
    # 81 + 32 + 16, and 3 % less for coming back every other week.
    assert quote["net"]["minor"] == 12513
    assert [share["amount"]["minor"] for share in quote["split"]] == [11887, 626]
    # Each share opens to its rule, at an address that is one.
    for share in quote["split"]:
        assert guest_client.get(share["url"].removeprefix(settings.TOADLANE_ORIGIN)).status_code == 200, share["url"]

    body = {"quotes": [quote["id"]], "contact": {"name": "Nuala", "email": "nuala@ardmullen.test", "address": "9 Mill Lane"},
            "card": {"number": GOOD}}  # fmt: skip
    checkout = send(guest_client, "", body, 201, **{"Idempotency-Key": "first"})
    again = send(guest_client, "", body, 201, **{"Idempotency-Key": "first"})
    assert checkout["payment"]["state"] == "authorised" and again["orders"][0]["id"] == checkout["orders"][0]["id"]
    assert Order.objects.count() == 1 and Series.objects.count() == 1
    order, token = checkout["orders"][0]["id"], {"Order-Token": checkout["orders"][0]["token"]}

    run_jobs()
    asked = slate if Order.objects.filter(pk=order).exists() and _is_offered(slate) else larkspur
    delegate, worker = browser(asked.delegate), browser(asked.worker.person)
    assert send(delegate, f"/{order}/accept", {})["state"] == "accepted"
    seen = send(delegate, f"/{order}/assign", {"worker": asked.worker.pk})
    assert seen["worker"] == asked.worker.name
    # Not before its day: what has begun could be neither moved nor cancelled.
    early = send(worker, f"/{order}/start", {}, 409)
    assert (early["code"], bool(early["title"]), bool(early["hint"])) == ("too_early", True, True)
    assert "start" not in worker.get(f"{ROOT}/{order}").json()["can"]
    tick(inside, day)
    assert "start" in worker.get(f"{ROOT}/{order}").json()["can"]
    assert send(worker, f"/{order}/start", {})["state"] == "started"
    assert send(worker, f"/{order}/finish", {})["state"] == "done"
    receipt = send(guest_client, f"/{order}/confirm", {}, **token)
    assert receipt["state"] == "released"
    assert [share["amount"]["minor"] for share in receipt["split"]] == [11887, 626]
    assert receipt["story"][0]["who"] == "Nuala"

    # 95/5 in the books too, and the platform owes the member, never the worker.
    assert books.balance("2110", "EUR", holder=asked.membership.holder).minor == -11887
    assert books.balance("4100", "EUR").minor == -626
    assert {holder.holder for holder in books.holders("2110", "EUR")} == {asked.membership.holder}


def _is_offered(member) -> bool:
    from toadlane.trade.work.models import Offer

    return Offer.objects.filter(membership=member.membership, state="offered").exists()


def test_the_next_visit_becomes_an_order_of_its_own_a_week_before(inside: Coop, slate, day: datetime):  # noqa: F811
    client = Client()
    quote = send(client, "/quotes", {"size": "one", "level": "once_over", "every_weeks": 1, "starts": day.isoformat()}, 201)
    contact = {"name": "Nuala", "email": "nuala@ardmullen.test"}
    body = {"quotes": [quote["id"]], "contact": contact, "card": {"number": GOOD}}
    first = send(client, "", body, 201, **{"Idempotency-Key": "k"})["orders"][0]
    from toadlane.plumbing.access.principals import Principal
    from toadlane.trade.orders import services as orders

    soon = day + timedelta(hours=1)
    tick(inside, soon)
    assert orders.place_due(by=Principal.job(inside.pk), at=soon) == 1
    second = Order.objects.exclude(pk=first["id"]).get()
    assert second.starts_at == day + timedelta(weeks=1) and second.series_id == Order.objects.get(pk=first["id"]).series_id
    assert second.state == "offered", "the card that was kept pays"
    assert orders.place_due(by=Principal.job(inside.pk), at=soon) == 0


def test_charlie_next_door_finds_nothing(inside: Coop, slate, charlie, day: datetime):  # noqa: F811
    client = Client()
    quote = send(client, "/quotes", {"size": "one", "level": "once_over", "starts": day.isoformat()}, 201)
    body = {"quotes": [quote["id"]], "contact": {"name": "Nuala", "email": "n@a.test"}, "card": {"number": GOOD}}
    order = send(client, "", body, 201)["orders"][0]["id"]
    for other in (browser(charlie), Client()):
        assert other.get(f"{ROOT}/{order}").status_code == 404
        assert other.post(f"{ROOT}/{order}/cancel", {}, content_type="application/json").status_code == 404
        assert other.get(f"/api/v1/coops/wheels/orders/{order}").status_code == 404


def test_a_guest_asks_when_a_visit_could_begin(inside: Coop, slate, day: datetime):  # noqa: F811
    client, asked = Client(), f"{ROOT}/times?size=two&level=once_over"
    times = client.get(f"{asked}&from={day.date()}").json()
    assert times and all(
        day.date() <= datetime.fromisoformat(one["starts"]).date() < day.date() + timedelta(days=7) for one in times
    )
    free = next(one for one in times if one["is_free"])
    quote = send(client, "/quotes", {"size": "two", "level": "once_over", "starts": free["starts"]}, 201)
    assert (quote["starts"], quote["ends"]) == (free["starts"], free["ends"])
    assert client.get(f"{asked}&from=9999-12-31").status_code == client.get(asked).status_code == 200
    assert client.get(f"{ROOT}/times?size=castle&level=once_over").json()["code"] == "not_chosen"

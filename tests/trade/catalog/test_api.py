"""Everything the pages can do, the API can; and strings nobody expects come back as they went in, or as a clear no."""

import json

import pytest
from django.test import Client

from tests import samples
from tests.conftest import browser, run_jobs
from tests.trade.catalog.conftest import MUG
from tests.trade.catalog.test_pages import photo
from toadlane.trade.catalog.models import Listing, ListingPicture

HOME = "/api/v1/coops/wheels/listings"
OWN = [
    *("<script>alert(1)</script>", "'; DROP TABLE listings; --", "{{ 7*7 }}", "{% load x %}", "\u202eright to left", "\ufdfa"),
    *("🦐" * 20, "\x00", "\ud800", "%s%n", "../../etc/passwd", "A" * 121, "zalgo\u0321\u0353\u031e", "\t \n", "NULL", "1e309"),
]


def naughty() -> list[str]:
    return OWN + (json.loads(samples.NAUGHTY.read_text()) if samples.NAUGHTY.exists() else [])


@pytest.fixture
def api(market, charlie):
    client = browser(charlie)

    def ask(method: str, path: str = "", body: object = None, **more):
        return client.generic(method, HOME + path, json.dumps(body), "application/json", **more)

    ask.client = client
    return ask


def test_from_draft_to_window_and_found(api, client: Client):
    made = api("POST", "", {"kind": "goods", **MUG, "latitude": "45.76912", "longitude": "4.83444"})
    assert made.status_code == 201 and made.json()["state"] == "draft" and made.json()["place"]["is_exact"]
    pk = made.json()["id"]
    hung = api.client.post(f"{HOME}/{pk}/pictures", {"file": photo(), "alt": "A mug"})
    assert hung.status_code == 201 and hung.json()["pictures"][0]["src"].startswith("http")
    assert api("POST", f"/{pk}/submit").json()["state"] == "live"
    run_jobs()
    found = client.get(HOME, {"text": "stoneware", "near": "45.77,4.83", "km": 5, "where": "goods.material=clay"})
    assert found.status_code == 200
    [item] = found.json()["items"]
    assert item["id"] == pk and item["why"] and not item["place"]["is_exact"]
    assert api("PATCH", f"/{pk}", {"price_minor": 3000}).json()["price"] == {"minor": 3000, "currency": "EUR", "text": "€30.00"}
    assert api("POST", f"/{pk}/pause").json()["state"] == "paused"
    assert client.get(f"{HOME}/{pk}").status_code == 404


def test_pictures_stand_in_the_order_that_is_said_and_no_other_than_its_own(api):
    pk = api("POST", "", {"kind": "goods", **MUG}).json()["id"]
    for width, alt in ((900, "A mug"), (800, "Its handle")):
        api.client.post(f"{HOME}/{pk}/pictures", {"file": photo(width), "alt": alt})
    first, second = ListingPicture.objects.filter(listing_id=pk).order_by("pk").values_list("picture_id", flat=True)
    turned = api("PUT", f"/{pk}/pictures", {"picture_ids": [second]})
    assert turned.status_code == 200 and [one["alt"] for one in turned.json()["pictures"]] == ["Its handle", "A mug"]
    refused = api("PUT", f"/{pk}/pictures", {"picture_ids": [first, second + 1]})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_its_picture")
    assert api("GET", f"/{pk}").json()["pictures"][0]["alt"] == "Its handle"


def test_faults_say_what_where_and_what_to_do(api):
    answer = api("POST", "", {"kind": "goods", "title": "Mug", "values": {"material": "moonlight"}})
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "incomplete" and answer.json()["errors"] == [
        {"field": "values.material", "detail": "Choose from the list."}
    ]


@pytest.mark.parametrize(
    "asked", [{"near": "x"}, {"box": "1,2,3"}, {"near": "95,0"}, {"starts": "2027-01-01T10:00:00", "ends": "2027-01-02T10:00:00"}]
)
def test_a_question_that_makes_no_sense_is_told_so(api, asked):
    assert api.client.get(HOME, asked).status_code == 422


@pytest.mark.parametrize("text", naughty(), ids=lambda text: ascii(text)[:30])
def test_any_string_comes_back_as_it_went_in_or_as_a_clear_no(api, text):
    made = api("POST", "", {"kind": "goods", "title": "Plain", "text": text, "values": {"pickup": text[:200]}})
    assert made.status_code in (201, 422), made.content
    if made.status_code == 201:
        assert Listing.objects.get().text == text.strip() == made.json()["text"]
        page = api.client.get(f"/c/wheels/listings/{made.json()['id']}/")
        assert page.status_code == 200 and "<script>alert" not in page.text
    said = {"title": text, "text": text, "language": "en", "price": "1", "stock": "1"}
    if "\ud800" not in text:
        assert api.client.post("/c/wheels/listings/new/goods/", said).status_code in (302, 422)
        assert api.client.get("/c/wheels/listings/", {"q": text}).status_code == 200
        assert api.client.get(HOME, {"text": text}).status_code in (200, 400, 422)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/mine", ""),
        ("GET", "/queue", ""),
        ("PUT", "/kinds", '{"kinds": []}'),
        ("POST", "", '{"kind": "goods", "title": "x"}'),
    ],
)
def test_a_stranger_is_not_let_in(market, client, alice, method, path, body):
    assert client.generic(method, HOME + path, "{}", "application/json").status_code in (401, 404)
    answer = browser(alice).generic(method, HOME + path, body, "application/json")
    # Somebody of another co-op may ask what is theirs here: nothing.
    assert answer.status_code == 404 or (path == "/mine" and answer.json()["items"] == [])
    assert not Listing.objects.exists()


def test_private_fields_are_for_those_they_are_for(api, client):
    values = {"material": "clay", "pickup": "Ring twice at the green door"}
    pk = api("POST", "", {"kind": "goods", **MUG, "values": values}).json()["id"]
    api("POST", f"/{pk}/submit")
    assert api("GET", f"/{pk}").json()["values"]["pickup"]
    assert "pickup" not in client.get(f"{HOME}/{pk}").json()["values"]
    assert "green door" not in client.get(f"/c/wheels/listings/{pk}/").text
    run_jobs()
    assert client.get(HOME, {"text": "green door"}).json()["items"] == []


def test_the_board_sets_kinds_and_old_answers_are_kept(api):
    pk = api("POST", "", {"kind": "goods", **MUG}).json()["id"]
    kinds = [{"id": "goods", "names": {"en": "Goods"}, "process": "purchase", "unit": "item", "stock": True}]
    assert api("PUT", "/kinds", {"kinds": kinds}).status_code == 200
    api("PATCH", f"/{pk}", {"values": {}})
    assert Listing.objects.get().values == MUG["values"]
    wrong = api("PUT", "/kinds", {"kinds": [{"id": "Bad id", "names": {"en": "x"}, "process": "purchase"}]})
    assert wrong.status_code == 422 and wrong.json()["field"] == "kinds.0.id"


def test_the_kinds_that_are_read_are_good_to_be_sent_back(sparkle, wheels, charlie):
    client, address = browser(charlie), "/api/v1/coops/wheels/listings/kinds"
    kinds = client.get(address).json()
    assert any(kind["counts_stock"] for kind in kinds)
    answer = client.put(address, {"kinds": kinds}, content_type="application/json")
    assert answer.status_code == 200 and answer.json() == client.get(address).json() == kinds
    wrong = client.put(address, {"kinds": [{**kinds[0], "stocks": True}]}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_a_kind")

"""What is sent is taken for what it is: no text passes for a document, nothing need be sent that says nothing."""

import json

import pytest
from django.test import Client

from tests.bodies import DOCUMENT
from tests.conftest import browser

pytestmark = pytest.mark.django_db
COOP = "/api/v1/coops/sparkle"


def post(client, address, sent, method="post"):
    body = sent if isinstance(sent, bytes) else json.dumps(sent)
    return getattr(client, method)(address, body, content_type="application/json")


def all_optional():
    """Yield (path, method) of every operation in whose document nothing has to stand."""
    for path, view in DOCUMENT["paths"].items():
        for method, operation in view.items():
            if "requestBody" in operation and not operation["requestBody"]["required"]:
                yield path, method


@pytest.mark.parametrize("sent", ["a text", 7, 1.5, True, [], ["title"]])
def test_nothing_but_a_document_passes_for_one(sparkle, bob, sent):
    asked = dict.fromkeys(all_optional())
    assert len(asked) > 20
    client = browser(bob)
    for path, method in asked:
        address = path.format(coop="sparkle", **dict.fromkeys(("pk", "number", "deed", "transition", "amendment", "token"), "1"),
                              payment_id="00000000-0000-7000-8000-000000000000")  # fmt: skip
        address = address.replace("carts/1", "carts/00000000-0000-7000-8000-000000000000")
        answer = post(client, address, sent, method)
        assert answer.status_code == 422 and answer.json()["code"] == "invalid", (path, answer.content)
        assert answer.json()["errors"][0]["field"] == "body", answer.json()


def test_what_stands_in_a_document_is_taken_for_what_it_is_as_well(sparkle):
    for card in ("4242", ["number"], 4242):
        answer = post(Client(), f"{COOP}/orders", {"quotes": [], "card": card})
        assert "card" in [one["field"] for one in answer.json()["errors"]], answer.content


def test_where_nothing_has_to_be_said_nothing_has_to_be_sent(sparkle, alice):
    mine = browser(alice).get(f"{COOP}/members/mine").json()[0]["id"]
    assert post(browser(alice), f"{COOP}/members/{mine}/leave", b"").status_code == 200
    answer = post(browser(alice), f"{COOP}/members/applications", b"")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")


def test_spaces_alone_say_nothing(sparkle, bob):
    address = f"{COOP}/proposals"
    sent = {"title": " \t ", "contents": [{"kind": "resolution", "payload": {"text": "x"}}]}
    answer = post(browser(bob), address, sent)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "title")
    assert post(browser(bob), address, sent | {"title": "A"}).status_code == 201

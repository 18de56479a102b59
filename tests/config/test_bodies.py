"""What is sent is taken for what it is: no text passes for a document, nothing need be sent that says nothing."""

import json

import pytest
from django.test import Client

from tests.bodies import DOCUMENT, smallest
from tests.conftest import browser
from toadlane.config.document import referred

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
        for named in ("carts", "checkouts"):
            address = address.replace(f"{named}/1", f"{named}/00000000-0000-7000-8000-000000000000")
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


def everything():
    """Yield (method, address, document) of every operation, with keys that lead nowhere and the least it may be sent."""
    for path, view in DOCUMENT["paths"].items():
        for method, operation in view.items():
            address = path.replace("{coop}", "sparkle")
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    value = str(smallest(parameter["schema"]))
                    address = address.replace(f"{{{parameter['name']}}}", value)
            yield method, address, operation.get("requestBody", {}).get("content", {})


def test_a_name_that_no_operation_knows_is_refused_wherever_it_is_sent(sparkle, bob):
    client, silent = browser(bob), []
    for method, address, content in everything():
        if "/payments/notices" in address:
            continue  # Whatever a payment provider sends is its own to word.
        asked, sent = f"{address}?in_address=1", {"in_body": "1"}
        if method == "get":
            answer = client.get(asked)
        elif "multipart/form-data" in content:
            answer = client.post(asked, sent)
        else:
            least = smallest(content["application/json"]["schema"]) if content else None
            answer = post(client, asked, (least or {}) | sent, method)
        told = [one["field"] for one in answer.json().get("errors", ()) if one["detail"].startswith("Nothing of this name")]
        if answer.status_code != 422 or "in_address" not in told or ("in_body" not in told and method != "get"):
            silent.append(f"{method} {address}: {answer.content[:200]}")
    assert not silent, "\n".join(silent)


def test_a_name_unknown_deep_inside_is_refused_where_it_stands(sparkle, bob):
    sent = {"title": "A", "contents": [{"kind": "resolution", "payload": {"text": "x"}, "pay_load": {}}]}
    answer = post(browser(bob), f"{COOP}/proposals", sent)
    assert [one["field"] for one in answer.json()["errors"]] == ["contents.0.pay_load"], answer.content


def test_a_stranger_is_refused_before_anything_is_said_of_names(sparkle, charlie):
    for client in (Client(), browser(charlie)):
        assert post(client, f"{COOP}/webhooks?x=1", {"url": "https://example.org/", "y": 1}).status_code in (401, 404, 422)
    assert post(Client(), f"{COOP}/webhooks?x=1", {"y": 1}).status_code == 401


def test_where_no_document_is_asked_for_an_empty_one_says_nothing_and_another_is_refused(sparkle, bob):
    client, bare = browser(bob), f"{COOP}/work/feed"
    for sent, status in ((b"", None), (b"{}", None), (b"null", None), (b"[]", 422), (b'"x"', 422), (b"{", 400)):
        answer = post(client, bare, sent)
        assert answer.status_code == status if status else answer.status_code < 300, (sent, answer.content)


def test_the_language_of_the_answer_may_be_asked_for_anywhere(sparkle):
    assert Client().get("/api/v1/coops?lang=es").headers["Content-Language"] == "es"


def test_the_document_says_that_nothing_else_may_be_sent():
    for view in DOCUMENT["paths"].values():
        for operation in view.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for name in referred(content) or {None}:
                    shape = DOCUMENT["components"]["schemas"][name] if name else content["schema"]
                    whole = shape.get("additionalProperties") is False or shape.get("title") == "Notice"
                    assert whole, operation["operationId"]

"""Whatever goes wrong over the API is told in one form: what is wrong, where, and what to do next."""

import inspect
import io
import json
import logging
import re
from time import process_time

import pytest
from django.test import Client, RequestFactory

from tests.conftest import browser
from toadlane.config import bodies
from toadlane.config.api import api
from toadlane.config.document import TIME, referred
from toadlane.config.problems import LARGEST, Visits

HOOKS = "/api/v1/coops/sparkle/webhooks"


def is_problem(response, status, code):
    told = json.loads(response.content)
    assert (response.status_code, told["status"], told["code"]) == (status, status, code), told
    assert response.headers["Content-Type"] == "application/problem+json" and told["title"]
    return told


def test_what_is_not_there(sparkle, bob):
    for path in ("/api/v1/nowhere", "/api/v1/coops/nowhere/webhooks", f"{HOOKS}/999999", f"{HOOKS}/99999999999999999999"):
        response = browser(bob).get(path)
        assert response.status_code in (404, 422), path
        is_problem(response, response.status_code, "not_found" if response.status_code == 404 else "invalid")


def test_what_cannot_be_done_there_says_what_can(sparkle):
    response = Client().put("/api/v1/coops", "{}", content_type="application/json")
    is_problem(response, 405, "method_not_allowed")
    assert "GET" in response.headers["Allow"]


def test_who_does_not_say_who_they_are(sparkle):
    told = is_problem(Client().get(HOOKS), 401, "sign_in")
    assert "token" in told["hint"]


@pytest.mark.parametrize("body", ["{", '{"url": }', "\xff", "null", "[]", '{"url": 3}', ""])
def test_what_cannot_be_read(sparkle, bob, body):
    response = browser(bob).post(HOOKS, body, content_type="application/json")
    assert response.status_code in (400, 422)
    told = is_problem(response, response.status_code, "bad_request" if response.status_code == 400 else "invalid")
    assert response.status_code == 400 or told["errors"][0]["detail"]


def test_what_no_text_can_hold(sparkle, bob):
    for text in ("a\x00b", "\ud800"):
        body = json.dumps({"url": "https://example.org/", "note": text})
        is_problem(browser(bob).post(HOOKS, body, content_type="application/json"), 422, "invalid")
    # Spelled with a backslash of its own it is but text.
    fine = json.dumps({"url": "https://example.org/", "note": "\\u0000 \U0001f438"})
    assert browser(bob).post(HOOKS, fine, content_type="application/json").status_code == 201
    is_problem(Client().get("/api/v1/coops?cursor=%00"), 400, "bad_request")
    assert Client().get("/c/sparkle/?q=%00").status_code == 200


DRAFTS, FOUND = "/api/v1/found/drafts", "/api/v1/found"
ODD = {
    "nan": b'{"values": {"fees.commission": NaN}}', "infinity": b'{"values": {"a": -Infinity}}',
    "beyond": b'{"values": {"a": 1e400}}', "long": b'{"values": {"a": ' + b"9" * 400 + b".0}}",
    "huge": b'{"values": {"a": ' + b"9" * 5000 + b"}}", "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"values": ' * 20_000 + b"1" + b"}" * 20_000, "broken": b'{"values": ', "bytes": b"\xff\xfe{}",
    "text": b'"NaN"', "bom": b"\xef\xbb\xbf{}", "nothing": b" ", "twice": b'{"name": 1, "name": []}',
}  # fmt: skip


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_odd_documents_are_told_what_is_wrong(sparkle, bob, body):
    client = browser(bob)
    for path in (FOUND, DRAFTS, HOOKS, "/api/v1/coops/sparkle/orders/quotes"):
        answer = client.post(path, body, content_type="application/json")
        told = json.loads(answer.content)
        assert answer.headers["Content-Type"] == "application/problem+json", (path, told)
        assert (answer.status_code, told["code"]) in {(400, "bad_request"), (422, "invalid"), (422, "not_chosen")}, (path, told)


def test_odd_headers_change_nothing(sparkle):
    for headers in (
        {"Accept": "text/html"}, {"Accept": "*/*;q=x"}, {"Range": "bytes=0-1"}, {"Range": "lines=x"}, {"If-Match": "*"},
        {"Accept-Language": "x" * 500}, {"Accept-Charset": "\x00"}, {"Content-Type": "multipart/form-data"},
    ):  # fmt: skip
        answer = Client().get("/api/v1/coops", headers=headers)
        assert answer.status_code == 200 and answer.json()["items"], headers
    for method in ("TRACE", "PROPFIND", "BREW"):
        is_problem(Client().generic(method, "/api/v1/coops"), 405, "method_not_allowed")
    is_problem(Client().post(HOOKS, {"a": "b"}), 401, "sign_in")


def test_what_is_not_json_or_too_large(sparkle, bob):
    is_problem(browser(bob).post(HOOKS, "<xml/>", content_type="text/xml"), 415, "unsupported_type")
    is_problem(browser(bob).post(HOOKS, '"' + "x" * LARGEST + '"', content_type="application/json"), 413, "too_large")


def test_a_wrong_value_says_where_and_what_to_do(sparkle, bob):
    told = is_problem(browser(bob).post(HOOKS, {"url": "intranet"}, content_type="application/json"), 422, "bad_address")
    assert told["field"] == "url"


def test_where_something_is_wrong_is_told_in_the_words_of_whoever_sent_it(sparkle):
    body = {"size": "two", "addons": {"oven": 51}, "tip_minor": -1}
    answer = Client().post("/api/v1/coops/sparkle/orders/quotes", body, content_type="application/json")
    assert {error["field"] for error in is_problem(answer, 422, "invalid")["errors"]} == {"addons.oven", "tip_minor"}
    answer = Client().get("/api/v1/coops/sparkle/ledger/seals?limit=x")
    assert [error["field"] for error in is_problem(answer, 422, "invalid")["errors"]] == ["limit"]


def test_headers_are_named_as_they_are_sent(sparkle):
    for path, _method, operation in (param.values for param in operations()):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "header":
                assert parameter["name"] in ("Idempotency-Key", "Order-Token", "Toadlane-Signature"), path


def test_what_breaks_leaves_its_traceback_where_the_operator_looks(sparkle, monkeypatch):
    def broken(*_args, **_more):
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("toadlane.money.ledger.queries.seals", broken)
    seen = io.StringIO()
    handler = logging.getLogger("django").handlers[0]
    before = handler.setStream(seen)
    try:
        answer = Client(raise_request_exception=False).get("/api/v1/coops/sparkle/ledger/seals")
        Client().get("/api/v1/coops/sparkle/ledger/nowhere")
    finally:
        handler.setStream(before)
    is_problem(answer, 500, "broken")
    assert "ZeroDivisionError: on purpose" in seen.getvalue() and "nowhere" not in seen.getvalue()


def test_a_nameless_visitor_is_slowed_down_and_a_named_one_is_not(settings):
    visits, ask = Visits(per_minute=2), RequestFactory()
    stranger = ask.post("/api/v1/x", REMOTE_ADDR="203.0.113.7")
    assert [visits.may_enter(stranger) for _ in range(3)] == [True, True, False]
    assert visits.may_enter(ask.post("/api/v1/x", REMOTE_ADDR="203.0.113.8"))
    assert visits.may_enter(ask.post("/api/v1/x", REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION="Bearer tl_x"))
    assert all(visits.may_enter(ask.post("/api/v1/x", REMOTE_ADDR="127.0.0.1")) for _ in range(5))
    # One visitor has a network of IPv6 addresses, and as many false tokens as they like.
    many = [ask.post("/api/v1/x", REMOTE_ADDR=f"2001:db8::{n}") for n in range(3)]
    assert [visits.may_enter(one) for one in many] == [True, True, False]
    false = ask.post("/api/v1/x", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer tl_x")
    for _ in range(2):
        assert visits.may_enter(false)
        visits.note_nameless(false)
    assert not visits.may_enter(false)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    forged = ask.post("/api/v1/x", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert not visits.may_enter(forged)


def operations():
    for path, view in api.get_openapi_schema()["paths"].items():
        for method, operation in view.items():
            yield pytest.param(path, method, operation, id=f"{method} {path}")


@pytest.mark.parametrize(("path", "method", "operation"), operations())
def test_an_operation_says_what_it_does_and_how_it_may_fail(path, method, operation):
    assert operation.get("description") or operation["summary"] != operation["operationId"].split("_", 1)[-1].title().replace(
        "_", " "
    )
    assert {"400", "404", "422"} <= {str(status) for status in operation["responses"]}
    for status, answer in operation["responses"].items():
        assert int(status) < 400 or list(answer["content"]) == ["application/problem+json"]


def test_no_two_operations_share_a_name():
    names = [operation["operationId"] for view in api.get_openapi_schema()["paths"].values() for operation in view.values()]
    assert len(names) == len(set(names))


def test_what_two_rooms_mean_by_one_name_stays_apart():
    """A quote of an order is one shape, that of an activity another; and every shape that is named is there."""
    document = api.get_openapi_schema()
    shapes = document["components"]["schemas"]
    bodies = {
        path: document["paths"][f"/api/v1/coops/{{coop}}/{path}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        for path in ("orders/quotes", "activities/{pk}/orders")
    }
    order, activity = (shapes[body["$ref"].rsplit("/", 1)[-1]]["properties"] for body in bodies.values())
    assert "addons" in order and "addons" not in activity and "lines" in activity
    assert referred(document) == set(shapes)


def test_the_document_is_where_scripts_look_for_it(db):
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1") and "/api/v1/coops/{coop}/webhooks" in document["paths"]


def test_an_operation_that_answers_with_a_file_says_of_which_kind():
    document, files = api.get_openapi_schema(), 0
    told = {one["operationId"]: one for view in document["paths"].values() for one in view.values()}
    for operation in bodies.operations(api):
        kinds = set(re.findall(r'(?:content_type=|answers_with\()"([^";]+)', inspect.getsource(operation.view_func)))
        name = operation.operation_id or api.get_openapi_operation_id(operation)
        content = next(answer.get("content", {}) for status, answer in told[name]["responses"].items() if int(status) < 300)
        assert set(content) == (kinds or set(content) & {"application/json"}), (name, kinds, content)
        files += bool(kinds)
    assert files > 15


def test_a_time_of_day_is_told_as_a_place_has_it():
    """What JSON Schema calls a `time` has an offset from Greenwich; opening hours have none."""
    document = api.get_openapi_schema()
    assert '"format": "time"' not in json.dumps(document)
    for is_one, text in (
        (True, "08:00"),
        (True, "08:00:00"),
        (True, "23:59:59.123456"),
        (False, "8:00"),
        (False, "24:00"),
        (False, "08:00Z"),
    ):
        assert bool(re.fullmatch(TIME, text)) is is_one, text


def test_what_goes_wrong_is_told_for_all_operations_and_by_none():
    """The root says what every operation may answer when something is wrong; what a room said beside it was told to nobody."""
    for operation in bodies.operations(api):
        assert all(int(status) < 400 for status in operation.response_models), operation.view_func


def test_who_forgot_their_token_is_asked_who_they_are(sparkle):
    careful = Client(enforce_csrf_checks=True)
    for sent in (careful.get(HOOKS), careful.post(HOOKS, {}, content_type="application/json"), careful.delete(f"{HOOKS}/1")):
        assert "Authorization" in is_problem(sent, 401, "sign_in")["hint"]


def test_a_file_of_some_megabytes_travels_in_a_document_where_files_are_taken(sparkle, bob):
    large, statements = {"xml": "<a>" + "x" * 2 * LARGEST + "</a>"}, HOOKS.replace("webhooks", "bank/statements")
    told = is_problem(browser(bob).post(statements, large, content_type="application/json"), 422, "not_a_statement")
    assert told["field"] == "file"
    for client, path in ((Client(), statements), (browser(bob), HOOKS)):
        is_problem(client.post(path, large, content_type="application/json"), 413, "too_large")
    is_problem(browser(bob).post(statements, {"xml": "x" * 13 * LARGEST}, content_type="application/json"), 413, "too_large")


def test_a_paper_is_told_as_a_paper_and_not_as_a_text_in_json():
    """A function that several operations share may make the file: what each of them says of itself is looked at here."""
    told = {
        f"{method} {path}"
        for path, view in api.get_openapi_schema()["paths"].items()
        for method, operation in view.items()
        for answer in operation["responses"].values()
        if answer.get("content", {}).get("application/json", {}).get("schema", {}).get("type") == "string"
    }
    assert told == {"get /api/v1/coops/{coop}/ballots/{number}/voters"}, "the list of voters is a text that is pasted elsewhere"


def test_digits_in_a_large_document_are_looked_through_once():
    from toadlane.config.problems import NO_NUMBER

    began = process_time()
    assert not NO_NUMBER.search((b"1" * 299 + b"a") * 40_000)
    assert process_time() - began < 3 and NO_NUMBER.search(b"a" + b"1" * 300)

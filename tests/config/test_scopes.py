"""A token does what it was made for and no more, and never more than its person may."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.bodies import DOCUMENT, smallest
from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.people import services


def operations(*methods):
    for path, view in DOCUMENT["paths"].items():
        for method, operation in view.items():
            if method in methods and "security" in operation:
                content = operation.get("requestBody", {}).get("content", {}).get("application/json")
                yield operation["operationId"], method, path, smallest(content["schema"]) if content else {}


def filled(path):
    return re.sub(r"\{\w+\}", "1", path.replace("{coop}", "sparkle"))


def ask(token, method, path, body):
    address = filled(path)
    headers = {"Authorization": f"Bearer {token}"}
    if method == "get":
        return Client().get(address, headers=headers)
    return getattr(Client(), method)(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def made(sparkle, bob):
    """Make a token, of somebody on the board where nobody else is named."""

    def make(*scopes, person=bob, **more):
        by = Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk)
        _token, secret = services.issue_token(person=person, name="x", scopes=scopes, by=by, at=datetime.now(UTC), **more)
        return secret

    return make


@pytest.mark.parametrize("scope", ["read", "money"])
def test_a_token_reads_what_its_person_may_and_no_more(made, bob, charlie, scope):
    for person in (bob, charlie):
        token, client = made(scope, person=person), browser(person)
        for name, method, path, body in operations("get"):
            by_session, by_token = client.get(filled(path)).status_code, ask(token, method, path, body).status_code
            assert by_token == by_session, (person.name, name)


def test_a_token_made_for_reading_changes_nothing(made):
    token = made("read")
    done = [name for name, *asked in operations("post", "put", "patch", "delete") if ask(token, *asked).status_code < 300]
    assert not done


def test_a_token_says_which_scope_it_lacks(made):
    answer = ask(made("read"), "post", "/api/v1/coops/{coop}/webhooks", {"url": "https://example.org/"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_lacking"), answer.content
    assert "write" in answer.json()["title"] and "/api/v1/me/tokens" in answer.json()["hint"]


@pytest.mark.parametrize(
    ("scope", "method", "path", "body"),
    [
        ("read", "patch", "/api/v1/me", {"name": "Bob"}),
        ("read", "delete", "/api/v1/me/sessions", {}),
        ("write", "post", "/api/v1/me/close", {"password": "x"}),
    ],
)
def test_what_a_token_lacks_for_oneself_is_said_as_well(made, scope, method, path, body):
    answer = ask(made(scope), method, path, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_lacking"), answer.content


def test_a_token_of_one_coop_opens_nothing_beside_it(made, bob, sparkle, wheels):
    token, everywhere = made("money", coop_id=sparkle.pk), made("money")
    beside = [asked for asked in operations("get", "post", "put", "patch", "delete") if "{coop}" not in asked[2]]
    assert len(beside) > 15
    for name, *asked in beside:
        answer = ask(token, *asked)
        assert (answer.status_code, answer.json()["code"]) == (403, "of_one_coop"), name
    assert ask(everywhere, "get", "/api/v1/me", {}).status_code == 200
    # What is open to everybody is open to it as well.
    assert (
        ask(token, "get", "/api/v1/coops", {}).status_code
        == ask(token, "get", "/api/v1/coops/{coop}/members/mine", {}).status_code
        == 200
    )


@pytest.mark.parametrize(("days", "status"), [(1, 201), (0, 201), (-1, 422)])
def test_a_token_makes_none_that_outlives_it(made, days, status):
    ends = datetime.now(UTC) + timedelta(days=30)
    asked = {"name": "y", "scopes": ["read"], "expires_at": (ends - timedelta(days=days)).isoformat()}
    answer = ask(made("money", expires_at=ends), "post", "/api/v1/me/tokens", asked)
    assert answer.status_code == status, answer.content
    if status == 422:
        assert answer.json()["code"] == "outlives_its_maker"
        assert (
            ask(made("money", expires_at=ends), "post", "/api/v1/me/tokens", {"name": "y", "scopes": ["read"]}).status_code == 422
        )

"""A token does what it was made for and no more, and never more than its person may."""

import re
from datetime import UTC, datetime

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

    def make(*scopes, person=bob):
        by = Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk)
        _token, secret = services.issue_token(person=person, name="x", scopes=scopes, by=by, at=datetime.now(UTC))
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

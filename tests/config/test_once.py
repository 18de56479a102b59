"""What is sent twice with the same key is done once: for every POST, whatever room it leads to."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from tests.conftest import browser
from toadlane.config.api import api
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.once import services as once
from toadlane.plumbing.once.models import Replay, ServerReplay
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.webhooks.models import Subscription
from toadlane.society.coops.models import Coop
from toadlane.society.people import services as people
from toadlane.society.people.models import ApiToken

HOOKS = "/api/v1/coops/sparkle/webhooks"
HOOK = {"url": "https://example.org/", "note": "x"}


def send(client, key, body=HOOK, path=HOOKS):
    return client.post(path, body, content_type="application/json", headers={"Idempotency-Key": key} if key else {})


def test_a_post_sent_again_is_done_once_and_answered_alike(inside, bob):
    client = browser(bob)
    first, again = send(client, "k"), send(client, "k")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert Subscription.objects.count() == 1
    assert send(client, "other").json() != first.json() and send(client, "").status_code == 201
    assert Subscription.objects.count() == 3


def test_the_same_key_for_something_else_is_refused(inside, bob):
    client = browser(bob)
    made = send(client, "k").json()
    for answer in (send(client, "k", {**HOOK, "note": "y"}), send(client, "k", {}, f"{HOOKS}/{made['id']}/secret")):
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "key_reused", "Idempotency-Key")
    assert send(client, "k" * 101).status_code == 422
    assert Subscription.objects.count() == 1


def test_what_was_refused_may_be_tried_anew_under_its_key(inside, bob):
    client = browser(bob)
    assert send(client, "k", {"url": "intranet"}).status_code == 422 and not Replay.objects.exists()
    assert send(client, "k").status_code == 201


def test_nobody_meets_anothers_answer(inside, bob, alice, wheels, charlie):
    assert send(browser(bob), "k").status_code == 201
    assert send(browser(alice), "k").status_code in (403, 404), "hers is asked for her"
    assert send(Client(), "k").status_code == 401
    assert send(browser(charlie), "k").status_code == 404
    assert send(browser(charlie), "k", path="/api/v1/coops/wheels/webhooks").status_code == 201
    with scope(wheels.pk):
        assert Subscription.objects.count() == 1


def test_what_is_kept_says_nothing_without_the_key(inside, bob):
    client = browser(bob)
    made = send(client, "only I know").json()
    renewed = send(client, "nor this", {}, f"{HOOKS}/{made['id']}/secret").json()
    assert made["secret"] and renewed["secret"] and made["secret"] != renewed["secret"]
    for row in Replay.objects.values():
        clear = json.dumps(row, default=str)
        assert made["secret"] not in clear and renewed["secret"] not in clear and HOOK["url"] not in clear
        assert "only I know" not in clear and "nor this" not in clear
    assert send(client, "only I know").json() == made, "whoever brings the key is answered as before"


def test_an_answer_that_cannot_be_opened_any_more_is_still_not_given_twice(inside, bob):
    client = browser(bob)
    assert send(client, "k").status_code == 201
    Replay.objects.update(body="gAAAAAB" + "A" * 60)
    again = send(client, "k")
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (409, "already_done", "Idempotency-Key")
    assert again.json()["hint"] and Subscription.objects.count() == 1


@pytest.mark.parametrize(("after", "taken"), [(timedelta(seconds=59), False), (timedelta(seconds=60), True)])
def test_what_a_dead_process_began_may_be_begun_again_after_a_minute(inside, board, at, after, taken):
    asked = {"key": "k", "intent": "i", "by": board}
    assert once.begin(**asked, at=at) is None
    if taken:
        assert once.begin(**asked, at=at + after) is None
    else:
        with pytest.raises(once.UnderWay):
            once.begin(**asked, at=at + after)
    once.keep(key="k", status=200, body="{}", by=board)
    assert once.begin(**asked, at=at).body == "{}"
    assert once.forget(by=Principal.job(inside.pk), at=at + once.KEPT) == 0
    assert once.forget(by=Principal.job(inside.pk), at=at + once.KEPT + timedelta(minutes=2)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_does_it(sparkle, bob):
    gate, client = Barrier(5), browser(bob)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def go(_n):
        mine = Client()
        mine.cookies.load(cookies)
        gate.wait()
        try:
            return send(mine, "k").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(go, range(5)))
    with scope(sparkle.pk):
        assert Subscription.objects.count() == 1 and set(found) <= {201, 409} and 201 in found


def found_one(client, key, **more):
    body = {"blueprint": "marketplace", "name": "Twine", "time_zone": "Europe/Dublin", "currency": "EUR", **more}
    return client.post("/api/v1/found", body, content_type="application/json", headers={"Idempotency-Key": key})


def test_a_coop_is_founded_once_for_each_key(db, alice, bob):
    client = browser(alice)
    first, again = found_one(client, "k"), found_one(client, "k")
    assert first.status_code == again.status_code == 201, first.content
    assert first.json() == again.json() and again.headers["Idempotency-Replayed"] == "true"
    assert Coop.objects.filter(name="Twine").count() == 1 and ServerReplay.objects.count() == 1
    assert found_one(client, "k", name="Cord").json()["code"] == "key_reused"
    assert found_one(browser(bob), "k").json()["code"] != "key_reused", "his is another key"
    assert found_one(Client(), "k").status_code == 401


def test_a_token_is_made_once_for_each_key(db, alice, at):
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=alice.pk)
    _token, secret = people.issue_token(person=alice, name="desk", scopes=["read", "write"], by=by, at=at)
    body, headers = {"name": "till", "scopes": ["read"]}, {"Idempotency-Key": "k", "Authorization": f"Bearer {secret}"}
    made = [Client().post("/api/v1/me/tokens", body, content_type="application/json", headers=headers) for _n in range(2)]
    assert made[0].json() == made[1].json() and made[0].json()["secret"], made[0].content
    assert ApiToken.objects.filter(name="till").count() == 1
    assert made[0].json()["secret"] not in json.dumps(list(ServerReplay.objects.values()), default=str)


def test_answers_of_the_server_are_forgotten_like_those_of_a_coop(db, at):
    by = Principal(coop_id=None, channel=Channel.JOB)
    assert once.begin(key="k", intent="i", by=by, at=at) is None
    once.keep(key="k", status=200, body="{}", by=by)
    assert once.forget(by=by, at=at + once.KEPT) == 0
    assert once.forget(by=by, at=at + once.KEPT + timedelta(seconds=1)) == 1


def test_every_post_says_that_it_takes_a_key():
    for path, operations in api.get_openapi_schema()["paths"].items():
        if "post" in operations:
            names = [one["name"] for one in operations["post"]["parameters"] if one["in"] == "header"]
            assert names.count("Idempotency-Key") == 1, path

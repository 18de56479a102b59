"""What is sent twice with the same key is done once: for every POST, whatever room it leads to."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from PIL import Image

from tests.conftest import browser
from toadlane.config import once as door
from toadlane.config.api import api
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.once import services as once
from toadlane.plumbing.once.models import Replay, ServerReplay
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.webhooks import services as webhooks
from toadlane.plumbing.webhooks.models import Subscription
from toadlane.society.coops.models import Coop
from toadlane.society.people import services as people
from toadlane.society.people.models import ApiToken

HOOKS, LOGO = "/api/v1/coops/sparkle/webhooks", "/api/v1/coops/sparkle/about/logo"
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
    once.keep(key="k", status=200, body="{}", by=board, at=at + after if taken else at)
    assert once.begin(**asked, at=at).body == "{}"
    assert once.forget(by=Principal.job(inside.pk), at=at + once.KEPT) == 0
    assert once.forget(by=Principal.job(inside.pk), at=at + once.KEPT + timedelta(minutes=2)) == 1


def asked(by, at, key="k"):
    request = RequestFactory().post(HOOKS, HOOK, content_type="application/json", headers={"Idempotency-Key": key})
    request.by, request.now, request.coop = by, at, None
    return request


def hook(by, at):
    return webhooks.subscribe(url=HOOK["url"], events=[], by=by, at=at)


def test_what_broke_after_the_deed_is_not_done_a_second_time(inside, board, at):
    def breaks(_request):
        hook(board, at)
        return HttpResponse(status=500)

    assert door.answer(asked(board, at), breaks).status_code == 500
    again = door.answer(asked(board, at), breaks)
    assert (again.status_code, json.loads(again.content)["code"]) == (409, "already_done") and json.loads(again.content)["hint"]
    assert Subscription.objects.count() == 1
    assert door.answer(asked(board, at, "new"), breaks).status_code == 500 and Subscription.objects.count() == 2


def test_what_broke_before_it_was_done_may_be_tried_anew_under_its_key(inside, board, at):
    def undone(_request):
        with suppress(LookupError), transaction.atomic():
            hook(board, at)
            raise LookupError
        return HttpResponse(status=500)

    assert door.answer(asked(board, at), undone).status_code == 500 and not Replay.objects.exists()

    def undone_and_done_after_all(request):
        undone(request)
        hook(board, at)
        return HttpResponse(status=500)

    assert door.answer(asked(board, at), undone_and_done_after_all).status_code == 500
    assert door.answer(asked(board, at), undone).status_code == 409, "the second try within it stands"


def test_what_a_process_did_before_it_died_is_not_done_again(inside, board, at):
    taken = {"key": "k", "by": board}
    assert once.begin(**taken, intent="i", at=at) is None
    with once.watching(**taken, at=at):
        hook(board, at)
    with pytest.raises(once.UnderWay):
        once.begin(**taken, intent="i", at=at + timedelta(seconds=59))
    with pytest.raises(once.AlreadyDone):
        once.begin(**taken, intent="i", at=at + timedelta(seconds=60))


def test_who_was_too_slow_and_lost_the_key_does_nothing(inside, board, at):
    taken, later = {"key": "k", "by": board}, at + timedelta(minutes=1)
    assert once.begin(**taken, intent="i", at=at) is once.begin(**taken, intent="i", at=later) is None
    with pytest.raises(once.UnderWay), once.watching(**taken, at=at):
        hook(board, at)
    once.drop(**taken, at=at)
    assert not Subscription.objects.exists() and Replay.objects.exists(), "nor does it take the key from who has it"
    with once.watching(**taken, at=later):
        hook(board, at)
    assert Subscription.objects.count() == 1


def test_a_file_is_sent_once_for_each_key(inside, bob):
    client = browser(bob)

    def put_up(color):
        Image.new("RGB", (40, 40), color).save(drawn := BytesIO(), "PNG")
        file = SimpleUploadedFile("logo.png", drawn.getvalue(), content_type="image/png")
        return client.post(LOGO, {"file": file}, headers={"Idempotency-Key": "k"})

    first, again = put_up("red"), put_up("red")
    assert first.status_code == again.status_code < 300 and first.json() == again.json(), first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    other = put_up("blue")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


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
    once.keep(key="k", status=200, body="{}", by=by, at=at)
    assert once.forget(by=by, at=at + once.KEPT) == 0
    assert once.forget(by=by, at=at + once.KEPT + timedelta(seconds=1)) == 1


def test_every_post_says_that_it_takes_a_key():
    for path, operations in api.get_openapi_schema()["paths"].items():
        if "post" in operations:
            names = [one["name"] for one in operations["post"]["parameters"] if one["in"] == "header"]
            assert names.count("Idempotency-Key") == 1, path

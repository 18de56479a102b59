"""A real little server next door receives what is sent."""

import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import browser, run_jobs
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.outbox import events, jobs, registry
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.webhooks import post, services
from toadlane.plumbing.webhooks.models import Delivery, Subscription


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(registry.Event):
    kettle: int


KettleBoiled.__module__ = "toadlane.kitchen.events"


@pytest.fixture
def receiver():
    """Answer 200 (or whatever `status` says) and remember what came."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            self.send_response(server.status)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.got = 200, got
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def kettle(monkeypatch, sandbox):
    monkeypatch.setattr(registry, "_types", registry._types | {"kitchen.KettleBoiled": KettleBoiled})


@pytest.fixture
def sandbox(settings):
    settings.TOADLANE_SANDBOX = True


@pytest.fixture
def subscribed(inside, board, at, receiver, kettle):
    return services.subscribe(url=receiver.url, events=["kitchen.KettleBoiled"], by=board, at=at)


def boil(number=1):
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=number))
    run_jobs()


def test_what_is_sent_is_signed_and_says_what_happened(subscribed, receiver):
    _, secret = subscribed
    boil()
    [(headers, body)] = receiver.got
    seconds, digest = (part.split("=")[1] for part in headers["Toadlane-Signature"].split(","))
    assert hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest() == digest
    told = json.loads(body)
    assert (told["event"], told["data"]) == ("kitchen.KettleBoiled", {"kettle": 1})
    sent = Delivery.objects.get()
    assert (sent.state, sent.answer, sent.attempts) == ("delivered", 200, 1) and str(sent.event_id) == told["id"]


def test_the_check_that_the_guide_shows_holds(subscribed, receiver):
    """It is taken from the guide word for word."""
    _, secret = subscribed
    boil()
    [(headers, body)] = receiver.got
    guide = (Path(__file__).parents[2] / "docs" / "developers.md").read_text()
    shown: dict[str, Any] = {}
    exec(guide.split("### Webhooks", 1)[1].split("```python\n", 1)[1].split("```", 1)[0], shown)
    is_genuine, header = shown["is_genuine"], headers["Toadlane-Signature"]
    assert is_genuine(secret, header, body)
    assert not is_genuine(secret, header, body + b" ") and not is_genuine("another", header, body)
    old = int(time.time()) - 301
    digest = hmac.new(secret.encode(), f"{old}.".encode() + body, hashlib.sha256).hexdigest()
    assert not is_genuine(secret, f"t={old},v1={digest}", body)
    for strange in ("", "v1", "t=x,v1=é", header.replace("t=", "t=1")):
        assert not is_genuine(secret, strange, body)


def test_an_event_nobody_chose_is_not_sent(subscribed, receiver, board):
    subscription, _ = subscribed
    services.change(subscription=subscription, by=board, is_on=False)
    boil()
    assert receiver.got == []


def test_the_event_told_twice_is_sent_once(subscribed, receiver):
    boil()
    DBTaskResult.objects.filter(task_path__endswith="deliver").update(status=TaskResultStatus.READY)
    run_jobs()
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_is_not_accepted_is_tried_again_and_given_up_in_the_open_and_replayed(subscribed, receiver, board, status):
    receiver.status = status
    boil()
    for _ in range(jobs.ATTEMPTS - 1):
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=clock.machine_time())
        run_jobs()
    sent = Delivery.objects.get()
    assert (sent.state, sent.answer, len(receiver.got)) == ("failed", status, jobs.ATTEMPTS)

    receiver.status = 200
    services.replay(sent=sent, by=board)
    run_jobs()
    sent.refresh_from_db()
    assert sent.state == "delivered"
    ids = {json.loads(body)["id"] for _, body in receiver.got}
    assert ids == {str(sent.event_id)}


def test_a_new_secret_makes_the_old_one_worthless(subscribed, receiver, board):
    subscription, old = subscribed
    assert services.renew_secret(subscription=subscription, by=board) != old


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "https://10.0.0.1/", "https://[::1", "https://a.example:99999/", "https://[64:ff9b::7f00:1]/",
     "https://[::1]/", "https://localhost/", "https://169.254.169.254/latest/meta-data",
     "http://example.org/", "ftp://example.org/", "https://user:pw@example.org/", "javascript:alert(1)", "https://intranet/", ""],
)  # fmt: skip
def test_no_address_inside_our_network_is_taken(inside, board, at, url):
    with pytest.raises(services.BadAddress):
        services.subscribe(url=url, events=[], by=board, at=at)


@pytest.mark.parametrize(("origin", "is_taken"), [("localhost", True), ("127.0.0.1", True), ("demo.example.org", False)])
def test_a_sandbox_reaches_inside_on_its_owners_machine_alone(settings, origin, is_taken):
    settings.TOADLANE_SANDBOX, settings.TOADLANE_HOST = True, origin
    for url in ("http://127.0.0.1:9/", "http://169.254.169.254/latest/meta-data", "http://localhost:9/", "http://10.0.0.1/"):
        assert bool(post.address_fault(url)) is not is_taken, url
    assert not post.address_fault("http://example.org/hook"), "unencrypted is good enough for a sandbox"
    with pytest.raises(post.Unreachable, match="refused" if is_taken else "public"):
        post.send("http://localhost:9/", b"{}", {})


def test_a_name_that_leads_inside_is_not_followed(monkeypatch):
    monkeypatch.setattr(post.socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("10.1.2.3", 443))])
    with pytest.raises(post.Unreachable, match="public"):
        post.send("https://harmless.example/", b"{}", {})


def test_only_the_board_says_who_hears(inside, worker, at):
    with pytest.raises(Refused):
        services.subscribe(url="https://example.org/", events=[], by=worker, at=at)


def test_an_unknown_event_is_refused(inside, board, at):
    with pytest.raises(services.NoSuchEvent):
        services.subscribe(url="https://example.org/", events=["no.SuchEvent"], by=board, at=at)


def test_the_board_makes_and_reads_and_deletes_one_in_the_browser(sparkle, bob, kettle, receiver):
    client = browser(bob)
    made = client.post("/c/sparkle/webhooks/", {"url": receiver.url, "note": "Kitchen", "events": ["kitchen.KettleBoiled"]})
    assert b"whsec_" in made.content and made.status_code == 200
    with scope(sparkle.pk):
        one = Subscription.objects.get()
        boil()
        sent = Delivery.objects.get()
    page = client.get(f"/c/sparkle/webhooks/{one.pk}/")
    assert b"KettleBoiled" in page.content and b"whsec_" not in page.content
    assert b"whsec_" in client.post(f"/c/sparkle/webhooks/{one.pk}/secret/").content
    assert client.post(f"/c/sparkle/webhooks/deliveries/{sent.pk}/replay/").status_code == 302
    assert client.post(f"/c/sparkle/webhooks/{one.pk}/switch/").status_code == 302
    assert client.post(f"/c/sparkle/webhooks/{one.pk}/delete/").status_code == 302
    with scope(sparkle.pk):
        assert not Subscription.objects.exists()


def test_a_wrong_address_keeps_what_was_typed(sparkle, bob):
    page = browser(bob).post("/c/sparkle/webhooks/", {"url": "https://intranet/hook", "note": "Kitchen"})
    assert page.status_code == 422 and b"https://intranet/hook" in page.content and b"Kitchen" in page.content


def test_a_program_does_it_all_as_well(sparkle, bob, kettle, receiver):
    client, base = browser(bob), "/api/v1/coops/sparkle/webhooks"
    wanted = {"url": receiver.url, "events": ["kitchen.KettleBoiled"]}
    made = client.post(base, wanted, content_type="application/json")
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert made.json()["secret"].startswith("whsec_") and "secret" not in client.get(f"{base}/{number}").json()
    assert "kitchen.KettleBoiled" in client.get(f"{base}/events").json()
    changed = client.patch(f"{base}/{number}", {"note": "Kitchen"}, content_type="application/json").json()
    assert changed["note"] == "Kitchen" and changed["url"] == receiver.url
    with scope(sparkle.pk):
        boil()
    [sent] = client.get(f"{base}/{number}/deliveries").json()["items"]
    assert client.post(f"{base}/deliveries/{sent['id']}/replay").status_code == 202
    assert client.delete(f"{base}/{number}").status_code == 204
    assert client.get(f"{base}/{number}").status_code == 404


def test_charlie_finds_nothing(sparkle, subscribed, charlie):
    subscription, _ = subscribed
    client = browser(charlie)
    for path in ("/c/sparkle/webhooks/", f"/c/sparkle/webhooks/{subscription.pk}/", f"/c/wheels/webhooks/{subscription.pk}/"):
        assert client.get(path).status_code == 404, path

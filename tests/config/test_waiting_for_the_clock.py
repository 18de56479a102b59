"""Who does something in a sandbox that walks through time waits until it is there, and not for ever."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.config.test_parity_by_api import is_problem, send
from tests.conftest import browser
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.outbox import walking
from toadlane.plumbing.tenancy.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)
ABOUT, FORWARD = "/api/v1/coops/sparkle/about", "/api/v1/coops/sparkle/clock/forward"


@pytest.fixture
def someone_walks(sparkle):
    """Let a worker beside us take the sandbox on, as soon as it is sent."""
    sent = threading.Event()

    def take_on():
        sent.wait(10)
        walking.accompany(sparkle.pk, lambda _month: None)
        connection.close()

    thread = threading.Thread(target=take_on)
    thread.start()
    yield sent
    sent.set()
    thread.join()


def test_a_short_way_is_over_when_it_is_answered_and_what_is_done_next_has_the_new_day(sparkle, bob, someone_walks, monkeypatch):
    monkeypatch.setattr(walking, "PATIENCE", 60.0)
    began, set_going = clock.now(sparkle.tenant), walking.set_going
    monkeypatch.setattr(walking, "set_going", lambda coop_id: (set_going(coop_id), someone_walks.set()))
    told = send(browser(bob), FORWARD, {"days": 1}).json()
    assert told["bound_for"] is None and told["ahead_seconds"] == 86_400
    assert send(browser(bob), ABOUT, {"tagline": "Tomorrow"}, "patch").status_code == 200
    [line] = browser(bob).get("/api/v1/coops/sparkle/trail?limit=1&subject=coop:" + str(sparkle.pk)).json()["items"]
    assert line["at"] >= (began + timedelta(days=1)).isoformat()[:19]


def test_a_deed_waits_for_a_sandbox_on_its_way(sparkle, bob, someone_walks, monkeypatch):
    monkeypatch.setattr(walking, "PATIENCE", 0.0)
    assert send(browser(bob), FORWARD, {"days": 1}).json()["bound_for"] is not None, "nobody takes it there yet"
    is_problem(send(browser(bob), ABOUT, {"tagline": "Now"}, "patch"), 409, "on_its_way")
    monkeypatch.setattr(walking, "PATIENCE", 60.0)
    someone_walks.set()
    assert send(browser(bob), ABOUT, {"tagline": "Tomorrow"}, "patch").status_code == 200
    assert Tenant.objects.get(pk=sparkle.pk).bound_for is None


def test_only_one_request_of_a_process_waits(sparkle, bob, monkeypatch):
    monkeypatch.setattr(walking, "PATIENCE", 0.0)
    send(browser(bob), FORWARD, {"days": 1})
    monkeypatch.setattr(walking, "PATIENCE", 3600.0)
    with walking._one_waits:
        is_problem(send(browser(bob), ABOUT, {"tagline": "Now"}, "patch"), 409, "on_its_way")

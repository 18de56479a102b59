"""Signing in happens at the server's host; a ticket carries it to a co-op's own: once, there, at once, in this browser."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.coops.models import Coop
from toadlane.society.people import services
from toadlane.society.people.models import Handover

HOST = "sparkle.localhost"


@pytest.fixture
def shop(sparkle):
    Coop.objects.filter(pk=sparkle.pk).update(host=HOST)
    return sparkle


def set_out(visitor, path="/"):
    answer = visitor.get("/sign-in/", {"next": path}, headers={"host": HOST})
    assert answer.status_code == 302
    return answer.url


def fetch_ticket(person, address):
    """Follow the way to the server's host as a person who is signed in there."""
    parts = urlsplit(address)
    answer = browser(person).get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 302, answer.content
    return answer.url


def arrive(visitor, address, host=HOST):
    parts = urlsplit(address)
    return visitor.get(f"{parts.path}?{parts.query}", headers={"host": host})


def test_there_and_back(shop, alice):
    visitor = Client()
    address = fetch_ticket(alice, set_out(visitor, "/messages/"))
    assert urlsplit(address).netloc == HOST
    answer = arrive(visitor, address)
    assert answer.status_code == 302 and answer.url == "/messages/"
    assert visitor.session["_auth_user_id"] == str(alice.pk)
    assert visitor.get("/messages/", headers={"host": HOST}).status_code == 200


def test_somebody_who_is_not_signed_in_is_asked_first(shop):
    parts = urlsplit(set_out(Client()))
    answer = Client().get(f"{parts.path}?{parts.query}")
    assert answer.url.startswith("/sign-in/?next=%2Fsign-in%2Fto%2F") and not Handover.objects.exists()


def test_a_ticket_is_good_once(shop, alice):
    visitor = Client()
    address = fetch_ticket(alice, set_out(visitor))
    state = visitor.cookies["toadlane_way_back"].value
    assert arrive(visitor, address).status_code == 302
    again = Client()
    again.cookies["toadlane_way_back"] = state
    assert arrive(again, address).status_code == 403
    assert "_auth_user_id" not in again.session


def test_a_ticket_is_good_in_the_browser_that_set_out(shop, alice):
    address = fetch_ticket(alice, set_out(Client()))
    thief = Client()
    set_out(thief)
    for stranger in (Client(), thief):
        answer = arrive(stranger, address)
        assert answer.status_code == 403 and "_auth_user_id" not in stranger.session
        assert "Sign in once more" in answer.content.decode()


def test_a_ticket_is_good_at_one_host(shop, alice, wheels):
    Coop.objects.filter(pk=wheels.pk).update(host="wheels.localhost")
    visitor = Client()
    address = fetch_ticket(alice, set_out(visitor))
    assert arrive(visitor, address, host="wheels.localhost").status_code == 403
    assert "_auth_user_id" not in visitor.session


def test_a_ticket_is_good_for_a_minute(shop, alice, at):
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=alice.pk)
    nobody = Principal(coop_id=None, channel=Channel.WEB)

    def redeem(seconds):
        ticket = services.begin_handover(person=alice, host=HOST, path="/", state="s", by=by, at=at)
        return services.redeem_handover(ticket=ticket, host=HOST, state="s", by=nobody, at=at + timedelta(seconds=seconds))

    assert redeem(59).person == alice
    with pytest.raises(services.TicketRefused):
        redeem(60)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "x"])
def test_nobody_is_led_elsewhere(shop, alice, target):
    visitor = Client()
    address = fetch_ticket(alice, set_out(visitor, target))
    assert arrive(visitor, address).url == "/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "http://sparkle.localhost.evil.example/", "ftp://sparkle.localhost/", "/x", ""]
)
def test_a_ticket_is_made_for_no_other_host(shop, alice, target):
    answer = browser(alice).get("/sign-in/to/?" + urlencode({"next": target, "state": "s"}))
    assert answer.status_code == 404 and not Handover.objects.exists()


@pytest.mark.parametrize("target", ["http://[x", "http://sparkle.localhost:99999/", "http://sparkle.localhost:x/"])
def test_what_is_no_address_is_no_address_of_ours(shop, alice, target):
    for visitor in (Client(), browser(alice)):
        assert visitor.get("/sign-in/to/?" + urlencode({"next": target, "state": "s"})).status_code == 404


@pytest.mark.parametrize("before", ["evil.example\\@", "x; script-src *; form-action *@", "a:b@"])
def test_nothing_but_a_name_and_a_port_goes_on_the_ticket_and_into_the_policy(shop, alice, before):
    asked = "/sign-in/to/?" + urlencode({"next": f"http://{before}{HOST}:8000/x", "state": "s"})
    assert browser(alice).get(asked).url.startswith(f"http://{HOST}:8000/sign-in/ticket/?")
    stranger = Client()
    policy = stranger.get(stranger.get(asked).url).headers["Content-Security-Policy"]
    assert f" http://{HOST}:8000" in policy and policy.count("script-src") == policy.count("form-action") == 1
    assert "evil.example" not in policy and "*" not in policy


def test_the_ticket_itself_is_not_kept(shop, alice):
    address = fetch_ticket(alice, set_out(Client()))
    ticket = parse_qs(urlsplit(address).query)["ticket"][0]
    assert ticket not in str(Handover.objects.values().get())


def test_under_the_servers_host_no_ticket_is_needed(sparkle, client):
    answer = client.get("/c/sparkle/sign-in/?next=/c/sparkle/messages/")
    assert answer.url == "/sign-in/?next=%2Fc%2Fsparkle%2Fmessages%2F"


def test_signing_out_of_a_coops_host(shop, alice):
    visitor = Client()
    arrive(visitor, fetch_ticket(alice, set_out(visitor)))
    assert visitor.get("/sign-out/", headers={"host": HOST}).status_code == 200
    visitor.post("/sign-out/", headers={"host": HOST})
    assert "_auth_user_id" not in visitor.session


def test_a_browser_may_follow_the_form_at_the_door_to_the_host_one_came_from(shop):
    visitor = Client()
    assert "sparkle" not in visitor.get("/sign-in/").headers["Content-Security-Policy"]
    parts = urlsplit(set_out(visitor))
    door = visitor.get(f"{parts.path}?{parts.query}", follow=True)
    policy = door.headers["Content-Security-Policy"]
    allowed = next(part for part in policy.split("; ") if part.startswith("form-action"))
    assert allowed.endswith(f"http://{HOST}"), allowed
    # Nobody else's form leads there, and nowhere but at the door.
    assert HOST not in Client().get("/sign-in/").headers["Content-Security-Policy"]
    assert HOST not in visitor.get("/").headers["Content-Security-Policy"]

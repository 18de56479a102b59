"""What the board may change without a vote, and what it may not."""

import pytest

from tests.conftest import browser
from toadlane.plumbing.access.principals import Refused
from toadlane.society.coops import services
from toadlane.ui.themes import PALETTES

PAGE = "/c/sparkle/settings/"


def test_the_board_describes_and_paints_the_shop(sparkle, bob):
    client = browser(bob)
    assert client.get(PAGE).status_code == 200
    about = {"part": "about", "name": "Sparkle & Co", "tagline": "Clean", "picture": "clean"}
    assert client.post(PAGE, about).status_code == 302
    assert client.post(PAGE, {"part": "paint", "palette": "brick"}).status_code == 302
    assert client.post(PAGE, {"part": "words", "en_worker": "cleaner"}).status_code == 302
    sparkle.refresh_from_db()
    assert (sparkle.name, sparkle.words) == ("Sparkle & Co", {"en": {"worker": "cleaner"}})
    assert sparkle.theme == PALETTES["brick"]


@pytest.mark.parametrize("host", ["http://x.example", "sparkle", "a b.example.org"])
def test_what_is_no_host_name_is_refused_and_stays_in_the_form(sparkle, bob, host):
    page = browser(bob).post(PAGE, {"part": "host", "host": host})
    assert page.status_code == 422 and host in page.content.decode()


def test_two_co_ops_do_not_share_a_host(sparkle, wheels, board, at, bob):
    wheels.host = "wheels.example.org"
    wheels.save()
    assert browser(bob).post(PAGE, {"part": "host", "host": "wheels.example.org"}).status_code == 422
    assert browser(bob).post(PAGE, {"part": "host", "host": "sparkle.example.org"}).status_code == 302


def test_colors_that_nobody_could_read_are_refused(inside, board, at):
    with pytest.raises(services.CannotBeRead):
        services.paint(coop=inside, theme={"paint": ["#ffff00", "#ffff00"], "on-paint": ["#ffffff", "#ffffff"]}, by=board, at=at)
    with pytest.raises(services.CannotBeRead):
        services.paint(coop=inside, theme={"paint": "red"}, by=board, at=at)


def test_a_worker_paints_nothing(inside, worker, at):
    with pytest.raises(Refused):
        services.paint(coop=inside, theme=PALETTES["plum"], by=worker, at=at)


def test_a_stranger_finds_no_settings(sparkle, wheels, charlie, client):
    assert browser(charlie).get(PAGE).status_code == 404 and client.get(PAGE).status_code == 404


def test_the_api_does_the_same(sparkle, bob, alice, client):
    where = "/api/v1/coops/sparkle/about"
    assert client.get(where).json()["name"] == "Sparkle"
    changed = browser(bob).patch(where, {"tagline": "Bright"}, content_type="application/json")
    assert changed.json()["tagline"] == "Bright" and changed.json()["name"] == "Sparkle"
    assert browser(alice).patch(where, {"tagline": "Mine"}, content_type="application/json").status_code == 403

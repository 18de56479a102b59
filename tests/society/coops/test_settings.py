"""What the board may change without a vote, and what it may not."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.conftest import browser
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files import services as keeping
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries, services
from toadlane.ui import contrast, swatches, themes
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


def test_a_host_the_server_does_not_answer_to_is_refused(sparkle, bob, settings):
    settings.ALLOWED_HOSTS = ["testserver", ".example.org"]
    page = browser(bob).post(PAGE, {"part": "host", "host": "sparkle.example.net"})
    assert page.status_code == 422 and "sparkle.example.net" in page.content.decode()
    assert browser(bob).post(PAGE, {"part": "host", "host": "sparkle.example.org"}).status_code == 302
    # One that is set already is kept: taking it away would close the shop.
    settings.ALLOWED_HOSTS = ["testserver"]
    assert browser(bob).post(PAGE, {"part": "host", "host": "sparkle.example.org"}).status_code == 302


def test_two_co_ops_do_not_share_a_host(sparkle, wheels, board, at, bob, settings):
    settings.ALLOWED_HOSTS = ["testserver", ".example.org"]
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


def _png(color="#1f5140", size=(120, 60)):
    kept = io.BytesIO()
    Image.new("RGB", size, color).save(kept, "PNG")
    return SimpleUploadedFile("logo.png", kept.getvalue(), "image/png")


def test_a_logo_is_re_encoded_hangs_on_the_sign_and_comes_down(sparkle, bob):
    client = browser(bob)
    assert client.post(PAGE, {"part": "logo", "logo": _png()}).status_code == 302
    sparkle.refresh_from_db()
    with scope(sparkle.pk):
        address = files.address(sparkle.logo, sparkle.logo.widths[-1], base="/c/sparkle/")
    assert client.get(address).headers["Content-Type"] == "image/webp"
    page = client.get("/c/sparkle/").content.decode()
    assert f'src="{address}"' in page
    assert client.post(PAGE, {"part": "logo", "takes_down": "on"}).status_code == 302
    assert f'src="{address}"' not in client.get("/c/sparkle/").content.decode()


def test_what_is_no_picture_hangs_nowhere(sparkle, bob):
    page = browser(bob).post(PAGE, {"part": "logo", "logo": SimpleUploadedFile("logo.png", b"no picture")})
    assert page.status_code == 422 and "This file is not a picture" in page.content.decode()
    nothing = browser(bob).post(PAGE, {"part": "logo"})
    assert nothing.status_code == 422 and "Choose a picture first." in nothing.content.decode()
    sparkle.refresh_from_db()
    assert sparkle.logo_id is None


def test_a_co_op_hangs_up_no_picture_of_another(sparkle, wheels, board, at):
    with scope(wheels.pk):
        theirs = keeping.add_picture(file=_png("#a3301c"), by=Principal.job(wheels.pk), at=at)
    with scope(sparkle.pk), pytest.raises(AssertionError):
        services.put_up_logo(coop=sparkle, logo=theirs, by=board, at=at)


def test_every_palette_is_shown_with_its_colors_and_how_well_it_reads(sparkle, bob):
    page = browser(bob).get(PAGE).content.decode()
    assert page.count('class="swatches"') == len(PALETTES)
    for theme in PALETTES.values():
        assert theme["paint"][0] in page and f"contrast of {swatches.weakest(theme):g}" in page
        assert swatches.weakest(theme) >= contrast.TEXT


@given(st.integers(0, 0xFFFFFF))
def test_around_any_color_a_theme_is_mixed_that_can_be_read(number):
    assert themes.unreadable(themes.around(f"#{number:06x}")) == []


def test_a_shop_is_painted_in_a_color_of_its_own(sparkle, bob):
    client = browser(bob)
    refused = client.post(PAGE, {"part": "paint", "palette": "mix", "color": "purple"})
    assert refused.status_code == 422 and "purple" in refused.content.decode()
    assert client.post(PAGE, {"part": "paint", "palette": "mix", "color": ""}).status_code == 422
    assert client.post(PAGE, {"part": "paint", "palette": "mix", "color": "#8a1c5f"}).status_code == 302
    sparkle.refresh_from_db()
    assert sparkle.theme["paint"][0] == "#8a1c5f", "it can be read as it is"
    assert client.post(PAGE, {"part": "paint", "palette": "own", "color": "#ffffff"}).status_code == 302
    sparkle.refresh_from_db()
    assert sparkle.theme["paint"][0] == "#8a1c5f"


def test_the_place_is_set_by_a_pin_or_by_coordinates(sparkle, bob):
    client = browser(bob)
    page = client.get(PAGE).content.decode()
    assert 'id="shop-place" data-lat="id_latitude" data-lon="id_longitude"' in page
    typed = {"part": "about", "name": "Sparkle", "picture": "clean", "latitude": "53.27", "longitude": "-9.05"}
    assert client.post(PAGE, typed).status_code == 302
    sparkle.refresh_from_db()
    assert (float(sparkle.latitude), float(sparkle.longitude)) == (53.27, -9.05)
    assert "“Latitude” is too high" in client.post(PAGE, typed | {"latitude": "90.01"}).content.decode()


def test_settings_lead_to_pages_webhooks_and_the_trail(sparkle, bob):
    page = browser(bob).get(PAGE).content.decode()
    for address in ("/c/sparkle/pages/", "/c/sparkle/webhooks/", "/c/sparkle/members/"):
        assert f'href="{address}"' in page and browser(bob).get(address).status_code == 200
    trail = re.search(r'href="(/c/sparkle/[^"]*)">Who did what', page)[1]
    bobs = browser(bob)
    assert bobs.post(PAGE, {"part": "words", "en_worker": "cleaner"}).status_code == 302
    assert "coops.changed" in bobs.get(trail).content.decode()


def test_a_co_ops_words_stand_on_its_pages_in_their_language_alone(sparkle, wheels, bob):
    client = browser(bob)
    assert client.post(PAGE, {"part": "words", "en_members": "owners", "fr_members": "sociétaires"}).status_code == 302
    register = client.get("/c/sparkle/members/").content.decode()
    assert "<h1>Owners</h1>" in register and ">Owners</a>" in register
    client.cookies["django_language"] = "es"
    assert "<h1>Owners</h1>" not in client.get("/c/sparkle/members/?lang=es").content.decode()
    assert "<h1>Sociétaires</h1>" in client.get("/c/sparkle/members/?lang=fr").content.decode()
    sparkle.refresh_from_db()
    assert sparkle.words == {"en": {"members": "owners"}, "fr": {"members": "sociétaires"}}


def test_a_name_for_nothing_is_refused(inside, board, at):
    with pytest.raises(services.NoSuchWord):
        services.choose_words(coop=inside, words={"en": {"boss": "chief"}}, by=board, at=at)


def test_a_page_asks_for_its_co_op_once_and_a_change_asks_anew(sparkle, bob):
    bobs = browser(bob)

    def asked(method, *more):
        with CaptureQueriesContext(connection) as seen:
            assert getattr(bobs, method)("/c/sparkle/figures/" if method == "get" else PAGE, *more).status_code in (200, 302)
        return [one["sql"] for one in seen if 'FROM "coops_coop"' in one["sql"]]

    assert len(asked("get")) == 1
    assert bobs.post(PAGE, {"part": "about", "name": "Gleam", "tagline": "", "picture": "clean"}).status_code == 302
    assert "Gleam" in bobs.get("/c/sparkle/").content.decode(), "what was at hand for one request is not for the next"
    with queries.at_hand(sparkle):
        assert queries.of_scope(sparkle.pk) is sparkle
    assert queries.of_scope(sparkle.pk) is not sparkle


def test_what_is_at_hand_is_never_another_co_op(sparkle, wheels):
    with queries.at_hand(sparkle):
        assert queries.of_scope(wheels.pk) == wheels

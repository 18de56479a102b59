"""Whatever goes wrong on a page is told on a page: what happened, and a way on."""

import logging.config
import tarfile

import pytest
from django.contrib import messages
from django.contrib.messages.storage.session import SessionStorage
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, encode_multipart

from tests.conftest import browser
from toadlane.config import problems, sorry, source, views
from toadlane.config.api import at_the_same_moment
from toadlane.config.middleware import WhoMiddleware
from toadlane.society.people.models import Person
from toadlane.ui import typed as told_again

real = problems.Visits.__init__


def is_told(response, status, *words):
    html = response.content.decode()
    assert response.status_code == status and html.count("<h1") == 1
    assert "Go to the front page" in html
    assert all(word in html for word in words), html
    return html


def test_a_page_that_takes_no_such_request_says_so_and_which_it_takes(sparkle, bob):
    response = browser(bob).get("/c/sparkle/orders/1/cancel/")
    is_told(response, 405, "This page takes no such request", 'href="/c/sparkle/"')
    assert response.headers["Allow"] == "POST"


def test_a_form_from_elsewhere_is_sent_back_with_a_reason(db):
    client = Client(enforce_csrf_checks=True)
    is_told(client.post("/sign-in/", {"login": "a"}), 403, "This form is no longer good", "load the page anew")


def test_what_is_too_large_is_called_so_and_at_the_edge_it_is_not(db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    sent = {"content_type": "application/x-www-form-urlencoded"}
    is_told(Client().post("/sign-in/", "login=" + "a" * 95, **sent), 413, "That is too large", "Send a smaller file")
    assert Client().post("/sign-in/", "login=" + "a" * 94, **sent).status_code == 200


def test_files_too_are_bounded_before_they_are_written_down(sparkle, bob, monkeypatch):
    def files() -> dict[str, SimpleUploadedFile]:
        return {"file": SimpleUploadedFile("a.bin", b"x" * 1000)}

    logo = "/api/v1/coops/sparkle/about/logo"
    whole = len(encode_multipart(BOUNDARY, files()))
    monkeypatch.setattr(problems, "MOST_AT_ONCE", whole - 1)
    is_told(Client().post("/sign-in/", files()), 413, "That is too large", "Send a smaller file")
    assert browser(bob).post(logo, files()).json()["code"] == "too_large"
    monkeypatch.setattr(problems, "MOST_AT_ONCE", whole)
    assert Client().post("/sign-in/", files()).status_code == 200
    assert browser(bob).post(logo, files()).json()["code"] == "not_a_picture"


def test_a_stranger_who_sends_form_after_form_is_slowed_down_and_a_named_person_is_not(sparkle, bob, monkeypatch):
    monkeypatch.setattr(problems.Visits, "__init__", lambda self, per_minute: real(self, per_minute=3))
    stranger, bobs = Client(REMOTE_ADDR="203.0.113.7"), browser(bob)
    for _ in range(3):
        assert stranger.post("/found/", {"blueprint": "nothing"}).status_code == 422
    told = stranger.post("/found/", {"blueprint": "nothing"})
    assert "Wait a little" in is_told(told, 429, "Wait five minutes") and told.headers["Retry-After"]
    assert stranger.get("/found/").status_code == 200, "reading is free"
    for _ in range(5):
        assert bobs.post("/found/", {"blueprint": "nothing"}, REMOTE_ADDR="203.0.113.7").status_code == 422


def test_a_name_that_is_not_ours_is_refused_and_fills_no_log(db, settings, capfd):
    logging.config.dictConfig(settings.LOGGING)
    assert Client().get("/", headers={"host": "scanner.example"}).status_code == 400
    assert "Traceback" not in capfd.readouterr().err


def test_what_cannot_be_read_says_no_more_than_that(db):
    response = views.unreadable(_asked("/"), SuspiciousOperation("of no concern to anybody"))
    assert "no concern" not in is_told(response, 400, "This cannot be read")


def test_who_asks_too_often_is_told_how_long_to_wait(db):
    assert sorry.page(_asked("/"), "429").headers["Retry-After"] == "300"


def refused(**what):
    """Return how the database refuses a person."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        Person.objects.create(**what)
    return raised.value


def test_whoever_comes_second_is_told_so_and_any_other_fault_is_one(bob):
    second, fault = refused(name="B", email=bob.email), refused(name=None, email="x@sparkle.test")
    door = WhoMiddleware(lambda request: HttpResponse())
    is_told(door.process_exception(_asked("/c/sparkle/"), second), 409, "Somebody was quicker")
    assert door.process_exception(_asked("/c/sparkle/"), fault) is None
    answer = at_the_same_moment(_asked("/api/v1/coops"), second)
    assert answer.status_code == 409 and b'"same_moment"' in answer.content
    with pytest.raises(IntegrityError):
        at_the_same_moment(_asked("/api/v1/coops"), fault)


def test_what_is_broken_needs_no_database():
    # Without the `db` fixture any question to the database would be an error.
    is_told(views.broken(RequestFactory().get("/")), 500, "Something broke on our side")


def test_when_even_the_page_breaks_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(sorry, "render_to_string", lambda *_: 1 / 0)
    response = sorry.bare_page("500")
    assert response.status_code == 500 and b"Something broke on our side" in response.content


def test_the_foot_of_every_page_links_the_source_code(client, db, settings):
    settings.TOADLANE_SOURCE_URL = "https://code.example/toadlane"
    assert 'href="https://code.example/toadlane"' in client.get("/").content.decode()
    settings.TOADLANE_SOURCE_URL = ""
    assert "Source code" not in client.get("/").content.decode()


def test_the_server_hands_out_the_code_it_runs_and_nothing_else(client, db, settings, tmp_path):
    settings.DATA = tmp_path
    response = client.get("/source/")
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/gzip"
    response.close()
    with tarfile.open(source.archive()) as tar:
        names = tar.getnames()
        owners = {(member.uid, member.uname) for member in tar.getmembers()}
    assert {"toadlane/toadlane/config/source.py", "toadlane/LICENSE", "toadlane/pyproject.toml"} <= set(names)
    assert not [name for name in names if "/." in name or "__pycache__" in name or name.startswith("toadlane/var")]
    assert owners == {(0, "")}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_is_in_the_readers_language(db, language):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["django_language"] = language
    assert f'<html lang="{language}"' in strict.post("/sign-in/").content.decode()


def _asked(path, typed=None):
    request = RequestFactory().post(path, typed) if typed else RequestFactory().get(path)
    request.coop = request.by = None
    return request


def test_what_was_written_in_words_is_told_again_and_no_secret():
    typed = {"text": "I was there at nine, & waited.", "password": "not to be shown", "n": "12"}
    request = RequestFactory().post("/", typed)
    assert told_again.words(request) == ["I was there at nine, & waited."]
    assert told_again.words(RequestFactory().get("/?text=I+was+there")) == []


def test_a_refusal_that_leads_on_to_another_page_takes_the_words_along():
    for level, kept in ((messages.ERROR, True), (messages.SUCCESS, False)):
        request = RequestFactory().post("/", {"reason": "Because of <b>that</b>"})
        request._messages = SessionStorage(_with_session(request))
        messages.add_message(request, level, "No")
        told_again.keep(request, HttpResponse(status=302))
        assert any("Because of <b>that</b>" in str(one) for one in request._messages) is kept


def _with_session(request):
    request.session = {}
    return request


def test_the_page_of_a_refusal_shows_the_words(sparkle):
    request = _asked("/c/sparkle/", {"why": "Long thought about & written"})
    html = is_told(sorry.page(request, "409"), 409, "What you had typed", "Long thought about &amp; written")
    assert "<script" not in html.split("What you had typed")[1]
    assert "What you had typed" not in sorry.page(_asked("/", {"why": "came from elsewhere"}), "400").content.decode()


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/c/sparkle/", "/c/sparkle/search/", "/c/nowhere/"])
def test_an_address_that_asks_for_too_many_things_is_refused_and_at_the_edge_it_is_not(sparkle, settings, address):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    fine, too_many = ("&".join(f"a{n}=1" for n in range(count)) for count in (20, 21))
    assert Client().get(f"{address}?{fine}").status_code in (200, 302, 404)
    is_told(Client().get(f"{address}?{too_many}"), 400, "This cannot be read")
    told = Client().get(f"/api/v1/coops?{too_many}")
    assert (told.status_code, told.json()["code"]) == (400, "bad_request") and Client().get(
        f"/api/v1/coops?{fine}"
    ).status_code != 500

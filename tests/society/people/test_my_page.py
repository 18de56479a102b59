"""One's own pages: preferences, devices, data, and the way out."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.society.people import services
from toadlane.society.people.models import ApiToken, Person

PAGES = ("/me/", "/me/preferences/", "/me/security/", "/me/data/", "/me/close/", "/me/email/", "/me/steps/webauthn/")


def principal_of(person):
    return Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_my_own_asks_strangers_to_sign_in(client, alice, path):
    assert client.get(path).url == f"/sign-in/?next={path}"
    assert browser(alice).get(path).status_code == 200


def test_my_coops_stand_on_my_page(alice, sparkle, wheels):
    page = browser(alice).get("/me/").content.decode()
    assert "Sparkle" in page and "/c/sparkle/" in page and "Wheels" not in page


def test_preferences_are_kept_and_followed(alice):
    ana = browser(alice)
    body = {
        "name": " Alicia ",
        "language": "fr",
        "time_zone": "Europe/Paris",
        "notice_orders": "none",
        "notice_messages": "email",
    }
    assert ana.post("/me/preferences/", body).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.language, alice.time_zone) == ("Alicia", "fr", "Europe/Paris")
    assert alice.channel_for("orders") == "none" and alice.channel_for("messages") == "email"
    assert ana.get("/me/", headers={"accept-language": "es"})["Content-Language"] == "fr"


def test_nonsense_is_refused_and_what_was_typed_stays(alice):
    page = (
        browser(alice).post("/me/preferences/", {"name": "\u200b", "language": "xx", "time_zone": "Mars/Base"}).content.decode()
    )
    assert "Tell us what to call you." in page
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_languages_are_called_in_their_own_words(alice):
    page = browser(alice).get("/me/preferences/").content.decode()
    assert all(name in page for name in ("English", "Español</option>", "Français</option>", "العربية</option>"))


def test_the_language_picked_at_the_foot_is_remembered(alice):
    ana = browser(alice)
    assert ana.get("/me/?lang=es")["Content-Language"] == "es"
    alice.refresh_from_db()
    assert alice.language == "es"
    ana.cookies.clear()
    assert browser(alice).get("/me/")["Content-Language"] == "es"


def test_without_an_account_the_browser_remembers_then_asks(client, db):
    assert client.get("/sign-in/", headers={"accept-language": "fr"})["Content-Language"] == "fr"
    client.get("/sign-in/?lang=ar")
    assert client.get("/sign-in/", headers={"accept-language": "fr"})["Content-Language"] == "ar"
    assert client.get("/sign-in/?lang=xx")["Content-Language"] == "ar"


def test_devices_are_listed_and_signed_out(alice, sandbox):
    alice.set_password("a short sentence")
    alice.save()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    here, phone = Client(), Client(HTTP_USER_AGENT="A phone")
    for device in (here, phone):
        device.post("/sign-in/", {"login": alice.email, "password": "a short sentence"})
    page = here.get("/me/security/").content.decode()
    assert "A phone" in page and "this device" in page
    here.post("/me/sessions/", {})
    assert phone.get("/me/").status_code == 302 and here.get("/me/").status_code == 200


def test_nobody_signs_somebody_else_out(alice, bob):
    with pytest.raises(Refused):
        services.end_sessions(person=alice, by=principal_of(bob))


def test_my_data_come_along(alice, sparkle, wheels):
    services.issue_token(
        person=alice, name="till", scopes=["read"], by=principal_of(alice), at=sparkle.founded_at or alice.joined_at
    )
    answer = browser(alice).post("/me/data/")
    bundle = zipfile.ZipFile(io.BytesIO(answer.content))
    account = json.loads(bundle.read("people.json"))
    assert account["account"]["email"] == alice.email and account["tokens"][0]["name"] == "till"
    assert "digest" not in bundle.read("people.json").decode()
    coops = [name for name in bundle.namelist() if name.startswith("coop-")]
    assert coops == ["coop-sparkle.json"]
    assert json.loads(bundle.read(coops[0]))["members"][0]["member_class"]


def with_password(person):
    person.set_password("a short sentence")
    person.save()
    return browser(person)


def test_a_member_leaves_first(alice, sparkle, sandbox):
    page = with_password(alice).post("/me/close/", {"password": "a short sentence"}).content.decode()
    assert "You are still a member of Sparkle. Give notice there first." in page
    assert Person.objects.get(pk=alice.pk).is_active


def test_a_password_is_guessed_ten_times_a_minute_and_no_more(alice, sparkle, sandbox):
    browser_of_alice = with_password(alice)
    came = [browser_of_alice.post("/me/close/", {"password": f"guess {n}"}).status_code for n in range(11)]
    assert came == [200] * 10 + [429]
    answer = browser_of_alice.post("/api/v1/me/close", {"password": "a short sentence"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_guesses")


def test_a_token_that_cannot_close_the_account_is_told_nothing_of_its_password(alice, sandbox, at):
    with_password(alice)
    by = Principal(coop_id=None, channel=Channel.WEB, person_id=alice.pk)
    for scope in ("read", "write"):
        _token, secret = services.issue_token(person=alice, name="x", scopes=[scope], by=by, at=at)
        for said in ("a guess", "a short sentence"):
            answer = Client().post(
                "/api/v1/me/close", {"password": said}, "application/json", headers={"Authorization": f"Bearer {secret}"}
            )
            assert (answer.status_code, answer.json()["code"]) == (403, "scope_lacking")


def test_closing_takes_name_and_addresses(db, sandbox, at):
    gil = Person.objects.create(email="gil@example.org", phone="+353861234567", name="Gil", joined_at=at)
    services.issue_token(person=gil, name="till", scopes=["read"], by=principal_of(gil), at=at)
    ours = with_password(gil)
    assert "That is not your password" in ours.post("/me/close/", {"password": "another"}).content.decode()
    assert "is closed" in ours.post("/me/close/", {"password": "a short sentence"}).content.decode()
    gil.refresh_from_db()
    assert (gil.email, gil.phone, gil.is_active, gil.name) == (None, None, False, "Somebody who left")
    assert not ApiToken.objects.exists() and ours.get("/me/").status_code == 302
    Person.objects.create(email="gil@example.org", name="Gil again")


def test_nobody_closes_anothers_account(alice, bob, at):
    with pytest.raises(Refused):
        services.close_account(person=alice, by=principal_of(bob), at=at)


def test_letters_about_a_moving_address_greet_whoever_it_belongs_to(alice):
    alice.set_password("a short sentence")
    alice.save()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    ana = Client()
    ana.post("/sign-in/", {"login": alice.email, "password": "a short sentence"})
    ana.post("/sign-in/again/?next=/me/email/", {"password": "a short sentence"})
    went = ana.post("/me/email/", {"email": "new@alice.example", "action_add": ""})
    assert went.url == "/sign-up/email/", went
    asked = Letter.objects.get(address="new@alice.example")
    assert asked.text.startswith("Hello Alice,\n"), asked.text
    code = next(line.strip() for line in asked.text.splitlines() if line.startswith("    "))
    ana.post("/sign-up/email/", {"code": code})
    told = Letter.objects.get(template="people/email_changed")
    assert told.text.startswith("Hello Alice,\n") and "p.m." not in told.text and "a.m." not in told.text
    unknown = Client()
    unknown.post("/sign-in/forgotten/", {"email": "nobody@nowhere.example"})
    assert all(not letter.text.startswith("\n") for letter in Letter.objects.all())

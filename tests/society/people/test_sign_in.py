"""Signing in: by address or number, with what was asked for besides, and without telling strangers who is here."""

import time
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from toadlane.plumbing.sending.models import Letter
from toadlane.society.people.models import Person

PASSWORD = "a short sentence"


@pytest.fixture
def ana(db) -> Person:
    person = Person.objects.create(email="ana@example.org", name="Ana")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def pia(db, at) -> Person:
    person = Person.objects.create(phone="+353861234567", phone_verified_at=at, name="Pia")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(visitor, login, password=PASSWORD, **more):
    headers = {name: more.pop(name) for name in [*more] if name.startswith("HTTP_")}
    return visitor.post("/sign-in/", {"login": login, "password": password, **more}, **headers)


def test_by_email(visitor, ana):
    answer = sign_in(visitor, "ANA@example.org")
    assert answer.status_code == 302 and answer.url == "/me/"
    assert visitor.session["_auth_user_id"] == str(ana.pk)


def test_the_first_words_are_in_the_language_of_whoever_came(visitor, ana):
    Person.objects.filter(pk=ana.pk).update(language="fr")
    sign_in(visitor, "ana@example.org", HTTP_ACCEPT_LANGUAGE="en")
    assert "Content de vous voir, Ana." in visitor.get("/me/").content.decode()


def test_by_phone_a_code_comes_after_the_password(visitor, pia, code_sent_to):
    answer = sign_in(visitor, "+353 86 123 4567")
    assert answer.url == "/sign-in/code/" and "_auth_user_id" not in visitor.session
    assert pia.phone in visitor.get(answer.url).content.decode()
    answer = visitor.post(answer.url, {"code": code_sent_to(pia.phone)})
    assert answer.url == "/me/" and visitor.session["_auth_user_id"] == str(pia.pk)


def test_a_wrong_password_and_an_unknown_address_read_the_same(visitor, ana):
    wrong, unknown = sign_in(visitor, "ana@example.org", "not this one"), sign_in(visitor, "nobody@example.org", "not this one")
    assert wrong.status_code == unknown.status_code == 200

    def told(answer):
        return answer.content.decode().split('id="errors"')[1].split("</ul>")[0]

    assert told(wrong) == told(unknown)
    assert 'value="ana@example.org"' in wrong.content.decode()


def test_a_wrong_password_and_an_unknown_number_read_the_same(visitor, pia):
    answers = [sign_in(visitor, phone, "not this one").content.decode() for phone in (pia.phone, "+353869999999")]
    assert all("do not go together" in answer for answer in answers)
    assert not Letter.objects.exists()


def test_five_failures_close_the_door_for_this_account_alone(visitor, ana, pia):
    for _ in range(5):
        sign_in(visitor, ana.email, "wrong wrong")
    assert "Too many tries" in sign_in(visitor, ana.email).content.decode()
    assert sign_in(visitor, pia.phone).status_code == 302


def test_phones_do_not_share_one_count(visitor, ana, pia):
    for number in range(5):
        sign_in(visitor, f"+35386000000{number}", "wrong wrong")
    assert sign_in(visitor, pia.phone).status_code == 302


def test_a_closed_account_does_not_open(visitor, ana):
    Person.objects.filter(pk=ana.pk).update(is_active=False)
    sign_in(visitor, ana.email)
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil"]
)
def test_nobody_is_led_elsewhere(visitor, ana, target):
    assert sign_in(visitor, ana.email, next=target).url == "/me/"


def test_one_is_led_back_to_where_one_was(visitor, ana):
    assert sign_in(visitor, ana.email, next="/c/sparkle/orders/").url == "/c/sparkle/orders/"


def test_a_new_password_by_email(visitor, ana, code_sent_to):
    answer = visitor.post("/sign-in/forgotten/", {"email": ana.email})
    assert answer.url == "/sign-in/forgotten/code/"
    answer = visitor.post(answer.url, {"code": code_sent_to(ana.email)})
    assert answer.url == "/sign-in/forgotten/new/"
    visitor.post(answer.url, {"password1": "another sentence", "password2": "another sentence"})
    assert sign_in(visitor, ana.email, "another sentence").url == "/me/"
    assert "password was changed" in Letter.objects.filter(address=ana.email).latest("pk").subject


def test_a_new_password_by_text_message(visitor, pia, code_sent_to):
    answer = visitor.post("/sign-in/forgotten/", {"email": "+353 86 123 4567"})
    answer = visitor.post(answer.url, {"code": code_sent_to(pia.phone)})
    visitor.post(answer.url, {"password1": "another sentence", "password2": "another sentence"})
    pia.refresh_from_db()
    assert pia.check_password("another sentence")


@pytest.mark.parametrize("reach", ["nobody@example.org", "+353869999999"])
def test_asking_for_a_new_password_tells_nobody_who_is_here(visitor, client, ana, pia, reach):
    known = visitor.post("/sign-in/forgotten/", {"email": ana.email if "@" in reach else pia.phone})
    unknown = client.post("/sign-in/forgotten/", {"email": reach})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    pages = [browser.get(known.url).content.decode() for browser in (visitor, client)]
    assert all("If there is an account" in page for page in pages)
    assert "not the code" in client.post(unknown.url, {"code": "123456"}).content.decode()


def test_an_app_is_asked_for_its_code(visitor, ana):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(ana, secret)
    answer = sign_in(visitor, ana.email)
    assert answer.url == "/me/steps/authenticate/" and "_auth_user_id" not in visitor.session
    assert visitor.get(answer.url).status_code == 200
    assert "not the code" in visitor.post(answer.url, {"code": "000000"}).content.decode()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert visitor.post(answer.url, {"code": code}).url == "/me/"


def test_secrets_of_apps_are_not_readable_in_the_database(ana):
    secret = totp.generate_totp_secret()
    row = totp.TOTP.activate(ana, secret).instance
    assert secret not in str(row.data)


def test_codes_grow_old(visitor, pia, code_sent_to):
    answer = sign_in(visitor, pia.phone)
    code = code_sent_to(pia.phone)
    with patch("allauth.account.internal.flows.code_verification.time.time", return_value=time.time() + 16 * 60):
        assert visitor.post(answer.url, {"code": code}).url == "/sign-in/"
    assert "_auth_user_id" not in visitor.session


def test_signing_in_is_a_form_that_another_site_cannot_post(ana):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/sign-in/", {"login": ana.email, "password": PASSWORD}).status_code == 403

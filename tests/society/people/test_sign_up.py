"""An e-mail address or a phone number is enough; a code shows that it is yours."""

import json

import pytest
from django.core.cache import cache

from tests import samples
from toadlane.plumbing.sending.models import Letter
from toadlane.society.people.models import Person

PASSWORD = "a short sentence"


def sign_up(visitor, reach, name="Ana Ferreira", password=PASSWORD):
    return visitor.post("/sign-up/", {"name": name, "reach": reach, "password1": password})


def test_with_an_email_address(visitor, code_sent_to):
    answer = sign_up(visitor, "Ana@Example.org")
    assert answer.status_code == 302 and answer.url == "/sign-up/email/"
    page = visitor.get(answer.url)
    assert "ana@example.org" in page.content.decode()
    assert "_auth_user_id" not in visitor.session
    answer = visitor.post(answer.url, {"code": code_sent_to("ana@example.org")})
    assert answer.status_code == 302 and answer.url == "/me/"
    ana = Person.objects.get(email="ana@example.org")
    assert visitor.session["_auth_user_id"] == str(ana.pk)
    assert (ana.name, ana.phone, ana.joined_at is not None) == ("Ana Ferreira", None, True)
    assert "Ana Ferreira" in visitor.get("/me/").content.decode()


def test_with_a_phone_number_alone(visitor, code_sent_to):
    answer = sign_up(visitor, "+353 86 123 4567")
    assert answer.url == "/sign-up/phone/"
    assert "+353861234567" in visitor.get(answer.url).content.decode()
    answer = visitor.post(answer.url, {"code": code_sent_to("+353861234567")})
    assert answer.status_code == 302 and answer.url == "/me/"
    person = Person.objects.get(phone="+353861234567")
    assert person.email is None and person.phone_verified_at
    assert visitor.session["_auth_user_id"] == str(person.pk)


def test_two_people_without_a_mailbox_do_not_stand_in_each_others_way(visitor, code_sent_to, client):
    for browser, phone in ((visitor, "+353861234567"), (client, "+353861234568")):
        browser.post(sign_up(browser, phone).url, {"code": code_sent_to(phone)})
    assert Person.objects.filter(email=None).count() == 2


def test_a_wrong_code_opens_nothing_and_three_end_it(visitor, code_sent_to):
    answer = sign_up(visitor, "ana@example.org")
    right = code_sent_to("ana@example.org")
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(2):
        page = visitor.post(answer.url, {"code": wrong})
        assert page.status_code == 200 and "not the code" in page.content.decode()
    assert visitor.post(answer.url, {"code": wrong}).url == "/sign-in/"
    assert visitor.post(answer.url, {"code": right}).status_code == 302
    assert "_auth_user_id" not in visitor.session


def test_a_typed_name_and_address_are_kept_when_something_is_wrong(visitor):
    page = sign_up(visitor, "ana@", password="short").content.decode()
    assert 'value="Ana Ferreira"' in page and 'value="ana@"' in page
    assert "not a whole e-mail address" in page and "things to put right" in page


@pytest.mark.parametrize("reach", ["12", "hello", "+", "@", "ana@example"])
def test_neither_address_nor_number(visitor, reach):
    assert sign_up(visitor, reach).status_code == 200
    assert not Person.objects.exists()


def test_a_known_address_looks_like_a_new_one(visitor, alice):
    new, known = sign_up(visitor, "new@sparkle.test"), None
    visitor.post("/sign-out/")
    known = sign_up(visitor, alice.email)
    assert (new.status_code, new.url) == (known.status_code, known.url)
    assert Person.objects.filter(email=alice.email).count() == 1
    assert "You have an account" in Letter.objects.get(address=alice.email).subject


def test_a_known_number_looks_like_a_new_one(visitor, client, code_sent_to):
    first = sign_up(visitor, "+353861234567")
    visitor.post(first.url, {"code": code_sent_to("+353861234567")})
    cache.clear()
    second = sign_up(client, "+353 861 234 567")
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert client.get(second.url).status_code == 200
    assert Person.objects.count() == 1


def test_a_number_is_not_flooded_with_codes(visitor, client):
    sign_up(visitor, "+353861234567")
    answer = sign_up(client, "+353861234567")
    assert answer.status_code == 429 and "Wait a little" in answer.content.decode()
    assert Letter.objects.count() == 1


def test_letters_speak_the_language_of_the_page(visitor):
    visitor.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    sign_up(visitor, "ana@example.org")
    assert Letter.objects.get(address="ana@example.org").language == "fr"
    assert Person.objects.get().language == "fr"


def test_naughty_names_round_trip_or_are_refused_kindly(visitor):
    if not samples.NAUGHTY.exists():
        pytest.skip(samples.ABSENT)
    for number, name in enumerate(json.loads(samples.NAUGHTY.read_text())):
        visitor.cookies.clear()
        cache.clear()
        answer = sign_up(visitor, f"n{number}@example.org", name=name)
        if answer.status_code == 200:
            assert "call you" in answer.content.decode() or "120" in answer.content.decode() or not name.strip(), name
        else:
            kept = Person.objects.get(email=f"n{number}@example.org").name
            assert kept and "\n" not in kept and "\u202e" not in kept
            assert kept.split() == [part for part in kept.split(" ") if part]

"""Tokens: a digest in the database, one statement a request, no more power than was asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.conftest import OPERATOR, browser
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.society.people import services
from toadlane.society.people.models import ApiToken

NOW = datetime.now(UTC)


def principal_of(person, **more):
    return Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk, **more)


def issue(person, *scopes, **more):
    about = {"person": person, "name": "till", "scopes": scopes or ["read"], "by": principal_of(person), "at": NOW} | more
    return services.issue_token(**about)


def ask(secret, path="/api/v1/me", method="get", **more):
    return getattr(Client(), method)(path, headers={"Authorization": f"Bearer {secret}"}, content_type="application/json", **more)


def test_a_token_says_who_i_am(alice, sparkle):
    _token, secret = issue(alice)
    answer = ask(secret)
    assert answer.status_code == 200
    assert answer.json()["name"] == "Alice"
    assert [coop["name"] for coop in answer.json()["coops"]] == ["Sparkle"]


def test_only_its_digest_is_kept(alice):
    token, secret = issue(alice)
    assert secret.startswith("tl_") and secret not in str(ApiToken.objects.filter(pk=token.pk).values())


def test_it_costs_one_statement_and_no_session(alice, sparkle, django_assert_num_queries):
    token, secret = issue(alice)
    ApiToken.objects.filter(pk=token.pk).update(last_used_on=datetime.now(UTC).date())
    with django_assert_num_queries(2) as seen:  # The token with its person, and the list the answer is made of.
        ask(secret, "/api/v1/me/tokens")
    assert not any("session" in query["sql"] for query in seen)


def test_the_day_of_use_is_remembered_once(alice, django_assert_num_queries):
    token, secret = issue(alice)
    ask(secret)
    token.refresh_from_db()
    assert token.last_used_on == datetime.now(UTC).date()


@pytest.mark.parametrize("secret", ["tl_wrong", "wrong", "", "tl_" + "x" * 5000])
def test_a_wrong_token_is_401_even_where_all_may_ask(secret, db):
    for path in ("/api/v1/me", "/api/v1/coops"):
        answer = ask(secret, path)
        assert answer.status_code == 401 and answer.json()["code"] == "bad_token"
        assert answer["Content-Type"] == "application/problem+json"


def test_an_expired_token_is_401_and_one_that_expires_later_is_not(alice):
    token, secret = issue(alice, expires_at=NOW + timedelta(days=1))
    assert ask(secret).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=NOW - timedelta(seconds=1))
    assert ask(secret).status_code == 401


def test_a_revoked_token_is_401(alice):
    token, secret = issue(alice)
    services.revoke_token(token=token, by=principal_of(alice), at=NOW)
    assert ask(secret).status_code == 401


def test_a_token_of_one_coop_finds_nothing_in_another(alice, sparkle, wheels):
    _token, secret = issue(alice, coop_id=sparkle.pk)
    assert ask(secret, f"/api/v1/coops/{sparkle.slug}/messages").status_code == 200
    answer = ask(secret, f"/api/v1/coops/{wheels.slug}/messages")
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"


def test_nobody_asks_without_a_token_or_a_session(db):
    answer = Client().get("/api/v1/me")
    assert answer.status_code == 401 and "Bearer" in answer.json()["hint"]


def test_a_token_for_reading_does_not_write(alice):
    _token, secret = issue(alice, "read")
    answer = ask(secret, method="patch", data={"name": "Alicia"})
    assert answer.status_code in (403, 404)
    _token, secret = issue(alice, "write")
    assert ask(secret, method="patch", data={"name": "Alicia"}).json()["name"] == "Alicia"


def test_a_token_does_not_make_a_stronger_one(alice):
    _token, secret = issue(alice, "write")
    answer = ask(secret, "/api/v1/me/tokens", "post", data={"name": "more", "scopes": ["money"]})
    assert answer.status_code == 422
    answer = ask(secret, "/api/v1/me/tokens", "post", data={"name": "same", "scopes": ["write"]})
    assert (
        answer.status_code == 201 and answer.json()["scopes"] == ["read", "write"] and answer.json()["secret"].startswith("tl_")
    )


@pytest.mark.parametrize(("days", "status"), [(10, 201), (11, 422), (None, 422)])
def test_a_token_makes_none_that_outlives_it(alice, days, status):
    _token, secret = issue(alice, "write", expires_at=NOW + timedelta(days=10))
    wanted = {"name": "more", "scopes": ["read"]}
    if days:
        wanted["expires_at"] = (NOW + timedelta(days=days)).isoformat()
    assert ask(secret, "/api/v1/me/tokens", "post", data=wanted).status_code == status


def test_a_token_is_taken_back_by_the_api(alice, bob):
    token, secret = issue(alice, "write")
    theirs, _secret = issue(bob)
    assert ask(secret, f"/api/v1/me/tokens/{theirs.pk}", "delete").status_code == 404
    assert ask(secret, f"/api/v1/me/tokens/{token.pk}", "delete").status_code == 204
    assert ask(secret).status_code == 401


def test_nobody_makes_a_token_for_somebody_else(alice, bob):
    with pytest.raises(Refused):
        services.issue_token(person=alice, name="x", scopes=["read"], by=principal_of(bob), at=NOW)
    services.issue_token(person=alice, name="script", scopes=["money"], by=OPERATOR, at=NOW)


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"scopes": []}, services.UnknownScope), ({"scopes": ["root"]}, services.UnknownScope),
        ({"name": "  "}, services.TokenNeedsName), ({"expires_at": NOW}, services.ExpiryPassed),
    ],
)  # fmt: skip
def test_a_token_that_makes_no_sense_is_refused_kindly(alice, about, error):
    with pytest.raises(error):
        issue(alice, **about)


def test_a_session_needs_the_header_against_forged_posts(alice):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice)
    answer = careful.patch("/api/v1/me", {"name": "Mallory"}, content_type="application/json")
    assert answer.status_code == 403
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_the_page_shows_a_secret_once(alice, sandbox):
    alice.set_password("a short sentence")
    alice.save()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    ana = Client()
    assert ana.post("/sign-in/", {"login": alice.email, "password": "a short sentence"}).url == "/me/"
    assert ana.post("/sign-in/again/?next=/me/tokens/", {"password": "a short sentence"}).url == "/me/tokens/"
    page = ana.post("/me/tokens/", {"name": "till", "scope": "read", "days": "90", "coop": ""})
    assert page.status_code == 200 and "tl_" in page.content.decode() and page["Cache-Control"] == "no-store"
    token = ApiToken.objects.get()
    assert token.expires_at - token.made_at == timedelta(days=90)
    assert "Here is your token" not in ana.get("/me/tokens/").content.decode()
    ana.post(f"/me/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at


def test_a_session_left_open_does_not_make_tokens(alice):
    left_open = browser(alice)
    assert left_open.get("/me/tokens/").url.startswith("/sign-in/again/")


def test_each_token_says_in_words_what_it_opens_where_and_until_when(alice, sparkle):
    issue(alice, "write", coop_id=sparkle.pk, expires_at=NOW + timedelta(days=900))
    over, _secret = issue(alice, "money", expires_at=NOW + timedelta(days=1))
    ApiToken.objects.filter(pk=over.pk).update(expires_at=NOW - timedelta(days=2))
    ana = browser(alice)
    alice.set_password("a short sentence")
    alice.save()
    ana.force_login(alice)
    ana.post("/sign-in/again/?next=/me/tokens/", {"password": "a short sentence"})
    page = ana.get("/me/tokens/").content.decode().partition("Make a token")[0]
    assert "Read, and do what I may do, except move money. Only in Sparkle." in page and "read, write" not in page
    assert "Everything I may do, moving money too. It ran out on" in " ".join(page.split())

"""A few lives led over the API alone: what pages alone could do once."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.audit.models import StaffSession
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.outbox import walking
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.people import services as people
from toadlane.society.people.models import Person

SPARKLE = "/api/v1/coops/sparkle"


def send(client, path, body=None, method="post"):
    return getattr(client, method)(path, body if body is not None else {}, content_type="application/json")


def is_problem(answer, status, code):
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    return told


# ------------------------------------------------------------------------------------------------------------- oneself
def test_i_see_where_i_am_signed_in_and_sign_out_elsewhere(sparkle, bob, alice):
    here, there, hers = Client(HTTP_USER_AGENT="Firefox Linux"), Client(HTTP_USER_AGENT="Chrome Android"), browser(alice)
    bob.set_password("a-long-one-7")
    bob.save()
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    for client in (here, there):
        assert client.post("/sign-in/", {"login": bob.email, "password": "a-long-one-7"}).status_code == 302
    found = here.get("/api/v1/me/sessions").json()["items"]
    assert sorted((one["device"], one["is_this_one"]) for one in found) == [("Chrome, Android", False), ("Firefox, Linux", True)]
    other = next(one["id"] for one in found if not one["is_this_one"])
    assert is_problem(send(hers, f"/api/v1/me/sessions/{other}", method="delete"), 404, "not_found")
    assert send(here, f"/api/v1/me/sessions/{other}", method="delete").status_code == 204
    assert there.get("/api/v1/me").status_code == 401 and here.get("/api/v1/me").status_code == 200
    assert send(here, "/api/v1/me/sessions", method="delete").status_code == 204
    assert here.get("/api/v1/me").status_code == 200 and hers.get("/api/v1/me").status_code == 200


def test_i_close_my_account_with_my_password_and_not_without(sparkle, db):
    dora = Person(email="dora@sparkle.test", name="Dora")
    dora.set_password("a-long-one-7")
    dora.save()
    client = browser(dora)
    assert is_problem(send(client, "/api/v1/me/close", {"password": "guessed"}), 422, "wrong_password")["field"] == "password"
    assert Person.objects.get(pk=dora.pk).is_active
    assert send(client, "/api/v1/me/close", {"password": "a-long-one-7"}).status_code == 204
    gone = Person.objects.get(pk=dora.pk)
    assert not gone.is_active and gone.email is None and client.get("/api/v1/me").status_code == 401


def test_the_last_on_the_board_is_told_what_to_settle_first(sparkle, bob):
    bob.set_password("a-long-one-7")
    bob.save()
    assert is_problem(send(browser(bob), "/api/v1/me/close", {"password": "a-long-one-7"}), 409, "cannot_close")["hint"]


def test_a_session_left_open_makes_no_token_and_visits_nobody(sparkle, bob):
    bob.set_password("a-long-one-7")
    bob.is_operator = True
    bob.save()
    client = browser(bob)
    until = (clock.machine_time() + timedelta(hours=1)).isoformat()
    for path, body in (
        ("/api/v1/me/tokens", {"name": "mine", "scopes": ["read"]}),
        ("/api/v1/me/staff", {"coop": "sparkle", "reason": "Bob asked for help with a refund.", "until": until}),
    ):
        assert is_problem(send(client, path, body), 403, "prove_yourself")["hint"]


# ----------------------------------------------------------------------------------------------- the trail and visitors
def as_herself(person):
    return Principal(coop_id=None, channel=Channel.WEB, person_id=person.pk)


@pytest.fixture
def operator(db):
    return Person.objects.create(email="olga@server.test", name="Olga", is_operator=True)


def test_an_operator_visits_for_a_reason_and_the_board_sees_and_ends_it(sparkle, bob, alice, charlie, wheels, operator):
    _made, secret = people.issue_token(
        person=operator, name="desk", scopes=["write"], by=as_herself(operator), at=clock.machine_time()
    )
    olga = Client(headers={"Authorization": f"Bearer {secret}"})
    until = (clock.machine_time() + timedelta(hours=1)).isoformat()
    asked = {"coop": "sparkle", "reason": "Bob asked for help with a refund.", "until": until}
    assert is_problem(send(browser(bob), "/api/v1/me/staff", asked), 404, "not_found")
    assert is_problem(send(olga, "/api/v1/me/staff", {**asked, "coop": "nowhere"}), 404, "not_found")
    assert is_problem(send(olga, "/api/v1/me/staff", {**asked, "reason": "x"}), 422, "reason_missing")["field"] == "reason"
    made = send(olga, "/api/v1/me/staff", asked)
    assert made.status_code == 201 and made.json()["url"].endswith("/c/sparkle/")
    trail = browser(bob).get(f"{SPARKLE}/trail").json()
    assert trail["items"][0]["action"] == "staff.opened" and trail["items"][0]["name"] == "Olga"
    [visit] = browser(bob).get(f"{SPARKLE}/trail/staff").json()["items"]
    assert (visit["id"], visit["person_name"], visit["ended_at"]) == (made.json()["id"], "Olga", None)
    for stranger in (browser(charlie), browser(alice), Client()):
        for answer in (
            stranger.get(f"{SPARKLE}/trail"), stranger.get(f"{SPARKLE}/trail/staff"),
            send(stranger, f"{SPARKLE}/trail/staff/{visit['id']}/end"),
        ):  # fmt: skip
            assert answer.status_code in (401, 403, 404)
    assert is_problem(send(browser(charlie), f"/api/v1/coops/wheels/trail/staff/{visit['id']}/end"), 404, "not_found")
    assert send(browser(bob), f"{SPARKLE}/trail/staff/{visit['id']}/end").json()["ended_at"]
    with scope(sparkle.pk):
        assert not StaffSession.objects.filter(ended_at=None).exists()


def test_the_trail_is_paged_and_asked_about_one_thing(sparkle, bob):
    for tagline in ("One", "Two", "Three"):
        assert send(browser(bob), f"{SPARKLE}/about", {"tagline": tagline}, "patch").status_code == 200
    first = browser(bob).get(f"{SPARKLE}/trail?limit=2&subject=coop:{sparkle.pk}").json()
    rest = browser(bob).get(f"{SPARKLE}/trail?limit=2&subject=coop:{sparkle.pk}&cursor={first['next']}").json()
    assert len(first["items"]) == 2 and len(rest["items"]) == 1 and rest["next"] is None


# -------------------------------------------------------------------------------------------------------------- a clock
def test_a_sandbox_is_moved_forward_by_its_board_alone(sparkle, wheels, bob, alice, charlie):
    before = Client().get(f"{SPARKLE}/clock").json()
    assert before["is_sandbox"] and before["ahead_seconds"] == 0 and not before["may_move"]
    after = send(browser(bob), f"{SPARKLE}/clock/forward", {"days": 2, "hours": 2}).json()
    assert after["bound_for"] > after["now"] and after["may_move"] and after["ahead_seconds"] < 60, "the worker takes it there"
    walking.accompany(sparkle.pk, print)
    there = Client().get(f"{SPARKLE}/clock").json()
    assert there["ahead_seconds"] == 2 * 86_400 + 7200 and there["bound_for"] is None and there["now"] > before["now"]
    assert is_problem(send(browser(bob), f"{SPARKLE}/clock/forward"), 422, "only_forward")["field"] == "days"
    assert send(browser(alice), f"{SPARKLE}/clock/forward", {"days": 1}).status_code == 403
    assert send(browser(charlie), f"{SPARKLE}/clock/forward", {"days": 1}).status_code == 404
    is_problem(send(browser(charlie), "/api/v1/coops/wheels/clock/forward", {"days": 1}), 409, "not_a_sandbox")


def test_a_clock_moved_twice_with_one_key_moves_once(sparkle, bob):
    client = browser(bob)
    for _time in range(2):
        body = {"days": 1}
        answer = client.post(
            f"{SPARKLE}/clock/forward", body, content_type="application/json", headers={"Idempotency-Key": "a day"}
        )
        assert answer.status_code == 200
    assert Tenant.objects.get(pk=sparkle.pk).bound_for == timedelta(days=1)


def test_a_clock_on_its_way_stays_where_its_board_says(sparkle, bob, alice):
    send(browser(bob), f"{SPARKLE}/clock/forward", {"days": 30})
    assert send(browser(alice), f"{SPARKLE}/clock/stay").status_code == 403
    assert browser(bob).get("/c/sparkle/sandbox/").status_code == 200 and Client().get(f"{SPARKLE}/clock").status_code == 200
    is_problem(send(browser(bob), f"{SPARKLE}/about", {"tagline": "Now"}, "patch"), 409, "on_its_way")
    assert browser(bob).post("/c/sparkle/settings/", {"tagline": "Now"}).status_code == 409
    assert send(browser(bob), f"{SPARKLE}/clock/forward", {"days": 1}).status_code == 200
    assert send(browser(bob), f"{SPARKLE}/clock/stay").json()["bound_for"] is None
    assert send(browser(bob), f"{SPARKLE}/about", {"tagline": "Now"}, "patch").status_code == 200


# ------------------------------------------------------------------------------------------------------------- founding
DRAFTS = "/api/v1/found/drafts"


def test_two_found_a_co_op_over_the_api_and_each_signs(db, bob, alice, charlie):
    bobs, hers = browser(bob), browser(alice)
    made = send(bobs, DRAFTS, {"blueprint": "home_services"}).json()
    draft = f"{DRAFTS}/{made['id']}"
    assert made["missing"] and made["rules"] and all(rule["question"] for rule in made["rules"])
    place = {"place": "Sevilla", "country": "ES", "currency": "eur", "language": "en", "time_zone": "Europe/Madrid"}
    named = send(bobs, draft, {"name": "Bright & Early", **place, "pack": "none"}, "patch").json()
    assert named["answers"]["slug"] == "bright-early" and named["answers"]["currency"] == "EUR" and not named["missing"]
    answers = {"values": {"fees.commission": "0.06"}, "guards": {"fees.commission": "special"}}
    told = send(bobs, draft, answers, "patch").json()
    rule = next(rule for rule in told["rules"] if rule["id"] == "fees.commission")
    assert (rule["value"], rule["guard"]) == ("0.06", "special") and told["digest"] != named["digest"]
    is_problem(send(bobs, f"{draft}/founders", {"name": "Alice"}), 422, "cannot_be_reached")
    asked = send(bobs, f"{draft}/founders", {"name": "Alice", "email": "alice@sparkle.test"}).json()
    is_problem(send(bobs, f"{draft}/founders", {"name": "Alice", "email": "alice@sparkle.test"}), 409, "asked_already")
    her_key = Letter.objects.get(address="alice@sparkle.test").text.split("/found/sign/")[1].split("/")[0]
    offices = {"board": ["me", str(asked["founders"][0]["id"])]}
    digest = send(bobs, draft, {"offices": offices}, "patch").json()["digest"]
    is_problem(send(bobs, f"{draft}/sign", {"digest": digest}), 409, "not_ready")
    read = Client().get(f"/api/v1/found/asked/{her_key}").json()
    assert read["digest"] == digest and read["bylaws"] and (read["founder"], read["has_signed"]) == ("Bob", False)
    assert send(Client(), f"/api/v1/found/asked/{her_key}", {"digest": digest}).status_code == 401
    is_problem(send(hers, f"/api/v1/found/asked/{her_key}", {"digest": "0" * 64}), 409, "changed_meanwhile")
    assert send(hers, f"/api/v1/found/asked/{her_key}", {"digest": digest}).json()["has_signed"]
    founded = send(bobs, f"{draft}/sign", {"digest": digest})
    assert founded.status_code == 201 and founded.json()["slug"] == "bright-early"
    assert send(bobs, f"{draft}/sign", {"digest": digest}).json() == founded.json(), "signed again it is the same co-op"
    coop = Coop.objects.get()
    with scope(coop.pk):
        assert [one.person.name for one in bylaws.signatures()] == ["Alice", "Bob"]
        assert {"board"} <= members.principal(person_id=alice.pk, channel="api").roles
        assert bylaws.book().rule("fees.commission")["value"] == "0.06"
    assert bobs.get(DRAFTS).json()["items"] == []


def test_a_draft_is_its_founders_own_and_nobody_elses(db, bob, charlie):
    made = send(browser(bob), DRAFTS, {"blueprint": "marketplace"}).json()
    theirs, draft = browser(charlie), f"{DRAFTS}/{made['id']}"
    asked = send(browser(bob), f"{draft}/founders", {"name": "Alice", "email": "alice@sparkle.test"}).json()["founders"][0]["id"]
    for answer in (
        theirs.get(draft), theirs.get(f"{draft}/bylaws"), send(theirs, draft, {"name": "Mine"}, "patch"),
        send(theirs, f"{draft}/founders", {"name": "Me", "email": "me@x.test"}), send(theirs, f"{draft}/sign", {"digest": "x"}),
        send(theirs, f"{draft}/founders/{asked}", method="delete"),
    ):  # fmt: skip
        is_problem(answer, 404, "not_found")
    assert theirs.get(DRAFTS).json()["items"] == []
    assert send(browser(bob), f"{draft}/founders/{asked}", method="delete").status_code == 204
    assert browser(bob).get(f"{draft}/bylaws").json()[0]["clauses"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"slug": "wheels"}, "slug_taken"), ({"pack": "atlantis"}, "no_such_pack"),
        ({"time_zone": "Mars/Base"}, "no_such_time_zone"),
        ({"values": {"no.such": 1}}, "not_a_rule"), ({"currency": "zzz"}, "unknown_currency"),
        ({"offices": {"king": ["me"]}}, "invalid"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_and_nothing_is_kept(bob, wheels, wrong, code):
    made = send(browser(bob), DRAFTS, {"blueprint": "marketplace"}).json()
    answer = send(browser(bob), f"{DRAFTS}/{made['id']}", wrong, "patch")
    assert answer.status_code in (409, 422) and answer.json()["code"] == code
    assert browser(bob).get(f"{DRAFTS}/{made['id']}").json()["answers"] == {}


# ---------------------------------------------------------------------------------------------------- pages and the rest
def test_a_page_is_taken_down_and_put_up_again(sparkle, bob, alice):
    made = send(browser(bob), f"{SPARKLE}/pages", {"title": "About us", "text": "We *clean*."}).json()
    assert not send(browser(bob), f"{SPARKLE}/pages/{made['slug']}", method="delete").json()["is_up"]
    assert send(browser(alice), f"{SPARKLE}/pages/{made['slug']}/up").status_code in (403, 404)
    assert send(browser(bob), f"{SPARKLE}/pages/{made['slug']}/up").json()["is_up"]


def test_an_applicant_is_put_on_the_waiting_list(sparkle, bob, charlie, wheels):
    questions = next(one for one in Client().get(f"{SPARKLE}/members/classes").json() if one["id"] == "worker")["questions"]
    answers = {one["id"]: "Gladly." for one in questions}
    applied = send(browser(charlie), f"{SPARKLE}/members/applications", {"member_class": "worker", "answers": answers})
    assert applied.status_code == 201, applied.content
    wait = f"{SPARKLE}/members/applications/{applied.json()['id']}/wait"
    assert send(browser(charlie), wait).status_code in (403, 404)
    assert send(browser(bob), wait).json()["standing"] == "waiting"


def test_a_member_has_a_calendar_address_for_all_they_offer(sparkle, alice, charlie, wheels):
    made = send(browser(alice), f"{SPARKLE}/calendar/feeds")
    assert made.status_code == 201 and made.json()[0]["url"].endswith(".ics")
    assert browser(alice).get(f"{SPARKLE}/calendar/feeds").json()["items"] == made.json()
    assert send(browser(charlie), f"{SPARKLE}/calendar/feeds").status_code in (403, 404)
    assert browser(charlie).get(f"{SPARKLE}/calendar/feeds").status_code == 404


def test_where_one_is_paid_and_what_stands_on_invoices_is_read_by_oneself(sparkle, alice, bob, charlie, wheels):
    own = browser(alice).get(f"{SPARKLE}/members/mine").json()[0]["id"]
    given = {"membership": own, "name": "Alice", "iban": "DE89370400440532013000"}
    assert send(browser(alice), f"{SPARKLE}/bank/details", given, "put").status_code == 200
    [known] = browser(alice).get(f"{SPARKLE}/bank/details").json()
    assert (known["membership"], known["name"]) == (own, "Alice") and "3704" not in known["iban"]
    said = {
        "membership": own,
        "name": "Alice",
        "street": "Quay 1",
        "city": "Dublin",
        "postcode": "D1",
        "country": "IE",
        "tax_number": "1234567FA",
    }
    answer = send(browser(alice), f"{SPARKLE}/invoices/particulars", said, "put")
    assert answer.status_code == 200, answer.content
    [stated] = browser(alice).get(f"{SPARKLE}/invoices/particulars").json()
    assert (stated["membership"], stated["city"]) == (own, "Dublin")
    for path in ("bank/details", "invoices/particulars"):
        assert browser(charlie).get(f"{SPARKLE}/{path}").status_code == 404
        assert browser(bob).get(f"{SPARKLE}/{path}").json() == []

"""The whole way of a wallet on the pages and over the API: invited, said yes, promised, paid, taken out."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from tests.conftest import browser, run_jobs
from tests.money.benefits.conftest import PHONE, credits, link_in, of
from tests.money.funds.conftest import rule
from toadlane.money.benefits import queries, services
from toadlane.money.benefits.models import Batch, Contribution, Draw, Invitation, Plan, Pledge, Relief, Wallet
from toadlane.money.payments.models import Payment
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db
PAGES, API = "/c/sparkle/benefits", "/api/v1/coops/sparkle/benefits"
CARD = {"number": "4242 4242 4242 4242", "expiry": "04/39", "cvc": "123"}


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def send(client, path, body=None, status=200, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post(f"{API}{path}", body or {}, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def person(by):
    return browser(Person.objects.get(pk=by.person_id))


def key_in(text):
    return re.search(r'name="key" value="([^"]+)"', text)[1]


def test_on_the_pages(inside, clients, board, dora, at, settings):
    settings.TOADLANE_SANDBOX = True
    client, rose, officer, second = browser(clients[0]), Client(), person(dora), person(board)
    assert "Pay for somebody" in page(client, f"{PAGES}/")
    assert "Type the number" in client.post(f"{PAGES}/invite/", {"phone": "12"}).content.decode()
    assert client.post(f"{PAGES}/invite/", {"phone": PHONE}).status_code == 302
    assert PHONE in page(client, f"{PAGES}/invite/")
    link = "/" + link_in(Letter.objects.get(address=PHONE)).split("/", 3)[3]
    told = page(rose, link)
    assert "Client 0 wants to pay into it" in told and "60 credits are half a day off" in told
    wrong = rose.post(link, {"name": "Rose", "phone": "+353861234568"})
    assert (
        wrong.status_code == 422
        and 'value="Rose"' in wrong.content.decode()
        and "Type the number of the phone" in wrong.content.decode()
    )
    assert rose.post(link, {"name": "Rose", "phone": PHONE})["Location"] == f"{PAGES}/"
    mine = page(rose, f"{PAGES}/")
    wallet = Wallet.objects.get()
    assert "0 credits" in mine and "60 credits more are half a day off" in mine and wallet.code in mine
    assert page(Client(), link, 404), "an invitation is answered once"
    run_jobs()
    assert "Pay into her wallet" in page(client, f"{PAGES}/invite/")
    _promises(client, rose, wallet)
    _takes(rose, officer, second, wallet)
    assert 'href="/wallets/"' in page(rose, "/wallets/") and 'href="/wallets/"' not in page(client, "/me/")
    assert "45 credits more are half a day off" in page(rose, "/c/sparkle/members/desk/")
    plan = Plan.objects.get()
    assert client.post(f"{PAGES}/plans/{plan.pk}/change/", {"amount": "1"}).status_code == 422
    client.post(f"{PAGES}/plans/{plan.pk}/change/", {"amount": "20"})
    client.post(f"{PAGES}/plans/{Plan.objects.get(state='running').pk}/end/")
    assert "No plan is running" in page(client, f"{PAGES}/plans/") and credits(wallet) == 15
    assert client.post(f"{PAGES}/plans/{plan.pk}/nonsense/").status_code == 404


def _promises(client, rose, wallet):
    give = f"{PAGES}/give/{wallet.code}/"
    form = {"amount": "75", "rhythm": "month", "key": key_in(page(client, give))}
    assert "At least €5.00" in client.post(give, form | {"amount": "4,99"}).content.decode()
    assert "A plan is paid by card." in client.post(give, form | {"method": "transfer"}).content.decode()
    till = client.post(give, form)["Location"]
    assert till.endswith(f"/pay/{Payment.objects.get().token}/") and client.post(give, form)["Location"] == till
    path = "/" + till.split("/", 3)[3]
    assert client.post(path, CARD).status_code == 302
    run_jobs()
    plans = page(client, f"{PAGES}/plans/")
    assert "€75.00" in plans and "card ending in 4242" in plans and "the next time on" in plans
    mine = page(rose, f"{PAGES}/")
    assert "75 credits" in mine and "That is half a day off" in mine and "Client 0" in mine


def _takes(rose, officer, second, wallet):
    mine = page(rose, f"{PAGES}/")
    here = f"{PAGES}/wallets/{wallet.pk}/"
    ask = {"what": "half_day", "count": "1", "way": "voucher", "account": "", "key": key_in(mine)}
    assert "Say where to send it" in rose.post(here, ask).content.decode()
    for _twice in range(2):
        assert rose.post(here, ask | {"account": "9 Mill Lane"}).status_code == 302
    assert Draw.objects.count() == 1 and "15 credits are free" in page(rose, here)
    assert "payment was asked for" in page(officer, "/c/sparkle/members/desk/")
    assert "9 Mill Lane" in page(officer, f"{PAGES}/batches/")
    officer.post(f"{PAGES}/batches/prepare/")
    assert "You put it together" in page(officer, f"{PAGES}/batches/")
    assert "Approve days off and emergency help: €60.00" in page(second, "/c/sparkle/members/desk/")
    officer.post(f"{PAGES}/batches/1/approve/")
    assert credits(wallet) == 75
    second.post(f"{PAGES}/batches/1/approve/")
    assert credits(wallet) == 15 and "Batch 1: €60.00" in page(second, f"{PAGES}/batches/")
    run_jobs()
    assert "15 credits" in page(rose, f"{PAGES}/") and Letter.objects.filter(template="benefits/paid", address=PHONE).exists()
    assert "Sparkle" in page(rose, "/wallets/") and "15 credits" in page(rose, "/wallets/")


def test_help_and_codes_on_the_pages(inside, fund, board, dora, alice, at):
    officer, nobody = person(board), Client()
    made = officer.post(f"{PAGES}/codes/", {"count": "2"}).content.decode()
    code = re.search(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", made)[1]
    assert browser(alice).get(f"{PAGES}/codes/").status_code == 403
    form = {"code": code, "name": "Rose", "phone": PHONE, "need": "A <fire>", "way": "cash"}
    missing = nobody.post(f"{PAGES}/help/", form)
    assert (
        missing.status_code == 422
        and "Tick that what you say is true" in missing.content.decode()
        and code in missing.content.decode()
    )
    assert nobody.post(f"{PAGES}/help/", form | {"true": "on"}).status_code == 302
    assert "used already" in nobody.post(f"{PAGES}/help/", form | {"true": "on"}).content.decode()
    assert escape("A <fire>") in page(officer, f"{PAGES}/batches/")
    officer.post(f"{PAGES}/requests/relief/{Relief.objects.get().pk}/decline/", {"reason": ""})
    assert Relief.objects.get().state == "asked"
    officer.post(f"{PAGES}/batches/prepare/")
    person(dora).post(f"{PAGES}/batches/1/drop/")
    officer.post(f"{PAGES}/requests/relief/{Relief.objects.get().pk}/decline/", {"reason": "Paid by the city."})
    assert Relief.objects.get().reason == "Paid by the city."
    for path in ("requests/other/1/decline/", "batches/9/approve/", "batches/1/other/"):
        assert officer.post(f"{PAGES}/{path}").status_code == 404


def test_who_helps_sits_beside_her(inside, board, alice, at):
    helper = person(board)
    assert browser(alice).get(f"{PAGES}/helping/").status_code == 403
    here = helper.post(f"{PAGES}/helping/", {"name": "Rose", "phone": PHONE})["Location"]
    assert "Wallet of Rose" in page(helper, here) and page(browser(alice), here, 404)
    assert helper.post(f"{here}clients/", {"phone": "+353861111111"}).status_code == 302
    assert Invitation.objects.get().wallet == Wallet.objects.get()


def test_pledges_on_the_pages(inside, clients, board):
    client, officer, nobody = browser(clients[0]), person(board), Client()
    form = {"name": "Client 0", "website": "homes.example", "value_safety": "Gloves.", "value_growth": ""}
    few = client.post(f"{PAGES}/pledges/new/", form)
    assert few.status_code == 422 and "At least 2 of them." in few.content.decode() and "Gloves." in few.content.decode()
    client.post(f"{PAGES}/pledges/new/", form | {"value_growth": "A course a year."})
    assert "Gloves." not in page(nobody, f"{PAGES}/pledges/") and "1 pledge to read" in page(officer, "/c/sparkle/members/desk/")
    pk = Pledge.objects.get().pk
    assert nobody.post(f"{PAGES}/pledges/{pk}/show/").status_code == 302 and Pledge.objects.get().state == "asked"
    assert client.post(f"{PAGES}/pledges/{pk}/show/").status_code in (403, 404)
    officer.post(f"{PAGES}/pledges/{pk}/show/")
    shown = page(nobody, f"{PAGES}/pledges/")
    assert "Gloves." in shown and "A course a year." in shown and 'href="https://homes.example"' in shown
    client.post(f"{PAGES}/pledges/{pk}/end/")
    assert "Ended:" in page(nobody, f"{PAGES}/pledges/")


def test_over_the_api(inside, clients, board, dora, fund, at, settings):
    settings.TOADLANE_SANDBOX = True
    client, officer, second = browser(clients[0]), person(dora), person(board)
    terms = Client().get(f"{API}/terms").json()
    assert (terms["is_open"], terms["half_day"], terms["day"], terms["minimum"]["minor"]) == (True, 60, 120, 500)
    send(client, "/invitations", {"phone": PHONE}, 201)
    token = link_in(Letter.objects.get(address=PHONE)).rstrip("/").split("/")[-1]
    assert send(Client(), f"/claim/{token}", {"name": "R", "phone": "+353861234568"}, 422)["code"] == "not_the_number"
    opened = send(Client(), f"/claim/{token}", {"name": "Rose", "phone": PHONE}, 201)
    rose = browser(Person.objects.get(phone=PHONE))
    code = opened["give"].rstrip("/").split("/")[-1]
    to_pay = send(client, f"/give/{code}", {"minor": 7_500, "rhythm": "month"}, 201, key="g")
    assert send(client, f"/give/{code}", {"minor": 7_500, "rhythm": "month"}, 201, key="g") == to_pay
    paid = client.post(f"/api/v1/pay/{to_pay['page'].rstrip('/').split('/')[-1]}", CARD, content_type="application/json")
    assert paid.json()["state"] == "captured"
    run_jobs()
    [plan] = client.get(f"{API}/plans").json()["items"]
    assert (plan["state"], plan["amount"]["minor"]) == ("running", 7_500)
    assert client.get(f"{API}/contributions").json()["items"][0]["state"] == "paid"
    mine = rose.get(API).json()
    assert (mine["credits"], mine["free"]) == (75, 75) and client.get(API).status_code == 404
    wanted = {"what": "half_day", "way": "cash"}
    asked = send(rose, f"/wallets/{opened['id']}/requests", wanted, 201, key="t")
    assert send(rose, f"/wallets/{opened['id']}/requests", wanted, 201, key="t") == asked
    assert send(rose, f"/wallets/{opened['id']}/requests", wanted, 422, key="u")["code"] == "not_enough"
    assert send(client, f"/wallets/{opened['id']}/requests", wanted, 404, key="v")
    assert len(officer.get(f"{API}/waiting").json()["requests"]) == 1
    assert send(officer, "/batches", status=201)["total"]["minor"] == 6_000
    assert send(officer, "/batches/1/approve", status=403)["code"] == "second_person_needed"
    assert send(second, "/batches/1/approve")["approved_by"] == "Bob"
    assert rose.get(API).json()["credits"] == 15
    assert rose.get("/api/v1/wallets").json()[0]["credits"] == 15
    assert send(client, f"/plans/{plan['id']}/change", {"minor": 2_000})["amount"]["minor"] == 2_000
    assert send(client, f"/plans/{Plan.objects.get(state='running').pk}/end")["state"] == "ended"
    [help_code] = send(second, "/codes", {"count": 1}, 201)["codes"]
    told = {"code": help_code, "name": "Rose", "phone": PHONE, "need": "Ill.", "is_true": True, "way": "cash"}
    assert send(Client(), "/help", told, 201)["amount"]["minor"] == 40_000
    assert send(Client(), "/help", told, 422)["code"] == "not_a_code"
    assert send(officer, f"/help/{Relief.objects.get().pk}/decline", {"reason": "No."})["state"] == "declined"
    kept = {"name": "C", "actions": {"safety": "Gloves.", "growth": "Courses."}}
    pledged = send(client, "/pledges", kept, 201)
    assert not Client().get(f"{API}/pledges").json()["items"]
    assert send(second, f"/pledges/{pledged['id']}/show")["state"] == "kept"
    assert Client().get(f"{API}/pledges").json()["items"][0]["actions"][0]["what"] == "Gloves."
    assert send(client, f"/pledges/{pledged['id']}/end", {"reason": ""})["state"] == "ended"


def test_charlie_finds_nothing_on_any_surface(inside, clients, promise, rose, wheels, charlie, at):
    plan = promise(clients[0], rose, 6_000)
    draw = services.take(wallet=rose, what="half_day", way="cash", key="k", by=of(rose.person), at=at)
    with scope(wheels.pk):
        rule(benefits__wallets=True)
    stranger = browser(charlie)
    for coop in ("sparkle", "wheels"):
        pages, api = f"/c/{coop}/benefits", f"/api/v1/coops/{coop}/benefits"
        for path in (f"wallets/{rose.pk}/", f"claim/{rose.code}/"):
            assert stranger.get(f"{pages}/{path}").status_code == 404
        for path in (
            f"requests/{draw.pk}/withdraw/",
            f"plans/{plan.pk}/end/",
            f"requests/draw/{draw.pk}/decline/",
            "batches/1/approve/",
        ):
            assert stranger.post(f"{pages}/{path}").status_code == 404, path
        for path in (f"/wallets/{rose.pk}", "", "/batches/1"):
            assert stranger.get(f"{api}{path}").status_code in (404, 405)
        bare = [(f"/requests/{draw.pk}/withdraw", {}), (f"/plans/{plan.pk}/end", {})]
        for path, sent in (*bare, (f"/requests/{draw.pk}/decline", {"reason": "x"})):
            assert stranger.post(f"{api}{path}", sent, content_type="application/json").status_code == 404, path
    assert stranger.get("/c/sparkle/benefits/batches/").status_code == 404
    assert stranger.get(f"/c/wheels/benefits/give/{rose.code}/").status_code == 404
    assert queries.draw(draw.pk).state == "asked" and queries.plan(plan.pk).state == "running" and not Batch.objects.exists()
    assert Contribution.objects.count() == 1

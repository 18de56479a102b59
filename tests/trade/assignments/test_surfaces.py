"""The order over 1,000.00 over the API and on the pages, and Charlie, who is not there for anybody and for whom nothing is."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.trade.assignments.conftest import confirmed, engaged, euro, fresh, membership, quoted
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending.models import Letter
from toadlane.trade.assignments import queries, services
from toadlane.trade.assignments.models import Activity, Assignment, Contract, Outlay

pytestmark = pytest.mark.django_db
PAGES, API = "/c/quill/activities", "/api/v1/coops/quill/activities"


@pytest.fixture(autouse=True)
def _then(at):
    """Every request is made at the tests' own time."""
    with clock.telling(at):
        yield


def send(client, path, body=None, status=200, method="post", key="k"):
    answer = getattr(client, method)(
        f"{API}{path}", json.dumps(body or {}), content_type="application/json", headers={"Idempotency-Key": f"{key}{path}"}
    )
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client, path, status=200):
    answer = client.get(f"{API}{path}")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def page(client, path, status=200):
    answer = client.get(path if path.startswith("/c/") else f"{PAGES}{path}")
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def quote_of(day, minor=100_000):
    return {
        "title": "Spring posters", "trade": "any", "first_day": str(day), "last_day": str(day),
        "lines": [{"text": "Ten posters", "minor": minor}],
        "client": {"name": "Gate Theater", "email": "office@gate.test", "country": "IE", "city": "Cork"},
    }  # fmt: skip


def test_the_story_over_the_api(house, at):
    alice, bob, tom, guest = browser(house.alice), browser(house.bob), browser(house.tom), Client()
    day = queries.today(at)
    assert send(tom, "/office/fund", {"minor": 200_000})["minor"] == 200_000
    assert send(tom, "/office/fund", {"minor": 200_000})["minor"] == 200_000, "the same key puts in once"
    own = send(alice, "", {"name": "Posters"}, 201)
    assert (own["balance"]["minor"], own["is_open"]) == (0, True)
    order = send(alice, f"/{own['id']}/orders", quote_of(day), 201)
    assert (order["fee"]["minor"], order["labor"]["minor"], order["total"]["minor"]) == (6_500, 93_500, 121_000)
    assert "not confirmed" in order["not_guaranteed"]
    token = queries.token(Assignment.objects.get())
    get(guest, f"/quotes/{token}", 404)  # Nobody has sent it.
    send(alice, f"/orders/{order['id']}/send")
    assert token in Letter.objects.get(template="assignments/quote").text
    shown = get(guest, f"/quotes/{token}")
    send(guest, f"/quotes/{token}/confirm", {"name": "Gabriel Gate", "digest": "0" * 64}, 409)
    said = send(guest, f"/quotes/{token}/confirm", {"name": "Gabriel Gate", "digest": shown["digest"]}, key="again")
    assert (said["state"], said["confirmed_name"]) == ("confirmed", "Gabriel Gate")
    # 60.00 a day is refused with the floor; the whole of what is there for labor is not.
    work = {"worker": membership(house.alice).pk, "first_day": str(day), "last_day": str(day), "days": 1, "order": order["id"]}
    refused = send(alice, f"/{own['id']}/contracts", work | {"minor": 6_000}, 422)
    assert refused["code"] == "below_floor" and "71.97" in refused["title"] + refused["hint"]
    contract = send(alice, f"/{own['id']}/contracts", work | {"minor": 93_500, "means": "cost"}, 201, key="two")
    assert (contract["gross"]["minor"], contract["net"]["minor"], contract["pay_by"]) == (70_000, 56_000, "2027-03-10")
    order = send(alice, f"/orders/{order['id']}/invoice")
    assert (order["state"], order["owed"]["minor"], order["due_on"]) == ("invoiced", 121_000, "2027-03-11")
    assert guest.get(f"{API}/quotes/{token}/invoice").content.startswith(b"%PDF-")
    assert alice.get(f"{API}/orders/{order['id']}/invoice").content.startswith(b"%PDF-")
    services.pay_due(by=house.job, at=at + timedelta(days=9))
    services.remind(by=house.job, at=at + timedelta(days=14))
    order = get(alice, f"/orders/{order['id']}")
    assert (order["advanced"]["minor"], order["owed"]["minor"], order["reminders"]) == (93_500, 121_000, 1)
    # The address says who asks: sent again with its key, it is asked once.
    asked = [send(guest, f"/quotes/{token}/ask", {"text": "Where do we pay?"}, key="ask") for _time in range(2)][-1]
    assert [one["text"] for one in asked["remarks"]] == ["Where do we pay?"]
    send(alice, f"/orders/{order['id']}/credit-notes", {"minor": 1_000, "reason": "Late"}, 403)
    order = send(tom, f"/orders/{order['id']}/credit-notes", {"minor": 1_000, "reason": "Late"}, key="tom")
    note = order["credit_notes"][0]
    assert (order["owed"]["minor"], order["advanced"]["minor"], note["amount"]["minor"]) == (119_790, 92_565, 1_210)
    for path in (f"/quotes/{token}", f"/orders/{order['id']}"):
        assert tom.get(f"{API}{path}/credit-notes/{note['id']}").content.startswith(b"%PDF-")
    send(tom, f"/orders/{order['id']}/give-back", status=409)
    office = get(bob, "/office")
    # The fund bears what it had out for a part that is not to be paid, and what the invoice had brought of that part.
    assert (office["free"]["minor"], office["advanced"]["minor"]) == (201_000 - 93_500 - 10, 92_565)
    assert [(one["number"], one["amount"]["minor"]) for one in office["owed"]] == [(1, 119_790)]
    get(alice, "/office", 403)
    # The treasurer records the transfer and the board confirms it, as with every payment by hand.
    paying = Payment.objects.get(subject=f"assignment:{order['id']}", state="created")
    tom.post(f"/api/v1/coops/quill/payments/{paying.pk}/record", {"minor": 119_790}, "application/json")
    payments.confirm_receipt(payment=fresh(paying), by=house.by(house.bob), at=at)
    run_jobs()
    order = get(alice, f"/orders/{order['id']}")
    assert (order["state"], order["advanced"]["minor"], order["owed"]["minor"]) == ("paid", 0, 0)
    assert get(bob, "/office")["free"]["minor"] == 201_000 - 935 - 10
    assert get(alice, f"/{own['id']}/contracts")["items"][0]["advanced"]["minor"] == 93_500


def test_the_story_on_the_pages(house, at):
    alice, bob, guest = browser(house.alice), browser(house.bob), Client()
    day = str(queries.today(at))
    assert alice.post(f"{PAGES}/", {"name": ""}).status_code == 422
    assert alice.post(f"{PAGES}/", {"name": "Posters"}).status_code == 302
    own = Activity.objects.get()
    form = {
        "title": "Spring posters", "trade": "artist", "first_day": day, "last_day": day, "text_1": "Ten posters",
        "amount_1": "900,00", "text_2": "Paper", "amount_2": "100", "client_name": "Gate Theater",
        "client_email": "office@gate.test", "country": "IE", "language": "en",
    }  # fmt: skip
    assert "Artistic work" in page(alice, f"/{own.pk}/quote/")
    wrong = alice.post(f"{PAGES}/{own.pk}/quote/", form | {"amount_2": "nothing", "country": "Ireland"})
    assert wrong.status_code == 422 and "Spring posters" in wrong.content.decode()
    assert alice.post(f"{PAGES}/{own.pk}/quote/", form).status_code == 302
    order = Assignment.objects.get()
    assert "€935.00" in page(alice, f"/orders/{order.pk}/") and "does not answer" in page(alice, f"/orders/{order.pk}/")
    alice.post(f"{PAGES}/orders/{order.pk}/send/")
    token = queries.token(order)
    shown = page(guest, f"/q/{token}/")
    assert "Ten posters" in shown and "€1,210.00" in shown and "Confirm the order" in shown
    nameless = guest.post(f"{PAGES}/q/{token}/confirm/", {"name": "", "digest": queries.digest(fresh(order))})
    assert nameless.status_code == 422 and "One thing to put right" in nameless.content.decode()
    answer = guest.post(f"{PAGES}/q/{token}/confirm/", {"name": "Gabriel", "digest": queries.digest(fresh(order))})
    assert answer.status_code == 302 and "Gabriel confirmed" in page(guest, f"/q/{token}/")
    here = f"{PAGES}/{own.pk}/contract/?order={order.pk}"
    assert 'value="935.00"' in page(alice, here)
    work = {"worker": membership(house.alice).pk, "trade": "artist", "first_day": day, "last_day": day, "days": 1, "part": "1"}
    low = alice.post(here, work | {"means": "gross", "amount": "60"})
    assert low.status_code == 422 and "€69.32" in low.content.decode() and "part-time" in low.content.decode()
    assert alice.post(here, work | {"means": "cost", "amount": "935"}).status_code == 302
    alice.post(f"{PAGES}/orders/{order.pk}/invoice/")
    assert fresh(order).state == "invoiced" and "Please transfer €1,210.00" in page(guest, f"/q/{token}/")
    assert guest.get(f"{PAGES}/q/{token}/invoice.pdf").content.startswith(b"%PDF-")
    assert "Gate Theater" in page(bob, "/office/")
    assert bob.post(f"{PAGES}/orders/{order.pk}/give-up/", {"reason": "gone"}).status_code == 302
    assert fresh(order).state == "invoiced", "the wage comes first"
    assert "guarantee fund answers" in page(bob, f"/orders/{order.pk}/")
    assert "Posters" in page(alice, "/") and "to be paid by" in page(alice, f"/{own.pk}/")


def test_an_outlay_comes_back_with_a_receipt_on_the_word_of_somebody_else(house, activity, at):
    order = services.invoice(assignment=confirmed(house, activity, at), by=house.by(house.alice), at=at)
    payments.receive_by_bank(
        payment=queries.payment(order), reference="x", by=Principal.job(house.coop.pk, "bank"), at=at
    )  # fmt: skip
    run_jobs()
    alice, bob = browser(house.alice), browser(house.bob)
    assert alice.post(f"{PAGES}/{activity.pk}/outlay/", {"purpose": "Ink", "amount": "935,01"}).status_code == 422
    assert alice.post(f"{PAGES}/{activity.pk}/outlay/", {"purpose": "Ink", "amount": "35,00"}).status_code == 302
    outlay = Outlay.objects.get()
    bob.post(f"{PAGES}/outlays/{outlay.pk}/approve/")
    assert fresh(outlay).state == "asked", "there is no receipt"
    receipt = SimpleUploadedFile("ink.pdf", b"%PDF-1.4 ink", "application/pdf")
    alice.post(f"{PAGES}/outlays/{outlay.pk}/receipt/", {"file": receipt})
    assert alice.post(f"{PAGES}/outlays/{outlay.pk}/approve/").status_code in (403, 404)
    assert "ink.pdf" in page(bob, f"/{activity.pk}/") and "To approve: Ink" in page(bob, "/c/quill/members/desk/")
    bob.post(f"{PAGES}/outlays/{outlay.pk}/approve/")
    assert fresh(outlay).state == "approved" and queries.balance(activity).minor == 90_000
    declined = send(alice, f"/{activity.pk}/outlays", {"purpose": "Cake", "minor": 500}, 201)
    assert send(bob, f"/outlays/{declined['id']}/decline", {"reason": "Not for work"})["state"] == "declined"
    assert {one["state"] for one in get(alice, f"/{activity.pk}/outlays")["items"]} == {"approved", "declined"}


def test_people_transfers_and_the_calculator(house, activity, at):
    alice, tom, bob, guest = browser(house.alice), browser(house.tom), browser(house.bob), Client()
    assert send(alice, f"/{activity.pk}/people", {"email": "nobody@quill.test"}, 422)["field"] == "email"
    seated = send(alice, f"/{activity.pk}/people", {"email": "tom@quill.test", "role": "co_manager"}, key="tom")
    assert [one["role"] for one in seated["people"]] == ["co_manager"]
    other = send(tom, "", {"name": "Music"}, 201)
    assert send(tom, f"/{activity.pk}/transfers", {"target": other["id"], "minor": 1}, 422)["code"] == "not_enough"
    assert send(bob, f"/{activity.pk}/adviser", {"email": "bob@quill.test"})["adviser"] == "Bob"
    send(alice, f"/{activity.pk}/people/{house.tom.pk}", method="delete")
    assert alice.post(f"{PAGES}/{activity.pk}/people/", {"email": "tom@quill.test", "role": "participant"}).status_code == 302
    assert "Tom" in page(alice, f"/{activity.pk}/people/")
    alice.post(f"{PAGES}/{activity.pk}/people/{house.tom.pk}/leave/")
    assert not activity.seats.exists()
    worked = get(guest, "/calculator?minor=100000&kind=price")
    assert [worked[name]["minor"] for name in ("fee", "labor", "gross", "net")] == [6_500, 93_500, 70_000, 56_000]
    assert "€560.00" in page(guest, "/calculator/?kind=price&amount=1000")
    assert "€1,000.00" in page(guest, "/calculator/?kind=net&amount=560")
    assert page(guest, "/calculator/?kind=net&amount=lots", 422)
    assert {one["id"]: one["floor"]["minor"] for one in get(guest, "/trades")}["musician"] == 10_665
    assert [one["name"] for one in get(bob, "/all")["items"]] == ["Music", "Posters"]


def test_charlie_finds_nothing_by_any_address(house, activity, charlie, at):
    order = confirmed(house, activity, at)
    contract = engaged(house, activity, at, order=order)
    outlay = Outlay.objects.create(
        activity=activity, membership=membership(house.alice), purpose="Ink", amount_minor=100, currency="EUR", asked_at=at,
        asked_by=house.alice.pk,
    )  # fmt: skip
    for person in (charlie, house.vera):  # A stranger, and an applicant whose activity this is not.
        client = browser(person)
        for path in (f"/{activity.pk}/", f"/{activity.pk}/quote/", f"/{activity.pk}/people/", f"/orders/{order.pk}/",
                     f"/{activity.pk}/contract/", f"/{activity.pk}/transfer/", f"/{activity.pk}/outlay/",
                     f"/{activity.pk}/adviser/", f"/orders/{order.pk}/invoice.pdf", f"/orders/{order.pk}/edit/",
                     f"/orders/{order.pk}/credit/", f"/orders/{order.pk}/credit-notes/1.pdf"):  # fmt: skip
            page(client, path, 404)
        for path in (f"/outlays/{outlay.pk}/approve/", f"/contracts/{contract.pk}/cancel/", f"/orders/{order.pk}/drop/"):
            assert client.post(f"{PAGES}{path}").status_code == 404
        for path in (f"/{activity.pk}", f"/{activity.pk}/orders", f"/{activity.pk}/contracts", f"/{activity.pk}/outlays",
                     f"/orders/{order.pk}", "/office", "/all"):  # fmt: skip
            get(client, path, 404)
        for deed in ("invoice", "give-back"):
            send(client, f"/orders/{order.pk}/{deed}", status=404)
        send(client, f"/orders/{order.pk}/credit-notes", {"reason": "x"}, 404)
        send(client, f"/orders/{order.pk}/set-off", {"target": order.pk}, 404)
        send(client, f"/orders/{order.pk}/answer", {"text": "x"}, 404)
        send(client, f"/orders/{order.pk}", quote_of(queries.today(at)), 404, method="put")
        send(client, f"/{activity.pk}/transfers", {"target": activity.pk, "minor": 5}, 404)
    get(browser(charlie), "", 404)
    page(browser(charlie), "/", 404)
    # A quote's address is good in its own co-op alone, and nobody makes one up.
    token = queries.token(order)
    for address in (f"/c/wheels/activities/q/{token}/", f"{PAGES}/q/{order.pk}~x/", "/c/wheels/activities/calculator/"):
        assert Client().get(address).status_code == 404
    assert Contract.objects.get().state == "planned" and fresh(order).state == "confirmed"


def test_a_quote_is_not_sent_over_and_over_and_lists_go_on_page_by_page(house, activity, at):
    alice = browser(house.alice)
    order = services.send(assignment=quoted(house, activity, at), by=house.by(house.alice), at=at)
    assert send(alice, f"/orders/{order.pk}/send", status=409)["code"] == "just_sent"
    services.send(assignment=fresh(order), by=house.by(house.alice), at=at + timedelta(hours=1))
    assert Letter.objects.filter(template="assignments/quote").count() == 2
    for _ in range(30):
        quoted(house, activity, at)
    first = get(alice, f"/{activity.pk}/orders?limit=20")
    rest = get(alice, f"/{activity.pk}/orders?limit=20&cursor={first['next']}")
    assert [one["number"] for one in first["items"] + rest["items"]] == list(range(31, 0, -1))
    assert "31. Spring posters" in page(alice, f"/{activity.pk}/all/orders/")
    assert page(alice, f"/{activity.pk}/all/contracts/") and page(alice, f"/{activity.pk}/all/secrets/", 404)


def test_a_declined_or_dropped_quote_is_over(house, activity, at):
    alice, guest = browser(house.alice), Client()
    order = services.send(assignment=quoted(house, activity, at), by=house.by(house.alice), at=at)
    guest.post(f"{PAGES}/q/{queries.token(order)}/decline/")
    assert fresh(order).state == "declined" and "You declined" in page(guest, f"/q/{queries.token(order)}/")
    assert send(alice, f"/orders/{order.pk}/invoice", status=409)["code"] == "wrong_moment"
    other = quoted(house, activity, at)
    assert send(alice, f"/orders/{other.pk}/drop")["state"] == "dropped"
    assert euro(0) == queries.balance(activity)


def test_whoever_has_nothing_to_do_with_activities_is_not_led_to_them(house, charlie):
    with_some, without = (browser(one) for one in (house.alice, charlie))
    link = 'href="/c/quill/activities/"'
    assert link in page(with_some, "/c/quill/members/desk/") and link not in page(without, "/c/quill/members/desk/")
    page(with_some, "/")
    page(without, "/", status=404)

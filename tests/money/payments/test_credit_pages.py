"""Mutual credit on pages and over REST: one's own, the whole of it for all members, and the office that closes accounts."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import browser
from tests.trade.orders.conftest import NUALA
from tests.trade.orders.street import LIMIT, Street, euro
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import CreditClosing, Payment
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members.models import Office
from toadlane.trade.orders.models import Order

pytestmark = pytest.mark.django_db
HOME = "/c/market/payments/credit/"


@pytest.fixture
def at():
    from toadlane.plumbing.clock import queries as clock

    return clock.machine_time().replace(microsecond=0)


@pytest.fixture
def street(at):
    day = (at + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    found = Street(at, day)
    with scope(found.coop.pk):
        yield found


@pytest.fixture
def sold(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    return street


def seen(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.content[:300]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_my_credit_says_what_i_owe_what_i_may_and_where_it_came_from(sold):
    jon, hana = browser(sold.jon.person), browser(sold.hana.person)
    order = Order.objects.get()
    page = jon.get(HOME).content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "You owe €120.00" in words and "You can spend now €80.00" in words and "Pay €120.00 by bank transfer" in words
    assert "-€120.00" in words or "−€120.00" in words
    assert f"/orders/{order.pk}/" in hana.get(HOME).content.decode(), "a sale leads to its order"
    assert "You have €108.00" in seen(hana, HOME) and "Leave it to the co-op" in seen(hana, HOME)
    assert "My credit" in seen(jon, "/c/market/members/desk/")


def test_what_is_promised_is_shown_with_its_order(street):
    street.place(street.jon)
    words = seen(browser(street.jon.person), HOME)
    assert "Promised to orders under way €120.00" in words and "You can spend now €80.00" in words


def test_members_see_the_whole_and_no_names(sold):
    words = seen(browser(sold.ines.person), HOME + "all/")
    assert "Members have €108.00" in words and "Members owe" in words and "Together €0.00" in words and "up to €200.00" in words
    assert "Jon" not in words and "Hana" not in words
    assert {Client().get(url).status_code for url in (HOME, HOME + "all/")} == {404}, "a guest"


def test_somebody_from_another_co_op_sees_nothing(wheels, charlie, sold):
    other = browser(charlie)
    assert other.get(HOME).status_code == 404 and other.get(HOME + "all/").status_code in (403, 404)
    assert other.post(HOME + "leave/", {"amount": "1"}).status_code == 404
    assert other.get("/api/v1/coops/market/payments/credit").status_code in (401, 403, 404)


def test_a_debt_is_paid_in_money_from_the_page(sold):
    jon = browser(sold.jon.person)
    answer = jon.post(HOME + "pay-off/", {"method": "transfer"})
    payment = Payment.objects.get(subject=f"credit:{sold.jon.membership.pk}")
    assert answer.status_code == 302 and payment.token in answer.url and payment.amount == euro(12_000)
    assert payment.reference in seen(jon, HOME)
    assert browser(sold.hana.person).post(HOME + "pay-off/", {"method": "transfer"}).status_code == 302
    assert Payment.objects.filter(subject__startswith="credit:").count() == 1, "who has some owes nothing"


def test_credit_is_left_to_the_co_op_from_the_page(sold):
    hana, nonce = browser(sold.hana.person), str(UUID(int=7))
    for _again in range(2):
        hana.post(HOME + "leave/", {"amount": "8,00", "nonce": nonce})
    assert sold.stands(sold.hana).balance == euro(10_000)
    for amount in ("100.01", "0", "x", "-1"):
        assert hana.post(HOME + "leave/", {"amount": amount, "nonce": str(UUID(int=8))}).status_code == 302
    assert sold.stands(sold.hana).balance == euro(10_000)


def test_an_office_brings_an_account_to_nothing(sold):
    for maker in (sold.ines, sold.hana):
        Office.objects.create(person=maker.person, office="board", since="2026-01-01", named_by="test")
    ines, hana = browser(sold.ines.person), browser(sold.hana.person)
    assert "Bring an account to nothing" not in seen(browser(sold.jon.person), HOME + "all/")
    assert browser(sold.jon.person).post(HOME + "all/", {"member": 1, "reason": "x"}).status_code == 403
    assert ines.post(HOME + "all/", {"member": sold.jon.membership.pk, "reason": ""}).status_code == 422
    assert ines.post(HOME + "all/", {"member": sold.jon.membership.pk, "reason": "Moved abroad"}).status_code == 302
    one = CreditClosing.objects.get()
    assert "Bring the credit of Jon to nothing?" in seen(hana, "/c/market/members/desk/")
    ines.post(f"{HOME}closings/{one.pk}/", {"deed": "agree"})
    one.refresh_from_db()
    assert one.agreed_at is None
    hana.post(f"{HOME}closings/{one.pk}/", {"deed": "agree"})
    assert not sold.stands(sold.jon).balance and books.balance("6210", "EUR") == euro(12_000)
    assert hana.post(f"{HOME}closings/{10**20}/", {"deed": "agree"}).status_code == 404


def test_the_checkout_offers_it_with_what_stands_there_afterwards(street):
    def span(hours):
        return f"?starts={street.day:%Y-%m-%dT%H:%M}&ends={street.day + timedelta(hours=hours):%Y-%m-%dT%H:%M}"

    url = "/c/market" + reverse("orders:request", args=[street.workshop.pk], urlconf=COOP_URLS)
    words = seen(browser(street.jon.person), url + span(2))
    assert "With credit" in words and "After this you owe others work for €120.00." in words
    assert "With credit" not in seen(Client(), url + span(2))
    assert "With credit" not in seen(browser(street.hana.person), url + span(2)), "nobody sells to themselves"
    assert LIMIT < 24_000 and "With credit" not in seen(browser(street.jon.person), url + span(4))


def api(person, path, body=None, **headers):
    client, url = browser(person), f"/api/v1/coops/market/{path}"
    if body is None:
        answer = client.get(url)
    else:
        answer = client.post(url, json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_the_same_over_rest(street):
    by, at = street.by(street.jon), street.at
    from toadlane.trade.orders import services as orders

    wish = orders.Wish(listing_id=street.workshop.pk, starts=street.day, ends=street.day + timedelta(hours=2))
    quote = orders.quote(wish=wish, by=by, at=at)
    said = {"quotes": [str(quote.pk)], "contact": {"name": NUALA.name, "email": NUALA.email}, "method": "credit"}
    status, placed = api(street.jon.person, "orders", said, **{"Idempotency-Key": "one"})
    assert status == 201 and placed["payment"]["state"] == "authorised", placed
    street.done(street.take_on(type("P", (), {"orders": [Order.objects.get()]}), street.hana))
    status, mine = api(street.jon.person, "payments/credit")
    assert (mine["balance"]["minor"], mine["free"]["minor"]) == (-12_000, 8_000)
    status, moved = api(street.hana.person, "payments/credit/movements")
    assert [one["amount"]["minor"] for one in moved["items"]] == [10_800]
    status, whole = api(street.ines.person, "payments/credit/circle")
    assert (whole["have"]["minor"], whole["owe"]["minor"], whole["coops"]["minor"], whole["sum"]["minor"]) == (
        10_800, 12_000, 1_200, 0,
    )  # fmt: skip
    status, asked = api(street.jon.person, "payments/credit/pay-off", {"method": "cash"})
    assert status == 200 and asked["amount"]["minor"] == 12_000
    status, left = api(street.hana.person, "payments/credit/leave", {"minor": 800}, **{"Idempotency-Key": "gift"})
    assert left["balance"]["minor"] == 10_000
    assert api(street.jon.person, "payments/credit/accounts")[0] == 403
    Office.objects.create(person=street.ines.person, office="board", since="2026-01-01", named_by="test")
    assert [one["name"] for one in api(street.ines.person, "payments/credit/accounts")[1]] == ["Jon", "Hana"]
    body = {"membership": street.jon.membership.pk, "reason": "x"}
    status, closing = api(street.ines.person, "payments/credit/closings", body)
    assert status == 200 and closing["amount"]["minor"] == -12_000
    assert api(street.ines.person, f"payments/credit/closings/{closing['id']}/agree", {})[0] == 403
    assert api(street.ines.person, f"payments/credit/closings/{closing['id']}/drop", {})[1]["dropped_at"]


def test_the_books_show_both_sides_and_stay_balanced(sold):
    [sheet] = books.sheets()
    assert sheet.is_balanced
    assert [(row.code, row.usual) for row in sheet.owned] == [("2170", euro(12_000))]
    assert ("2170", euro(10_800)) in [(row.code, row.usual) for row in sheet.owed]
    from toadlane.ownership.bookkeeping.queries.reports import report

    later = sold.day + timedelta(days=5)
    told = report(later.year, later, currency="EUR")
    assert [(row.name, row.now) for row in told.owned] == [("Owed by members in mutual credit", euro(12_000))]
    assert ("Mutual credit of members", euro(10_800)) in [(row.name, row.now) for row in told.owed]
    assert told.total("owned") == told.total("owed") + told.total("equity") + told.undivided
    assert told.undivided == euro(1_000)

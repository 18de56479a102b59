"""The pages of a marketplace's orders: a basket of two makers, a request for a time, a question and its answer."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.trade.orders import market
from toadlane.money.payments import queries as payments
from toadlane.money.payments import services as paying
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Checkout, Order
from toadlane.trade.orders.queries import oversight
from toadlane.ui import formats

pytestmark = pytest.mark.django_db
ROOT = "/c/market/orders"
NUALA = {"street": "9 Mill Lane", "full_name": "Nuala", "email": "nuala@a.test"}


@pytest.fixture
def shop(at):
    coop = market.found(at)
    with scope(coop.pk):
        yield coop, market.maker(coop, "hana", at), market.maker(coop, "ivo", at)


def nonce_of(page) -> str:
    return re.search(r'name="nonce" value="([^"]+)"', page.content.decode())[1]


def pay(coop, at) -> None:
    payment = payments.of_subject(Checkout.objects.get().subject)
    by = Principal(coop_id=coop.pk, channel=Channel.WEB)
    paying.authorise(payment=payment, instrument=paying.Card(number="4242424242424242"), by=by, at=at)


def test_a_basket_of_two_makers_is_paid_once(shop, at):
    coop, hana, ivo = shop
    mug, knife = market.thing(hana, "Mug", 2000, at, stock=3), market.thing(ivo, "Knife", 5000, at)
    client = Client()
    for listing, quantity in ((mug, 1), (mug, 1), (knife, 1)):
        assert client.post(f"{ROOT}/buy/{listing.pk}/", {"quantity": quantity}).status_code == 302
    page = client.get(f"{ROOT}/basket/").content.decode()
    assert "€108.00" in page, "the same thing twice is one sum"
    client.post(f"{ROOT}/basket/{mug.pk}/", {"quantity": "9"})
    assert "There are 3 left" in client.get(f"{ROOT}/basket/").content.decode()
    assert client.get(f"{ROOT}/basket/pay/").status_code == 302
    for typed in ("2.5", "1000", "-1", "a few", ""):
        told = client.post(f"{ROOT}/basket/{mug.pk}/", {"quantity": typed}, follow=True).content.decode()
        assert f"“{typed}” is no number of pieces" in told and "There are 3 left" in told, "what lay in it lies there still"
    client.post(f"{ROOT}/basket/{mug.pk}/", {"quantity": "2"})
    form = client.get(f"{ROOT}/basket/pay/")
    assert client.post(f"{ROOT}/basket/pay/", {"nonce": nonce_of(form), "street": "kept"}).status_code == 422
    body = {**NUALA, "nonce": nonce_of(form), "method": "card"}
    assert client.post(f"{ROOT}/basket/pay/", body).status_code == 302
    pay(coop, at)
    back = client.get(f"{ROOT}/checkouts/{Checkout.objects.get().pk}/").content.decode()
    assert "These are your orders" in back
    assert {(o.title, o.state, o.total_minor) for o in Order.objects.all()} == {("Mug", "paid", 4800), ("Knife", "paid", 6000)}
    assert "Nothing lies in it yet" in client.get(f"{ROOT}/basket/").content.decode()
    first = Order.objects.get(title="Mug")
    assert first.pk in {int(w.url.rstrip("/").split("/")[-1]) for w in _waits(hana, at)}
    browser(hana.person).post(f"{ROOT}/{first.pk}/ship/")
    first.refresh_from_db()
    assert first.state == "shipped"


def _waits(maker, at):
    from toadlane.society.members.queries import principal

    return oversight.waiting(principal(person_id=maker.person.pk, channel=Channel.WEB), at)


def test_a_request_for_a_time_is_answered_on_the_page(shop, at, day):
    coop, hana, ivo = shop
    listing = market.room(hana, "Workshop", 1500, at)
    hours = {"starts": day.strftime("%Y-%m-%dT%H:%M"), "ends": (day + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")}
    client = Client()
    page = client.get(f"{ROOT}/request/{listing.pk}/", hours)
    assert "€36.00" in page.content.decode()
    backwards = client.get(f"{ROOT}/request/{listing.pk}/", {"starts": hours["ends"], "ends": hours["starts"]})
    assert "Choose a beginning, and an end after it" in backwards.content.decode()
    body = {**hours, **NUALA, "nonce": nonce_of(page), "method": "card"}
    assert client.post(f"{ROOT}/request/{listing.pk}/", body).status_code == 302
    pay(coop, at)
    client.get(f"{ROOT}/checkouts/{Checkout.objects.get().pk}/")
    order = Order.objects.get()
    assert order.state == "requested"
    assert browser(ivo.person).post(f"{ROOT}/{order.pk}/accept/").status_code == 404
    browser(hana.person).post(f"{ROOT}/{order.pk}/accept/")
    order.refresh_from_db()
    assert (order.state, order.captured_minor) == ("accepted", 3600)


def test_a_question_and_its_answer(shop, at):
    _coop, hana, _ivo = shop
    mug = market.thing(hana, "Mug", 2000, at)
    client = Client()
    asked = client.post(f"{ROOT}/ask/{mug.pk}/", {**NUALA, "text": "Is it safe in the oven?"}, follow=True)
    assert "Is it safe in the oven?" in asked.content.decode()
    order = Order.objects.get()
    assert (order.kind, order.state, order.total_minor) == ("inquiry", "open", 0)
    assert "To pay" not in asked.text, "a question costs nothing"
    seller = browser(hana.person)
    seller.post(f"{ROOT}/{order.pk}/say/", {"text": "Yes. Call me on +353 85 155 0101"})
    seller.post(f"{ROOT}/{order.pk}/answer/")
    page = client.get(f"{ROOT}/g/{queries.token(order)}/").content.decode()
    assert "Yes." in page and "155 0101" not in page, "contacts stay hidden"
    run_jobs()


def test_the_price_of_a_listing_says_where_the_money_would_go(shop, at):
    _coop, hana, _ivo = shop
    mug = market.thing(hana, "Mug", 2000, at)
    page = Client().get(f"/c/market/listings/{mug.pk}/").content.decode()
    assert "Where your money goes" in page and "€18.00" in page and f"{ROOT}/buy/{mug.pk}/" in page


def test_the_shares_beside_each_other_say_of_what_they_are_a_part(at):
    """A fee of 10 % from which the community fund gets a quarter is not 10 % any more where the fund stands beside it."""
    coop = market.found(at, **{"fees.community": "0.25", "fees.benefits": "0.02"})
    with scope(coop.pk):
        mug = market.thing(market.maker(coop, "hana", at), "Mug", 2000, at)
    page = Client().get(f"/c/market/listings/{mug.pk}/").text
    assert "10% of the price before VAT, less the part of the community fund" in page and "€1.50" in page
    assert "25% of the platform’s fee" in page and "€0.50" in page
    assert "2% of the price before VAT" in page and "€0.40" in page, "of what stands aside for sick days it is said too"


def test_another_card_after_one_that_was_declined(shop, at):
    coop, hana, _ivo = shop
    mug = market.thing(hana, "Mug", 2000, at)
    client = Client()
    client.post(f"{ROOT}/buy/{mug.pk}/", {"quantity": 1})
    form = client.get(f"{ROOT}/basket/pay/")
    client.post(f"{ROOT}/basket/pay/", {**NUALA, "nonce": nonce_of(form), "method": "card"})
    checkout = Checkout.objects.get()
    by = Principal(coop_id=coop.pk, channel=Channel.WEB)
    declined = paying.Card(number="4000000000000002")
    paying.authorise(payment=payments.of_subject(checkout.subject), instrument=declined, by=by, at=at)
    assert "The card was declined" in client.get(f"{ROOT}/checkouts/{checkout.pk}/").content.decode()
    assert "/pay/" in client.post(f"{ROOT}/checkouts/{checkout.pk}/again/").headers["Location"]
    pay(coop, at)
    assert client.get(f"{ROOT}/checkouts/{checkout.pk}/").status_code == 302
    assert Order.objects.get().state == "paid"


@pytest.mark.parametrize(("price", "is_dearer"), [(2_001, True), (2_000, False), (1_500, False)])
def test_nobody_pays_more_for_a_basket_than_they_were_shown(shop, at, price, is_dearer):
    _coop, maker, _ivo = shop
    mug, client = market.thing(maker, "Mug", 2_000, at), Client()
    client.post(f"{ROOT}/buy/{mug.pk}/", {"quantity": "2"})
    form = client.get(f"{ROOT}/basket/pay/")
    seen = int(re.search(r'name="seen" value="(\d+)"', form.content.decode()).group(1))
    type(mug).objects.filter(pk=mug.pk).update(price_minor=price)
    body = {**NUALA, "nonce": nonce_of(form), "method": "card", "seen": seen}
    answer = client.post(f"{ROOT}/basket/pay/", body)
    assert Order.objects.count() == (0 if is_dearer else 1)
    if is_dearer:
        assert answer.status_code == 422 and "more now than you were shown" in answer.content.decode()
        now = int(re.search(r'name="seen" value="(\d+)"', answer.content.decode()).group(1))
        assert now > seen and client.post(f"{ROOT}/basket/pay/", {**body, "seen": now}).status_code == 302
    assert Order.objects.get().total_minor <= (now if is_dearer else seen)


@pytest.mark.parametrize(("shown", "status"), [(2_399, 409), (2_400, 201)])
def test_a_program_says_what_its_buyer_saw(shop, at, shown, status):
    _coop, maker, _ivo = shop
    mug, client, url = market.thing(maker, "Mug", 2_000, at), Client(), "/api/v1/coops/market/orders/carts"
    cart = client.post(url, {}, content_type="application/json").json()["id"]
    client.put(f"{url}/{cart}/items", {"listing": mug.pk, "quantity": 1}, content_type="application/json")
    body = {"contact": {"name": "N", "email": "n@a.test"}, "method": "transfer", "total_minor": shown}
    answer = client.post(f"{url}/{cart}/orders", body, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == status and (status == 201 or answer.json()["code"] == "dearer_now")


@pytest.mark.parametrize("makers", [1, 2])
def test_money_that_comes_when_an_order_has_lapsed_is_not_said_to_have_paid_it(shop, at, makers):
    coop, hana, ivo = shop
    client = Client()
    for maker, name in ((hana, "Mug"), (ivo, "Knife"))[:makers]:
        client.post(f"{ROOT}/buy/{market.thing(maker, name, 2000, at).pk}/", {"quantity": 1})
    body = {**NUALA, "nonce": nonce_of(client.get(f"{ROOT}/basket/pay/")), "method": "card"}
    client.post(f"{ROOT}/basket/pay/", body)
    checkout = Checkout.objects.get()
    by, job = Principal(coop_id=coop.pk, channel=Channel.WEB), Principal.job(coop.pk)
    late = paying.Card(number="4000000000000077")
    paying.authorise(payment=payments.of_subject(checkout.subject), instrument=late, by=by, at=at)
    for order in Order.objects.all():
        orders.advance(order=order, transition="lapse", by=job, at=order.due_at)
    paying.sweep(by=job, at=at + timedelta(hours=1))
    run_jobs()
    shown = client.get(f"{ROOT}/checkouts/{checkout.pk}/", follow=True).text
    assert "The payment came too late." in shown and "These are your orders" not in shown
    told = client.get(f"{ROOT}/g/{queries.token(Order.objects.first())}/").text
    assert "The payment came too late. All of it goes back." in told and "Nothing was charged" not in told
    assert payments.of_subject(checkout.subject).refunded_minor == 2400 * makers


@pytest.mark.parametrize("length", [timedelta(hours=2), timedelta(days=2)])
def test_whoever_hires_reads_until_when_and_of_the_deposit(shop, at, day, length):
    coop, hana, _ivo = shop
    listing = market.room(hana, "Workshop", 1500, at)
    listing.deposit_minor = 5000
    listing.save()
    hours = {"starts": day.strftime("%Y-%m-%dT%H:%M"), "ends": (day + length).strftime("%Y-%m-%dT%H:%M")}
    client = Client()
    page = client.get(f"{ROOT}/request/{listing.pk}/", hours)
    until = formats.moment(day + length) if length.days else formats.clock(day + length)
    told = f"{formats.moment(day)} – {until}"
    assert told in page.text and "Besides, €50.00 as a deposit" in page.text
    client.post(f"{ROOT}/request/{listing.pk}/", {**hours, **NUALA, "nonce": nonce_of(page), "method": "card"})
    pay(coop, at)
    shown = client.get(f"{ROOT}/checkouts/{Checkout.objects.get().pk}/", follow=True).text
    assert told in shown and "Besides, €50.00 as a deposit" in shown
    assert "How was it?" not in shown, "nothing has happened yet"
    order = Order.objects.get()
    over = client.post(f"{ROOT}/g/{queries.token(order)}/cancel/", follow=True).text
    assert "Cancelled." in over and "as a deposit" not in over

"""The pages of orders, as a visitor without JavaScript walks through them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import browser, run_jobs
from toadlane.money.payments import queries as payments
from toadlane.money.payments import services as paying
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Checkout, Order
from toadlane.trade.orders.queries import token
from toadlane.trade.work.models import Offer
from toadlane.ui import formats

pytestmark = pytest.mark.django_db
BOOK = "/c/sparkle/orders/book/"


def test_a_visitor_books_page_by_page(inside, slate, day, at, guest):
    client = Client()
    assert "How large is your home" in client.get(BOOK).content.decode()
    clean = client.get(BOOK, {"size": "two", "level": "top_to_bottom", "addon_oven": "1", "step": "clean"})
    assert "€129.00" in clean.content.decode()
    slot = re.search(r'name="slot" value="([^"]+)"', clean.content.decode())[1]
    chosen = {"size": "two", "level": "top_to_bottom", "addon_oven": "1", "slot": slot}
    door = client.get(BOOK, chosen | {"step": "door"})
    assert door.status_code == 200 and "Where to, and who are you" in door.content.decode()
    address = door.wsgi_request.get_full_path()
    wrong = client.post(address, {"street": "9 Mill Lane", "full_name": "Nuala"})
    assert wrong.status_code == 422 and "9 Mill Lane" in wrong.content.decode()
    typed = {"street": "9 Mill Lane", "full_name": "Nuala", "email": "nuala@ardmullen.test"}
    pay = client.get(client.post(address, typed).headers["Location"])
    nonce = re.search(r'name="nonce" value="([^"]+)"', pay.content.decode())[1]
    where = pay.wsgi_request.get_full_path()
    for _twice in range(2):
        answer = client.post(where, {"nonce": nonce, "method": "card"})
        assert "/pay/" in answer.headers["Location"]
    order = Order.objects.get()
    payment = payments.of_subject(Checkout.objects.get().subject)
    paying.authorise(payment=payment, instrument=paying.Card(number="4242424242424242"), by=guest, at=at)
    back = client.get(payment.return_url.replace("http://testserver", ""), follow=True)
    assert "Looking for who comes" in back.content.decode()
    assert Order.objects.get().state == "offered"
    run_jobs()
    assert client.get(f"/c/sparkle/orders/g/{token(order)}/").status_code == 200
    cancelled = client.post(f"/c/sparkle/orders/g/{token(order)}/cancel/", {"reason": "rain"}, follow=True)
    assert "Cancelled" in cancelled.content.decode()


def test_the_page_of_an_order_is_for_its_two_sides(inside, slate, wish, book, charlie, bob):
    order = book(wish)
    page = f"/c/sparkle/orders/{order.pk}/"
    assert Client().get(page).status_code == 404
    assert browser(charlie).get(page).status_code == 404
    assert browser(bob).get(page).status_code == 200
    assert Client().get("/c/sparkle/orders/g/1~forged/").status_code == 404
    assert Client().get(f"/c/wheels/orders/g/{token(order)}/").status_code == 404


def test_the_provider_names_a_worker_on_the_page(inside, slate, wish, book):
    order = book(wish)
    run_jobs()
    delegate = browser(slate.delegate)
    offer = Offer.objects.get()
    delegate.post(f"/c/sparkle/work/offers/{offer.pk}/accept/")
    run_jobs()
    assert Order.objects.get().state == "accepted"
    page = delegate.get(f"/c/sparkle/orders/{order.pk}/").content.decode()
    assert slate.worker.name in page
    delegate.post(f"/c/sparkle/orders/{order.pk}/assign/", {"worker": slate.worker.pk})
    assert Order.objects.get().worker_name == slate.worker.name
    assert delegate.get("/c/sparkle/orders/ours/").status_code == 200


def test_a_page_of_an_order_has_one_filled_button_the_next_step(inside, slate, wish, book):
    order = book(wish)
    run_jobs()
    delegate, page = browser(slate.delegate), f"/c/sparkle/orders/{order.pk}/"
    delegate.post(f"/c/sparkle/work/offers/{Offer.objects.get().pk}/accept/")
    run_jobs()
    filled = re.compile(r'class="btn">([^<]+)<')
    assert filled.findall(delegate.get(page).content.decode()) == ["Say who goes"]
    delegate.post(f"{page}assign/", {"worker": slate.worker.pk})
    assert filled.findall(delegate.get(page).content.decode()) == [], "days before it there is nothing to begin"
    with clock.telling(order.starts_at):
        named = delegate.get(page).content.decode()
    assert filled.findall(named) == ["Begin"] and "Send somebody else" in named
    assert f'<option value="{slate.worker.pk}" selected>' in named, "whoever was chosen stays chosen"


def test_a_booking_that_begins_soon_says_that_cancelling_is_not_free(inside, slate, day, at):
    from toadlane.society.bylaws import queries as bylaws
    from toadlane.trade.orders.queries import notice

    order, book = Order(starts_at=day), bylaws.book()
    free = notice.free_until(order, book)
    assert notice.terms(order, book, free).is_late
    assert not notice.terms(order, book, free - timedelta(seconds=1)).is_late


def test_the_card_page_is_reached_by_whatever_name_and_port_the_browser_knows_the_server(inside, slate, day, client, settings):
    """A form may only lead on to this host and to the server's own: the browser stops it anywhere else."""
    settings.TOADLANE_ORIGIN = "http://toadlane.test"
    chosen = f"/c/sparkle/orders/book/?size=two&level=once_over&slot={day.isoformat().replace('+', '%2B')}"
    client.post(f"{chosen}&step=door", {"full_name": "Gus", "email": "gus@guest.test", "street": "9 Mill Lane", "area": "Here"})
    page = client.get(f"{chosen}&step=pay").content.decode()
    assert "<bdi>9 Mill Lane</bdi>" in page, "a street that begins with its number reads from left to right in every language"
    nonce = page.split('name="nonce" value="')[1].split('"')[0]
    answer = client.post(f"{chosen}&step=pay", {"nonce": nonce, "method": "card"})
    assert answer.status_code == 302 and answer["Location"].startswith("/pay/")
    policy = client.get("/c/sparkle/").headers["Content-Security-Policy"]
    assert "form-action 'self' http" in policy, "from a co-op's own host it leads to the server's"


def test_visits_that_come_again_are_kept_on_the_page_of_their_order(inside, slate, wish, book):
    from dataclasses import replace

    from toadlane.trade.orders.models import Series

    order = book(replace(wish, every_weeks=2))
    client, page = Client(), f"/c/sparkle/orders/g/{token(order)}/"
    assert "Leave the next one out" in client.get(page).content.decode()
    skipped = Series.objects.get().next_on.isoformat()
    client.post(f"{page}skip/")
    assert Series.objects.get().skipped == [skipped]
    for deed, state in (("pause", "paused"), ("resume", "running"), ("end", "ended")):
        assert client.post(f"{page}{deed}/").status_code == 302
        assert Series.objects.get().state == state
    assert client.get(page).status_code == 200


def test_the_lists_of_orders(inside, slate, wish, book, bob, alice):
    from toadlane.plumbing.access.principals import Channel
    from toadlane.society.members import queries as members

    by = members.principal(person_id=alice.pk, channel=Channel.WEB)
    order = book(wish, by=by)
    assert f"{order.pk}, Top to Bottom" in browser(alice).get("/c/sparkle/orders/").content.decode()
    assert Client().get("/c/sparkle/orders/").status_code == 404
    assert f"{order.pk}, " in browser(bob).get("/c/sparkle/orders/ours/?all=1").content.decode()
    assert f"{order.pk}, " not in browser(slate.delegate).get("/c/sparkle/orders/ours/?all=1").content.decode()
    assert browser(alice).get(f"/c/sparkle/orders/{order.pk}/").status_code == 200


def test_whoever_ordered_finds_the_way_back_from_their_own_page(inside, slate, wish, book, charlie):
    from toadlane.plumbing.access.principals import Channel
    from toadlane.society.members import queries as members

    assert "Where I have ordered" not in browser(charlie).get("/me/").content.decode()
    book(wish, by=members.principal(person_id=charlie.pk, channel=Channel.WEB))
    page = browser(charlie).get("/me/").content.decode()
    assert "Where I have ordered" in page and "/c/sparkle/orders/" in page


def test_what_was_typed_stays_when_a_refund_cannot_be(inside, slate, wish, book, bob):
    order = book(wish)
    run_jobs()
    browser(slate.delegate).post(f"/c/sparkle/work/offers/{Offer.objects.get().pk}/accept/")
    orders.do_chores(order_ids=[order.pk], by=Principal.job(inside.pk), at=order.placed_at)
    said = {"nonce": "5c6c1f4e-1111-4111-8111-111111111111", "amount": "500", "reason": "The hall window"}
    answer = browser(bob).post(f"/c/sparkle/orders/{order.pk}/refund/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="500"' in page and 'value="The hall window"' in page
    assert "At most €" in page and 'href="#id_amount"' in page
    answer = browser(bob).post(f"/c/sparkle/orders/{order.pk}/refund/", said | {"amount": "", "reason": "Why"})
    assert answer.status_code == 422 and 'value="Why"' in answer.content.decode()


def test_a_phone_number_has_to_be_one(inside, slate, day):
    chosen = f"/c/sparkle/orders/book/?size=two&level=once_over&slot={day.isoformat().replace('+', '%2B')}&step=door"
    said = {"full_name": "Gus", "street": "9 Mill Lane", "phone": "abc"}
    answer = Client().post(chosen, said)
    assert answer.status_code == 422 and "Type the number with its country code" in answer.content.decode()
    assert 'value="abc"' in answer.content.decode() and "Leave an e-mail address" not in answer.content.decode()
    assert Client().post(chosen, said | {"phone": "+353 86 123 4567"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tip": "a fiver"}, "Write the amount in digits"),
        ({"tip": "-1"}, "nothing or more"),
        ({"addon_windows": "2.5"}, "has to be a whole number"),
        ({"addon_windows": "21"}, "at most 20"),
    ],
)
def test_what_cannot_be_read_on_the_way_to_a_booking_is_asked_about_and_kept(inside, slate, day, client, typed, said):
    chosen = {"size": "two", "level": "once_over", "slot": day.isoformat()}
    page = client.get(BOOK, {**chosen, **typed, "step": "door"}).content.decode()
    [(name, value)] = typed.items()
    assert "What shall we do, and when?" in page and said in page and f'href="#{name}"' in page
    assert f'value="{value}"' in page
    right = {"tip": "2,50", "addon_windows": "20"}
    assert "What shall we do, and when?" not in client.get(BOOK, {**chosen, name: right[name], "step": "door"}).content.decode()


@pytest.fixture
def again(inside, slate, wish, book):
    """A visit that comes again every week, and the page its link opens."""
    order = book(replace(wish, every_weeks=1))
    run_jobs()
    return Order.objects.get(pk=order.pk), f"/c/sparkle/orders/g/{token(order)}/"


def test_a_time_that_was_refused_is_not_shown_as_the_order_s(again, slate):
    order, page = again
    type(slate.resource).objects.filter(pk=slate.resource.pk).update(is_always_open=False)
    before = re.search(r"<h1>(.*?)</h1>", Client().get(page).text)[1]
    night = (order.starts_at + timedelta(days=1)).replace(hour=3, minute=15)
    refused = Client().post(f"{page}move/", {"starts_at": night.strftime("%Y-%m-%dT%H:%M")})
    assert refused.status_code == 422 and re.search(r"<h1>(.*?)</h1>", refused.text)[1] == before
    assert "Nobody is free at this time" in refused.text and "Slate" not in refused.text, "they have not heard of Slate yet"


def test_the_story_says_to_when_an_order_was_moved(again):
    order, page = again
    there = order.starts_at + timedelta(days=1)
    assert Client().post(f"{page}move/", {"starts_at": there.strftime("%Y-%m-%dT%H:%M")}).status_code == 302
    story = Client().get(page).text.split('id="h-story"')[1]
    assert formats.moment(there) in story


def test_visits_to_come_are_moved_one_by_one_and_are_none_while_paused(again):
    order, page = again
    first, second = (order.series.next_on + timedelta(weeks=n) for n in (0, 1))
    there = f"{second + timedelta(days=1)}T14:30"
    shown = Client().post(f"{page}shift/", {"visit_on": second.isoformat(), "starts_at": there}, follow=True).text
    assert "Moved." in shown and "14:30" in shown and "instead of" in shown
    wrong = Client().post(f"{page}shift/", {"visit_on": (first + timedelta(days=2)).isoformat(), "starts_at": there})
    assert wrong.status_code == 422
    over = Client().post(f"{page}shift/", {"visit_on": first.isoformat(), "starts_at": "2020-01-01T10:00"})
    assert over.status_code == 422 and "over already" in over.text
    paused = Client().post(f"{page}pause/", follow=True).text
    assert "Paused." in paused and "instead of" not in paused and "Leave the next one out" not in paused


def test_a_visit_that_could_not_be_booked_is_said_on_the_page(again):
    order, page = again
    type(order.series).objects.filter(pk=order.series_id).update(trouble="2027-03-09: Nobody is free.")
    assert "One visit could not be booked:" in Client().get(page).text


def test_more_than_one_of_something_is_so_many_times_it(inside, slate, wish, book):
    order = book(replace(wish, addons={**wish.addons, "windows": 2}))
    assert "2 \N{MULTIPLICATION SIGN} " in Client().get(f"/c/sparkle/orders/g/{token(order)}/").text

"""What a guest does after the work, by the signed link of their order, and how an order's page leads there."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.trade.orders.conftest import as_guest, fresh
from tests.trade.reviews.test_complaints import officer
from toadlane.plumbing.sending.models import Letter
from toadlane.trade.orders import queries as order_queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import oversight
from toadlane.trade.reviews import queries, services
from toadlane.trade.reviews.models import Complaint, Review
from toadlane.trade.work.models import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _letters_stay_to_be_read(settings):
    settings.TOADLANE_SANDBOX = True


@pytest.fixture
def visit(slate, book, wish, at, day) -> Order:
    """A guest's visit, done by Slate and not yet confirmed."""
    order = book(wish)
    run_jobs()
    orders.accept(offer=Offer.objects.get(job__subject=order.subject, state="offered"), by=slate.by, at=at)
    orders.do_chores(order_ids=[order.pk], by=slate.by, at=at)
    orders.assign(order=fresh(order), worker=slate.worker, by=slate.by, at=at)
    orders.finish(order=fresh(order), by=slate.worker_by, at=day + timedelta(hours=4))
    return fresh(order)


@pytest.fixture
def link(visit) -> str:
    return f"/c/sparkle/reviews/g/{order_queries.token(visit)}/"


def written_to_nuala(about: str) -> str:
    return Letter.objects.get(address="nuala@ardmullen.test", subject__contains=about).text


def test_a_guest_reviews_by_the_link_and_is_written_to(visit, link, slate, day):
    page = f"/c/sparkle/orders/g/{order_queries.token(visit)}/"
    assert "Write a review" not in Client().get(page).content.decode()
    orders.advance(order=visit, transition="confirm", by=as_guest(visit), at=day + timedelta(hours=5))
    run_jobs()
    assert link in written_to_nuala("How was it?")
    assert f'href="{link}"' in Client().get(page).content.decode()
    answer = Client().post(link, {"stars": "5", "text": "Spotless"})
    assert (answer.status_code, answer["Location"]) == (302, link)
    assert "You can still change it" in Client().get(link).content.decode()
    assert "when theirs is in" in Client().post(link, {"stars": "5", "text": "Spotless"}, follow=True).text
    theirs = f"/c/sparkle/reviews/orders/{visit.pk}/"
    both = browser(slate.delegate).post(theirs, {"stars": "4", "text": "A kind house"}, follow=True).text
    assert "Now both of you read what the other wrote" in both and "when theirs is in" not in both and "Spotless" in both
    assert "A kind house" in Client().get(link).content.decode()
    theirs = Review.objects.get(side="provider")
    Client().post(f"{link}{theirs.pk}/answer/", {"text": "Come again"})
    assert queries.review(theirs.pk).answer == "Come again"


def test_a_guest_complains_by_the_link_and_reads_what_was_decided(visit, link, slate, inside, at):
    page = f"/c/sparkle/orders/g/{order_queries.token(visit)}/"
    shown = Client().get(page).content.decode()
    assert f'href="{link}complain/"' in shown
    assert f'action="{page}dispute/"' not in shown, "one way to object, and it is heard"
    Client().post(f"{link}complain/", {"text": "The oven was left as it was."})
    complaint = Complaint.objects.get()
    assert fresh(visit).state == "disputed"
    there = f"{link}complaints/{complaint.pk}/"
    assert "The oven was left" in Client().get(there).content.decode()
    services.answer_complaint(complaint=complaint, text="We ran out of time.", by=slate.by, at=complaint.opened_at)
    mira = officer(inside, at, "mira", "mediator")
    services.decide(complaint=complaint, outcome="part", refund_minor=1600, reasons="So.", by=mira, at=complaint.opened_at)
    run_jobs()
    assert there in written_to_nuala("is decided")
    assert "€16.00" in Client().get(there).content.decode()


def test_a_link_opens_its_own_order_and_nothing_else(visit, link, book, wish, day, slate):
    other = book(type(wish)(**{**vars(wish), "starts": day + timedelta(days=1)}), key="k2")
    complaint = services.complain(order=visit, text="Late.", by=as_guest(visit), at=day + timedelta(hours=6))
    theirs = f"/c/sparkle/reviews/g/{order_queries.token(other)}/"
    for path in (f"{theirs}complaints/{complaint.pk}/", "/c/sparkle/reviews/g/1~forged/", link.replace("sparkle", "wheels")):
        assert Client().get(path).status_code == 404
    assert Client().post(f"{theirs}complaints/{complaint.pk}/drop/").status_code == 404
    assert Client().post(f"{link}complaints/{complaint.pk}/drop/").status_code == 302
    assert fresh(visit).state == "released"


def test_an_objection_on_the_order_itself_is_heard_as_a_complaint_and_waits_at_one_desk_line(visit, slate, inside, at, day):
    orders.advance(order=visit, transition="dispute", by=as_guest(visit), at=day, facts={"reason": "The oven"})
    run_jobs()
    run_jobs()
    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.side, complaint.state) == ("The oven", "customer", "open")
    mira = officer(inside, at, "mira", "mediator")
    later = complaint.answer_by
    assert oversight.waiting(mira, later) == []
    assert [one.title for one in queries.waiting(mira, later)] == [f"Decide a complaint: {visit.title}"]


def test_the_mediator_is_led_from_the_order_to_the_complaint(visit, slate, inside, at, day):
    services.complain(order=visit, text="Late.", by=as_guest(visit), at=day + timedelta(hours=6))
    officer(inside, at, "mira", "mediator")
    from toadlane.society.people.models import Person

    shown = browser(Person.objects.get(name="Mira")).get(f"/c/sparkle/orders/{visit.pk}/").content.decode()
    assert "To the complaint" in shown and "/settle/" not in shown


def test_the_api_knows_a_guest_by_the_token_of_their_order(visit, slate, day, charlie):
    root, token = "/api/v1/coops/sparkle/reviews", {"Order-Token": order_queries.token(visit)}
    orders.advance(order=visit, transition="confirm", by=as_guest(visit), at=day + timedelta(hours=5))
    run_jobs()

    def ask(method, path, body=None, who=None, **headers):
        sent = getattr(who or Client(), method)
        return sent(root + path, body, content_type="application/json", headers=headers)

    words = {"text": "The oven was left as it was."}
    for strange in ({}, {"Order-Token": token["Order-Token"][:-1] + "x"}):
        assert ask("get", f"/orders/{visit.pk}", **strange).status_code == 404
        assert ask("put", f"/orders/{visit.pk}", {"stars": 5, "text": "x"}, **strange).status_code == 404
        assert ask("post", f"/orders/{visit.pk}/complaints", words, **strange).status_code == 404
    assert ask("get", f"/orders/{visit.pk}", who=browser(charlie)).status_code == 404
    assert ask("put", f"/orders/{visit.pk}", {"stars": 5, "text": "Spotless"}, **token).status_code == 200
    assert Review.objects.get().text == "Spotless"
    made = ask("post", f"/orders/{visit.pk}/complaints", words, **token)
    assert made.status_code == 201
    path = f"/complaints/{made.json()['id']}"
    assert ask("get", path).status_code == 404 and ask("get", path, **token).status_code == 200
    assert ask("post", f"{path}/drop", {}, **token).json()["state"] == "dropped"

"""What each side of an order gets to know, and when: the pay before one says yes, the address after."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import browser, run_jobs
from tests.trade.orders.conftest import Member, fresh, job_of, tick
from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.files.models import Document
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import briefing, oversight, showing, splits, token
from toadlane.trade.work import queries as work
from toadlane.trade.work import services as working
from toadlane.trade.work.models import Offer

pytestmark = pytest.mark.django_db


def page_of(order: Order) -> str:
    return f"/c/sparkle/orders/g/{token(order)}/"


def taken_on(order: Order, slate: Member, at) -> Order:
    browser(slate.delegate).post(f"/c/sparkle/work/offers/{Offer.objects.get().pk}/accept/")
    run_jobs()
    return fresh(order)


def test_an_offer_says_what_it_brings_before_one_accepts(inside, slate, larkspur, wish, book, charlie):
    order = book(wish)
    run_jobs()
    offer = Offer.objects.get()
    asked, other = (slate, larkspur) if offer.membership_id == slate.membership.pk else (larkspur, slate)
    split = splits.of_order(order, showing.bylaws.book(version=order.bylaws_version))
    brings = Money.total([share.amount for share in split.shares if share.kind == "worker"], order.currency) + order.tip
    terms = work.terms(offer.job, asked.by)
    assert terms is not None and terms.brings == brings and terms.split.total == order.total
    hours = offer.job.length / timedelta(hours=1)
    assert terms.an_hour.minor == int((brings - order.tip).minor / hours)
    page = browser(asked.delegate).get(f"/c/sparkle/work/offers/{offer.pk}/").content.decode()
    assert f"It brings €{brings.amount}" in page and "How long" in page and order.address not in page
    assert f"It brings €{brings.amount}" in browser(asked.delegate).get("/c/sparkle/work/").content.decode()
    assert work.terms(offer.job, other.by) is None
    assert work.terms(offer.job, Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=charlie.pk)) is None


def test_the_customer_sees_what_was_ticked_off(inside, slate, wish, book, at):
    order = book(wish)
    run_jobs()
    assert 'id="done"' not in Client().get(page_of(order)).content.decode()
    taken_on(order, slate, at)
    job = job_of(order)
    working.assign(job=job, worker=slate.worker, by=slate.by, at=at)
    tick(inside, job.starts_at)
    worker = browser(slate.worker.person)
    worker.post(f"/c/sparkle/work/{job.pk}/start/")
    first = work.tasks(job)[0]
    answer = worker.post(f"/c/sparkle/work/{job.pk}/tick/{first.position}/", {"done": "1", "note": "The tap drips."})
    assert answer.status_code == 302 and answer.headers["Location"].endswith(f"#t{first.position}")
    told = Client().get(page_of(order)).content.decode()
    assert first.text in told and "The tap drips." in told and f"1/{len(work.tasks(job))}" in told
    assert "Open the checklist" not in told
    assert "Open the checklist" in worker.get(f"/c/sparkle/orders/{order.pk}/").content.decode()


def test_a_file_is_shared_on_an_order_and_opened_by_its_two_sides_alone(inside, slate, wish, book, at, charlie):
    order = book(wish)
    run_jobs()
    taken_on(order, slate, at)
    guest = Client()
    file = SimpleUploadedFile("plan.txt", b"The key hangs left.")
    assert guest.post(page_of(order) + "say/", {"text": "", "file": file}).status_code == 302
    document = Document.objects.get()
    address = f"{page_of(order)}files/{document.pk}/"
    assert address in guest.get(page_of(order)).content.decode()
    assert b"".join(guest.get(address).streaming_content) == b"The key hangs left."
    provider = browser(slate.delegate)
    own = f"/c/sparkle/media/documents/{document.pk}/"
    assert own in provider.get(f"/c/sparkle/orders/{order.pk}/").content.decode() and provider.get(own).status_code == 200
    assert own in provider.get(f"/c/sparkle/messages/{document.subject.removeprefix('thread:')}/").content.decode()
    assert browser(charlie).get(own).status_code == 404 == Client().get(own).status_code


def test_what_cannot_be_sent_stays_in_the_form_with_a_reason(inside, slate, wish, book, at):
    order = book(wish)
    run_jobs()
    taken_on(order, slate, at)
    nothing = Client().post(page_of(order) + "say/", {"text": " "})
    assert nothing.status_code == 422 and "Write something first." in nothing.content.decode()
    odd = SimpleUploadedFile("run.exe", b"MZ\x00\x01")
    refused = Client().post(page_of(order) + "say/", {"text": "Look at this", "file": odd})
    assert refused.status_code == 422 and "Look at this" in refused.content.decode() and not Document.objects.exists()


@pytest.mark.parametrize("state", ["unpaid", "requested", "offered", "declined", "cancelled", "lapsed", "accepted", "done"])
def test_an_address_is_known_to_the_other_side_only_while_it_is_taken_on(inside, slate, wish, book, at, state):
    order = book(wish)
    run_jobs()
    taken_on(order, slate, at)
    order = fresh(order)
    order.state = state
    knows = state in ("accepted", "done")
    assert showing.page(order, slate.by, at).shows_address is knows
    guest = Principal(coop_id=inside.pk, channel=Channel.WEB, order_id=order.pk)
    assert showing.page(order, guest, at).shows_address
    Order.objects.filter(pk=order.pk).update(state=state)
    told = briefing.briefing(job_of(order), slate.by)
    assert (told is not None and told.address == "9 Mill Lane") is knows


@pytest.mark.parametrize(("state", "kind", "reads"), [("accepted", "booking", True), ("requested", "booking", False),
                                                      ("open", "inquiry", False), ("paid", "purchase", True)])  # fmt: skip
def test_what_is_for_the_two_sides_opens_when_it_is_taken_on(inside, slate, wish, book, alice, state, kind, reads):
    order = book(wish)
    Order.objects.filter(pk=order.pk).update(state=state, kind=kind, listing_id=7, customer=alice)
    by = Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=alice.pk)
    assert oversight.deals(by, 7) is reads and not oversight.deals(by, 8)

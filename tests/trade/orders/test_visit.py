"""A visit from the price to the money: offered, accepted, assigned, done, confirmed, released."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import browser, run_jobs
from tests.trade.orders.conftest import as_guest, fresh, job_of, tick
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Refused
from toadlane.society.coops.models import Coop
from toadlane.trade.booking.models import Allocation
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import showing
from toadlane.trade.work import queries as jobs
from toadlane.trade.work import services as work
from toadlane.trade.work.models import Job, Offer

pytestmark = pytest.mark.django_db


def open_offer(order):
    return Offer.objects.get(job__subject=order.subject, state="offered")


def accepted(order, *members, at):
    offer = open_offer(order)
    member = next(m for m in members if m.membership.pk == offer.membership_id)
    order = orders.accept(offer=offer, by=member.by, at=at)
    orders.do_chores(order_ids=[order.pk], by=member.by, at=at)
    return member, fresh(order)


def test_a_visit_is_offered_done_confirmed_and_split(inside, slate, larkspur, wish, book, at, day):
    order = book(wish)
    assert (order.state, order.total_minor) == ("offered", 12900)
    run_jobs()
    member, order = accepted(order, slate, larkspur, at=at)
    assert (order.state, order.captured_minor, order.provider_id) == ("accepted", 12900, member.membership.pk)
    assert Allocation.objects.filter(
        booking__subject=order.subject, resource=member.resource, booking__state="confirmed"
    ).exists()
    order = orders.assign(order=order, worker=member.worker, by=member.by, at=at)
    assert order.worker_name == member.worker.name
    order = orders.start(order=fresh(order), by=member.worker_by, at=day)
    order = orders.finish(order=fresh(order), by=member.worker_by, at=day + timedelta(hours=4))
    assert order.state == "done"
    order = orders.advance(order=fresh(order), transition="confirm", by=as_guest(order), at=day + timedelta(hours=5))
    assert order.state == "released"
    holder = f"membership:{member.membership.pk}"
    assert books.balance("2110", "EUR", holder=holder).minor == -12255
    assert books.balance("4100", "EUR").minor == -645
    assert books.balance("2100", "EUR").minor == 0
    run_jobs()


@pytest.fixture
def assigned(inside, slate, book, at):
    """Book a visit that begins at an instant, and have it given to Slate's worker."""

    def made(starts):
        order = book(orders.Wish(size="two", level="top_to_bottom", starts=starts))
        run_jobs()
        _member, order = accepted(order, slate, at=at)
        return fresh(orders.assign(order=order, worker=slate.worker, by=slate.by, at=at))

    return made


@pytest.mark.parametrize(("zone", "at_local", "opens"), [
    # On its day, by the clocks of the co-op and not by those of the machine.
    ("Pacific/Auckland", time(9), time(0)), ("America/Lima", time(18), time(0)),
    # In the last hour before it, where that is still the day before.
    ("Europe/Dublin", time(0, 30), time(23, 30)),
])  # fmt: skip
@pytest.mark.parametrize("deed", ["start", "finish"])
def test_a_visit_is_begun_on_its_day_and_not_before(inside, slate, assigned, at, zone, at_local, opens, deed):
    Coop.objects.filter(pk=inside.pk).update(time_zone=zone)
    day = (at + timedelta(days=4)).date()
    order = assigned(datetime.combine(day, at_local, ZoneInfo(zone)))
    first = datetime.combine(day - timedelta(days=opens > at_local), opens, ZoneInfo(zone))
    early = first - timedelta(seconds=1)
    with pytest.raises(work.TooEarly) as refused:
        getattr(orders, deed)(order=order, by=slate.worker_by, at=early)
    assert refused.value.hint and job_of(order).state == "assigned" and fresh(order).state == "assigned"
    with pytest.raises(orders.TooEarly):
        orders.advance(order=fresh(order), transition=deed, by=slate.worker_by, at=early)
    assert deed not in [one.name for one in showing.deeds(order, frozenset({"worker"}), early)]
    assert deed in [one.name for one in showing.deeds(order, frozenset({"worker"}), first)]
    assert getattr(orders, deed)(order=order, by=slate.worker_by, at=first).state == {"start": "started", "finish": "done"}[deed]


def test_a_visit_that_was_moved_is_begun_on_its_new_day(inside, slate, assigned, at, day):
    order = assigned(day)
    earlier = day - timedelta(days=1)
    orders.advance(order=order, transition="move", by=as_guest(order), at=at, facts={"starts_at": earlier})
    orders.assign(order=fresh(order), worker=slate.worker, by=slate.by, at=at)
    midnight = earlier.replace(hour=0)
    with pytest.raises(work.TooEarly):
        work.start(job=job_of(order), by=slate.worker_by, at=midnight - timedelta(seconds=1))
    assert work.start(job=job_of(order), by=slate.worker_by, at=midnight).state == "started"


def test_the_database_knows_no_job_that_began_before_it_may(inside, slate, assigned, day):
    job = job_of(assigned(day))
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(started_at=job.earliest_at - timedelta(seconds=1))
    assert Job.objects.filter(pk=job.pk).update(started_at=job.earliest_at) == 1


def test_the_worker_reads_on_the_job_from_when_on_it_can_be_begun(inside, slate, assigned, day):
    job, hand = job_of(assigned(day)), browser(slate.worker.person)
    page, api = f"/c/sparkle/work/{job.pk}/", f"/api/v1/coops/sparkle/work/jobs/{job.pk}"
    told = hand.get(page).content.decode()
    assert "Start the work" not in told and "You can start the work from" in told
    assert "can be begun from" in hand.post(f"{page}start/", follow=True).content.decode()
    assert hand.post(f"{api}/start").json()["code"] == "too_early"
    assert hand.get(api).json()["earliest_at"] == job.earliest_at.isoformat().replace("+00:00", "Z")
    tick(inside, day)
    assert "Start the work" in hand.get(page).content.decode()
    assert hand.post(f"{api}/start").json()["state"] == "started"


def test_silence_confirms_after_the_hours_the_bylaws_give(inside, slate, wish, book, at, day):
    order = book(wish)
    run_jobs()
    member, order = accepted(order, slate, at=at)
    orders.assign(order=order, worker=member.worker, by=member.by, at=at)
    done = day + timedelta(hours=4)
    order = orders.finish(order=fresh(order), by=member.worker_by, at=done)
    tick(inside, done + timedelta(hours=23, minutes=59))
    assert fresh(order).state == "done"
    tick(inside, done + timedelta(hours=24))
    assert fresh(order).state == "released"


def test_nobody_takes_it_on_and_nothing_is_charged(inside, slate, wish, book, at):
    order = book(wish)
    run_jobs()
    orders.pass_(offer=open_offer(order), by=slate.by, at=at)
    run_jobs()
    orders.do_chores(order_ids=[order.pk], by=as_guest(order), at=at)
    order = fresh(order)
    assert (order.state, order.captured_minor) == ("declined", 0)
    assert order.chores.get(kind="void").done_at
    assert not Allocation.objects.filter(booking__subject=order.subject).exists()


def test_only_who_is_asked_accepts(inside, slate, larkspur, wish, book, at):
    order = book(wish)
    run_jobs()
    offer = open_offer(order)
    other = larkspur if offer.membership_id == slate.membership.pk else slate
    with pytest.raises(Refused):
        orders.accept(offer=offer, by=other.by, at=at)
    assert fresh(order).state == "offered"
    assert job_of(order).state == "offered"


def test_the_card_is_charged_when_the_job_is_taken_on(inside, slate, larkspur, wish, book, at):
    order = book(wish)
    run_jobs()
    offer = open_offer(order)
    member = next(m for m in (slate, larkspur) if m.membership.pk == offer.membership_id)
    jobs.acceptance(work.accept)(offer=offer, by=member.by, at=at)
    assert (fresh(order).state, fresh(order).captured_minor) == ("accepted", 12900)


def test_what_is_confirmed_before_the_card_was_charged_is_charged_and_shared_out(inside, slate, larkspur, wish, book, at, day):
    order = book(wish)
    run_jobs()
    offer = open_offer(order)
    member = next(m for m in (slate, larkspur) if m.membership.pk == offer.membership_id)
    orders.accept(offer=offer, by=member.by, at=at)  # A process that died before it asked the card company.
    orders.assign(order=fresh(order), worker=member.worker, by=member.by, at=at)
    orders.finish(order=fresh(order), by=member.worker_by, at=day)
    assert fresh(order).captured_minor == 0
    orders.act(order=fresh(order), transition="confirm", by=as_guest(order), at=day)
    assert (fresh(order).state, fresh(order).captured_minor) == ("released", 12900)


def test_whoever_comes_reads_what_was_ordered_as_well(inside, slate, wish, book):
    """An oven that was paid for and stands on no list stays as it is."""
    order = book(replace(wish, addons={"oven": 1, "windows": 3}))
    run_jobs()
    listed = [(one.room, one.text) for one in job_of(order).tasks.all()][:3]
    assert listed[:2] == [
        ("Ordered as well", "Inside the oven"),
        ("Ordered as well", "3 \N{MULTIPLICATION SIGN} Windows, inside"),
    ]
    assert listed[2][0] == "Kitchen"

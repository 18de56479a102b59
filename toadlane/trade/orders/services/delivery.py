"""The work behind an order: offered to members, taken on, given to a worker, done. Each step moves job and order together."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Membership, Worker
from toadlane.trade.booking import queries as calendars
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import RUN, SEE
from toadlane.trade.orders.queries import processes, showing, times
from toadlane.trade.orders.services import deeds, moving
from toadlane.trade.orders.services.errors import NotNow, OfferGone
from toadlane.trade.work import queries as jobs
from toadlane.trade.work import services as work
from toadlane.trade.work.models import Job, Offer

PROVIDER = frozenset({"provider"})
WORKER = frozenset({"worker"})


@transaction.atomic
def offer(*, order: Order, by: Principal, at: datetime) -> Offer | None:
    """Offer the job of an order to the next member, by the co-op's own rule. With nobody left, the order is declined.

    :returns: the offer that is open, or None when nobody is left to ask or the order no longer looks for anyone
    """
    by.must(RUN)
    if order.provider_id is not None or processes.of(order).find("accept", order.state) is None:
        return None
    assert order.starts_at is not None and order.ends_at is not None
    job = work.open_job(
        subject=order.subject, title=order.title, starts=order.starts_at, ends=order.ends_at,
        bylaws_version=order.bylaws_version, by=by, at=at, tasks=_checklist(order), area=order.spec.get("area", ""),
        latitude=order.spec.get("latitude"), longitude=order.spec.get("longitude"), earliest=processes.opens(order, "start"),
    )  # fmt: skip
    made = work.offer_next(job=job, candidates=_candidates(order, at), by=by, at=at, chosen=order.spec.get("chosen"))
    if made is None and processes.of(order).find("decline", order.state):
        moving.advance(order=order, transition="decline", by=by, at=at, facts={"reason": "nobody"})
    return made


def accept(*, offer: Offer, by: Principal, at: datetime) -> Order:
    """Take a job on: the member's time is booked and the card is charged, or nothing happens at all.

    :raises work.OfferClosed: when the offer went on to somebody else
    :raises booking.Taken: when the member's time was taken meanwhile
    """
    by.must(SEE, _Side(offer.membership_id, offer.coop_id))
    with transaction.atomic():
        job = work.accept(offer=offer, by=by, at=at)
        order = _of_job(job)
        if processes.of(order).find("accept", order.state) is None:
            raise OfferGone
        return taken_on(order=order, membership_id=offer.membership_id, by=by, at=at)


@transaction.atomic
def taken_on(*, order: Order, membership_id: int, by: Principal, at: datetime) -> Order:
    """Give an order to the member who took its job on."""
    by.must(SEE, _Side(membership_id, order.coop_id))
    order.provider_id = membership_id
    Order.objects.filter(pk=order.pk, provider_id=None).update(provider_id=membership_id)
    return moving.advance(order=order, transition="accept", by=by, at=at, facts={"provider_id": membership_id}, as_well=PROVIDER)


def pass_(*, offer: Offer, by: Principal, at: datetime) -> Offer:
    """Say no to a job; it goes on to the next member."""
    by.must(SEE, _Side(offer.membership_id, offer.coop_id))
    return work.pass_(offer=offer, by=by, at=at)


@transaction.atomic
def assign(*, order: Order, worker: Worker | None, by: Principal, at: datetime) -> Order:
    """Name who goes. The member who took the order on does this; the platform never does."""
    by.must(SEE, order)
    job = _job(order)
    job = work.assign(job=job, worker=worker, by=by, at=at)
    return assigned(order=order, by=by, at=at)


@transaction.atomic
def assigned(*, order: Order, by: Principal, at: datetime) -> Order:
    """Write down on the order whom its member named."""
    by.must(SEE, order)
    assignment = _job(order).assignment
    who: dict[str, Any] = {"worker_id": assignment.person_id, "worker_name": assignment.name}
    if (order.worker_id, order.worker_name) == tuple(who.values()) and order.state == "assigned":
        return order
    Order.objects.filter(pk=order.pk).update(**who)
    order.worker_id, order.worker_name = assignment.person_id, assignment.name
    return moving.advance(order=order, transition="assign", by=by, at=at, facts={"worker": "named"}, as_well=PROVIDER)


@transaction.atomic
def start(*, order: Order, by: Principal, at: datetime) -> Order:
    by.must(SEE, order)
    work.start(job=_job(order), by=by, at=at)
    return moving.advance(order=order, transition="start", by=by, at=at, as_well=WORKER)


@transaction.atomic
def finish(*, order: Order, by: Principal, at: datetime) -> Order:
    """End the work. A worker who forgot to say that they began began now."""
    by.must(SEE, order)
    job = _job(order)
    if job.state == Job.State.ASSIGNED:
        job = work.start(job=job, by=by, at=at)
    work.finish(job=job, by=by, at=at)
    return moving.advance(order=order, transition="finish", by=by, at=at, as_well=WORKER)


def _of_job(job: Job) -> Order:
    [order] = _ONE(pk=int(job.subject.partition(":")[2]))
    return order


_ONE: Prepared[Order] = Prepared(lambda: Order.objects.select_related("process", "checkout", "provider").filter(pk=Param("pk")))


class _Side:
    """A member as one side of an order, before the order knows them."""

    pk = None
    customer_id = worker_id = None

    def __init__(self, provider_id: int, coop_id: int) -> None:
        self.provider_id, self.coop_id = provider_id, coop_id


def _job(order: Order) -> Job:
    job = jobs.of_subject(order.subject)
    if job is None:
        raise NotNow
    return job


def _checklist(order: Order) -> list[tuple[str, str]]:
    """Return what is agreed in the co-op's language: the extras that were paid for, then the level's rooms."""
    coop = coops.of_scope(current_coop_id())
    level = order.spec.get("level", "")
    with translation.override(coop.language):
        extras = [(_("Ordered as well"), line.text) for line in showing.lines(order) if line.code.startswith("addon:")]
    return extras + [
        (catalog.say(room["names"], coop.language), catalog.say(task["names"], coop.language))
        for room in coop.setup.get("checklists", {}).get("rooms", ())
        for task in room["tasks"]
        if level in task.get("levels", [level])
    ]


def _candidates(order: Order, at: datetime) -> list[work.Candidate]:
    """Return the members who do such work and are free then: whoever keeps no calendar here says so by passing on it."""
    assert order.starts_at is not None and order.ends_at is not None
    book = bylaws.book(version=order.bylaws_version)
    calendars_of: dict[int, list[int]] = {}
    for resource in deeds.candidates(order):
        if resource.membership_id:
            calendars_of.setdefault(resource.membership_id, []).append(resource.pk)
    free = calendars.free([pk for pks in calendars_of.values() for pk in pks], order.starts_at, order.ends_at, at=at)
    # What we hold for this very order takes nothing from whoever it is held by.
    free |= {claim.resource_id for claim in calendars.of_subject(order.subject) if claim.state in claim.TAKING}
    return [_candidate(m) for m in times.offering(book) if (own := calendars_of.get(m.pk)) is None or free & set(own)]


def _candidate(member: Membership) -> work.Candidate:
    place = member.organisation if member.organisation and member.organisation.latitude is not None else None
    return work.Candidate(
        membership_id=member.pk, name=member.name, latitude=float(place.latitude) if place else None,  # type: ignore[arg-type]
        longitude=float(place.longitude) if place else None,  # type: ignore[arg-type]
    )  # fmt: skip

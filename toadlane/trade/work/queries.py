"""Jobs as the people who do them see them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import icalendar
from django.core import signing
from django.db.models import Count, Max, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.models import CoopQuerySet
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.coops.queries import COOP_URLS
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership, Worker
from toadlane.trade.work.models import Assignment, Job, JobFeed, Offer, TaskTick
from toadlane.trade.work.permissions import COORDINATORS
from toadlane.trade.work.policies import Candidate
from toadlane.ui import formats
from toadlane.ui.shapes import Split, Waiting


def of_subject(subject: str) -> Job | None:
    """Return the job of `order:12`, with its assignment."""
    return _OF_SUBJECT.first(subject=subject)


_OF_SUBJECT: Prepared[Job] = Prepared(
    lambda: Job.objects.select_related("assignment", "membership__organisation", "membership__person").filter(
        subject=Param("subject")
    )
)


def job(pk: int) -> Job | None:
    return _jobs().filter(pk=pk).first()


def _jobs() -> CoopQuerySet:
    with_offers = Prefetch("offers", Offer.objects.select_related("membership__organisation", "membership__person"))
    return Job.objects.select_related("assignment", "membership__organisation", "membership__person").prefetch_related(
        with_offers
    )


def tasks(job: Job) -> list[TaskTick]:
    return list(TaskTick.objects.filter(job=job).order_by("position"))


def task(job: Job, position: int) -> TaskTick | None:
    return TaskTick.objects.select_related("job__assignment").filter(job=job, position=position).first()


def offer(pk: int) -> Offer | None:
    return Offer.objects.select_related("job", "membership__organisation", "membership__person").filter(pk=pk).first()


def jobs_of(by: Principal) -> CoopQuerySet:
    """Return the jobs somebody goes to, and those of the members they speak for; all of them for a coordinator."""
    if by.roles & COORDINATORS:
        return _jobs()
    return _jobs().filter(_mine(by))


def _mine(by: Principal) -> Q:
    mine = Q(membership_id__in=by.memberships)
    return mine | Q(pk__in=Assignment.objects.filter(person_id=by.person_id).values("job_id")) if by.person_id else mine


def ahead(by: Principal, *, at: datetime) -> list[Job]:
    """Return what somebody has before them: jobs under way, and those of the next four weeks."""
    rows = _jobs().filter(_mine(by)).exclude(state__in=Job.ENDED)
    return list(rows.filter(starts_at__lt=at + timedelta(days=28)).order_by("starts_at", "pk")[:100])


def offers_to(by: Principal, *, at: datetime) -> list[Offer]:
    """Return the offers that wait for somebody's answer, the most urgent first."""
    rows = Offer.objects.filter(membership_id__in=by.memberships, state=Offer.State.OFFERED, expires_at__gt=at)
    return list(rows.select_related("job", "membership__organisation", "membership__person").order_by("expires_at", "pk"))


def is_sent(by: Principal) -> bool:
    """Return whether a member sends somebody to jobs, or has sent them to one."""
    if by.person_id is None:
        return False
    own = Q(person_id=by.person_id)
    return members.works_for_a_member(by.person_id) or Assignment.objects.filter(own).exists()


def workers(job: Job) -> list[Worker]:
    """Return whom the member who took a job on may send; nobody when the member is a person."""
    return list(members.workers_of(job.membership)) if job.membership else []


def is_person(membership: Membership) -> bool:
    return membership.person_id is not None


def with_history(candidates: Sequence[Candidate], job: Job) -> list[Candidate]:
    """Fill in what each candidate has taken on: one statement for all."""
    month = timedelta(days=30)
    near = Q(starts_at__gt=job.starts_at - month, starts_at__lt=job.starts_at + month) & ~Q(state=Job.State.WITHDRAWN)
    rows = Job.objects.filter(membership_id__in=[c.membership_id for c in candidates]).order_by().values("membership_id")
    history = {row["membership_id"]: row for row in rows.annotate(last=Max("accepted_at"), count=Count("pk", filter=near))}
    return [
        replace(c, last_accepted_at=h["last"], jobs_this_month=h["count"]) if (h := history.get(c.membership_id)) else c
        for c in candidates
    ]


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return what the desk shows: offers to answer, and today's jobs. Whose worker has to be named, the order says."""
    if not by.person_id:
        return []
    found = []
    for one in offers_to(by, at=at):
        words = {"name": one.membership.name, "time": formats.clock(one.expires_at)}
        title, detail = (
            _("A job is offered to %(name)s: until %(time)s") % words,
            formats.listed([one.job.title, formats.moment(one.job.starts_at)]),
        )
        found.append(Waiting(title, detail, _page("work:offer", one.pk), _("Look at it"), "clock", one.expires_at))
    today = _jobs().filter(assignment__person_id=by.person_id, state__in=(Job.State.ASSIGNED, Job.State.STARTED))
    for job in today.filter(starts_at__lt=at + timedelta(hours=18)).order_by("starts_at", "pk")[:10]:
        detail = formats.listed(filter(None, (formats.moment(job.starts_at), job.area)))
        found.append(Waiting(job.title, detail, _page("work:job", job.pk), _("Open the checklist"), "check", job.starts_at))
    return found


def _page(name: str, pk: int) -> str:
    return reverse(name, args=[pk], urlconf=COOP_URLS)


SIGNER = signing.Signer(salt="work.feed")
# A calendar shows what was, a month back, and what is to come; what a phone can hold.
BEFORE, AFTER, MOST_EVENTS = timedelta(days=31), timedelta(days=400), 1000


@dataclass(frozen=True)
class Feed:
    url: str
    made_at: datetime


def feed_of(by: Principal) -> Feed | None:
    """Return the address of somebody's own jobs, signed, so that nobody can guess another one."""
    row = JobFeed.objects.filter(person_id=by.person_id, ended_at=None).first() if by.person_id else None
    if row is None:
        return None
    address = coops.address(coops.of_scope(current_coop_id()), "work:feed", address=SIGNER.sign(row.name))
    return Feed(url=address, made_at=row.made_at)


def feed_text(address: str, *, at: datetime) -> str | None:
    """Return what stands at an address, as iCalendar: the jobs one person is sent to, and of customers nothing."""
    try:
        name = SIGNER.unsign(address)
    except signing.BadSignature:
        return None
    feed = JobFeed.objects.filter(name=name, ended_at=None, person__is_active=True).first()
    if feed is None:
        return None
    calendar = icalendar.Calendar()
    for key, value in (("prodid", "-//Toadlane//Jobs//EN"), ("version", "2.0"), ("x-wr-calname", _("My jobs"))):
        calendar.add(key, value)
    rows = Job.objects.filter(assignment__person_id=feed.person_id, starts_at__gt=at - BEFORE, starts_at__lt=at + AFTER)
    for job in rows.exclude(state=Job.State.WITHDRAWN).order_by("starts_at", "pk")[:MOST_EVENTS]:
        calendar.add_component(_event(job, at))
    return calendar.to_ical().decode()


def _event(job: Job, at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    told = {"uid": f"job-{job.pk}@toadlane", "dtstamp": at, "dtstart": job.starts_at, "dtend": job.ends_at, "summary": job.title,
            "url": coops.address(coops.of_scope(job.coop_id), "work:job", job.pk)}  # fmt: skip
    for key, value in (told | ({"location": job.area} if job.area else {})).items():
        event.add(key, value)
    return event


def coops_with_late_offers(at: datetime) -> list[int]:
    late = Offer.objects.filter(state=Offer.State.OFFERED, expires_at__lte=at)
    return list(late.order_by().values_list("coop_id", flat=True).distinct())


def next_lapse(at: datetime) -> datetime | None:
    """Return when the next offer lapses."""
    return timers.first_after(at, Offer.objects.filter(state=Offer.State.OFFERED), "expires_at")


@dataclass(frozen=True)
class Progress:
    done: int
    whole: int


def progress(ticks: Sequence[TaskTick]) -> Progress:
    return Progress(sum(tick.ticked_at is not None for tick in ticks), len(ticks))


def of_person(*, person_id: int) -> list[dict[str, object]]:
    """Return what is kept here about a person: the jobs they went to."""
    rows = Assignment.objects.filter(person_id=person_id).select_related("job").order_by("pk")
    return [
        {"job": row.job.title, "starts": row.job.starts_at.isoformat(), "as": row.name, "state": row.job.state} for row in rows
    ]


@dataclass(frozen=True)
class Briefing:
    """What whoever goes has to know and nobody else: it is kept with the order.

    :param url: the order's own page
    """

    address: str = ""
    contact: str = ""
    notes: str = ""
    url: str = ""


Brief = Callable[[Job, Principal], Briefing | None]
_brief: Brief | None = None


def declare_briefing(brief: Brief) -> None:
    """Lend the job's page what the room above knows; called once, in that room's `wiring`."""
    global _brief  # noqa: PLW0603
    assert _brief is None, "briefings have an owner already"
    _brief = brief


def briefing(job: Job, by: Principal) -> Briefing | None:
    return _brief(job, by) if _brief else None


@dataclass(frozen=True)
class Terms:
    """What a job brings: told before anybody takes it on.

    :param brings: what goes to whoever does it, a tip included
    :param an_hour: the same for one hour, the tip left out
    """

    brings: Money
    an_hour: Money
    split: Split


Tell = Callable[[Job, Principal], Terms | None]
_tell: Tell | None = None


def declare_terms(tell: Tell) -> None:
    """Let the room above say what its jobs bring; called once, in that room's `wiring`."""
    global _tell  # noqa: PLW0603
    assert _tell is None, "terms have an owner already"
    _tell = tell


def terms(job: Job, by: Principal) -> Terms | None:
    return _tell(job, by) if _tell else None


# (offer, by, at) -> the offer is accepted together with what the room above owes it: the member's time, the order's step.
Acceptance = Callable[..., Any]
_accept: Acceptance | None = None


def declare_acceptance(accept: Acceptance) -> None:
    """Let the room above accept its offers in one transaction with all that hangs on them; called once, in its `wiring`."""
    global _accept  # noqa: PLW0603
    assert _accept is None, "acceptance has an owner already"
    _accept = accept


def acceptance(otherwise: Acceptance) -> Acceptance:
    """Return how an offer is accepted: as the room above does it, where there is one."""
    return _accept or otherwise

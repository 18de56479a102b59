"""A job's way: opened, offered to one member at a time, taken on, given to a worker, done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership, Worker
from toadlane.trade.work import policies, queries
from toadlane.trade.work.events import JobAssigned, JobFinished, JobStarted, OfferAccepted, OfferMade, OfferPassed
from toadlane.trade.work.models import Assignment, Job, JobFeed, Offer, TaskTick
from toadlane.trade.work.permissions import ANSWER, ASSIGN, DO, EXPIRE, FOLLOW, OPEN
from toadlane.trade.work.policies import Candidate as Candidate  # noqa: PLC0414 - said to be for others too
from toadlane.ui import formats


class OfferClosed(Expected):
    """This offer is no longer open."""


class WrongMoment(Expected):
    words = lazy("The job is not at this point of its way.")


class TooEarly(Expected):
    words = lazy("It is too early to begin.")
    hint = lazy("Did you agree on an earlier time? Then the visit is moved to that time first.")  # type: ignore[assignment]


class NotTheirWorker(Expected):
    words = lazy("This person does not work for the member who took the job on.")
    field = "worker"


@transaction.atomic
def open_job(
    *, subject: str, title: str, starts: datetime, ends: datetime, bylaws_version: int, by: Principal, at: datetime,
    tasks: Sequence[tuple[str, str]] = (), skills: Sequence[str] = (), area: str = "",
    latitude: float | None = None, longitude: float | None = None, earliest: datetime | None = None,
) -> Job:  # fmt: skip
    """Open a job once for its subject. It is offered by `offer_next`.

    :param tasks: the checklist, as (room, what is done there)
    :param earliest: when it may be begun; a job of which nothing is said may be begun at any time
    :param area: coarse; the address stays with the order until the job is taken on
    """
    by.must(OPEN)
    policy = str(bylaws.book(version=bylaws_version).value("trade.allocation"))
    job, is_new = Job.objects.get_or_create(
        subject=subject,
        defaults={"title": title, "starts_at": starts, "ends_at": ends, "skills": list(skills), "area": area,
                  "latitude": latitude, "longitude": longitude, "policy": policy, "earliest_at": earliest,
                  "bylaws_version": bylaws_version, "opened_at": at},
    )  # fmt: skip
    if is_new:
        TaskTick.objects.bulk_create(TaskTick(job=job, position=i, room=room, text=text) for i, (room, text) in enumerate(tasks))
    return job


@transaction.atomic
def offer_next(
    *, job: Job, candidates: Sequence[policies.Candidate], by: Principal, at: datetime, chosen: int | None = None
) -> Offer | None:
    """Offer a job to the next member, by the co-op's own rule, and say why it is them.

    :param candidates: who is free then; what they did lately is filled in here
    :returns: the offer that is open, or None when nobody is left to ask
    """
    by.must(OPEN, job)
    job = _locked(job)
    if job.state not in (Job.State.OPEN, Job.State.OFFERED, Job.State.UNTAKEN):
        raise WrongMoment(_("This job has found someone already."))
    if known := job.offers.filter(state=Offer.State.OFFERED).first():
        return known
    asked = set(job.offers.values_list("membership_id", flat=True))
    left = queries.with_history([c for c in candidates if c.membership_id not in asked], job)
    need = policies.Need(latitude=job.latitude, longitude=job.longitude, skills=frozenset(job.skills), chosen=chosen)
    pick = policies.ALLOCATION["choose" if chosen else job.policy](need, left)
    if pick is None:
        _move(job, Job.State.UNTAKEN)
        return None
    minutes = int(bylaws.book(version=job.bylaws_version).value("trade.offer_minutes"))
    # An offer for this evening does not wait until after it.
    expires = max(min(at + timedelta(minutes=minutes), job.starts_at), at + timedelta(minutes=1))
    offer = Offer.objects.create(
        job=job, membership_id=pick.candidate.membership_id, reason=pick.reason, offered_at=at, expires_at=expires
    )
    _move(job, Job.State.OFFERED)
    events.publish(OfferMade(offer_id=offer.pk, job_id=job.pk, subject=job.subject, membership_id=offer.membership_id))
    return offer


@transaction.atomic
def accept(*, offer: Offer, by: Principal, at: datetime) -> Job:
    """Take a job on, for the member who was asked. Of two who press at once, one does it and the other sees it done.

    :raises OfferClosed: when it was passed on, called off or not answered in time
    """
    by.must(ANSWER, offer)
    job, offer = _answering(offer)
    if offer.state == Offer.State.ACCEPTED:
        return job
    if offer.state != Offer.State.OFFERED or offer.expires_at <= at:
        raise OfferClosed(_("This offer is no longer open."), hint=_("The job has gone on to the next member."))
    _answer(offer, Offer.State.ACCEPTED, at)
    job.state, job.membership_id, job.accepted_at = Job.State.ACCEPTED, offer.membership_id, at
    job.save(update_fields=["state", "membership_id", "accepted_at"])
    events.publish(OfferAccepted(offer_id=offer.pk, job_id=job.pk, subject=job.subject, membership_id=offer.membership_id))
    return job


@transaction.atomic
def pass_(*, offer: Offer, by: Principal, at: datetime) -> Offer:
    """Say no to a job. No policy ever looks at this again.

    :raises OfferClosed: when it was accepted already
    """
    by.must(ANSWER, offer)
    job, offer = _answering(offer)
    if offer.state == Offer.State.ACCEPTED:
        raise OfferClosed(_("This job has been accepted."), hint=_("To give it back, write to the coordinator."))
    if offer.state == Offer.State.OFFERED:
        _return(job, offer, Offer.State.PASSED, at)
    return offer


@transaction.atomic
def expire_offers(*, by: Principal, at: datetime) -> int:
    """Take back the offers nobody answered in time; return how many."""
    by.must(EXPIRE)
    late = Offer.objects.filter(state=Offer.State.OFFERED, expires_at__lte=at).order_by("job_id")
    count = 0
    for candidate in late[:200]:
        job, offer = _answering(candidate)
        if offer.state == Offer.State.OFFERED:
            _return(job, offer, Offer.State.EXPIRED, at)
            count += 1
    return count


def hold(*, job: Job, by: Principal) -> None:
    """Let nobody else change a job until the transaction at hand ends."""
    by.must(OPEN, job)
    _locked(job)


@transaction.atomic
def withdraw(*, job: Job, by: Principal, at: datetime) -> Job:
    """Call a job off: its order was cancelled. Twice is the same as once."""
    by.must(OPEN, job)
    job = _locked(job)
    if job.state == Job.State.FINISHED:
        raise WrongMoment(_("This job is done."))
    job.offers.filter(state=Offer.State.OFFERED).update(state=Offer.State.WITHDRAWN, answered_at=at)
    _move(job, Job.State.WITHDRAWN)
    return job


@transaction.atomic
def reschedule(
    *, job: Job, starts: datetime, ends: datetime, by: Principal, at: datetime, earliest: datetime | None = None
) -> Job:
    """Have a job at another time. One that nobody has taken on is offered anew: who passed on Tuesday may be free on Friday.

    :raises WrongMoment: when it has started or ended
    """
    by.must(OPEN, job)
    job = _locked(job)
    _must_be(job, Job.State.OPEN, Job.State.OFFERED, Job.State.UNTAKEN, Job.State.ACCEPTED, Job.State.ASSIGNED)
    job.starts_at, job.ends_at, job.earliest_at = starts, ends, earliest
    job.save(update_fields=["starts_at", "ends_at", "earliest_at"])
    if job.state in (Job.State.OPEN, Job.State.OFFERED, Job.State.UNTAKEN):
        job.offers.all().delete()
        _move(job, Job.State.OPEN)
    return job


@transaction.atomic
def assign(*, job: Job, worker: Worker | None, by: Principal, at: datetime) -> Job:
    """Name who goes. The member who took the job on does this, from among its own people.

    :param worker: None when the member is a person and goes themselves
    :raises NotTheirWorker: when the person does not work for that member
    :raises WrongMoment: before the job is taken on, or after it has started
    """
    by.must(ASSIGN, job)
    job = _locked(job)
    _must_be(job, Job.State.ACCEPTED, Job.State.ASSIGNED)
    member = Membership.objects.select_related("person").get(pk=job.membership_id)
    if worker is None and member.person is None:
        raise NotTheirWorker(_("Say who of your people goes."))
    if worker is not None and (worker.membership_id != member.pk or worker.ended_on is not None):
        raise NotTheirWorker(_("%(name)s does not work for the member who took this job on.") % {"name": worker})
    who = {"worker": worker, "person": worker.person if worker else member.person, "name": str(worker or member)}
    Assignment.objects.update_or_create(job=job, defaults={**who, "assigned_by": str(by), "assigned_at": at})
    _move(job, Job.State.ASSIGNED)
    worker_id = worker.pk if worker else None
    events.publish(JobAssigned(job_id=job.pk, subject=job.subject, membership_id=member.pk, worker_id=worker_id))
    return job


@transaction.atomic
def start(*, job: Job, by: Principal, at: datetime) -> Job:
    """Begin the work. Twice is the same as once.

    :raises TooEarly: before the day of the visit: a finger slips, and what has begun can be neither moved nor cancelled
    """
    by.must(DO, job)
    job = _locked(job)
    if job.state == Job.State.STARTED:
        return job
    _must_be(job, Job.State.ASSIGNED)
    if job.earliest_at and at < job.earliest_at:
        raise TooEarly(_("This can be begun from %(when)s on.") % {"when": formats.moment(job.earliest_at)})
    job.started_at = at
    job.save(update_fields=["started_at"])
    _move(job, Job.State.STARTED)
    events.publish(JobStarted(job_id=job.pk, subject=job.subject))
    return job


@transaction.atomic
def tick(*, task: TaskTick, done: bool, by: Principal, at: datetime, note: str = "") -> TaskTick:
    """Tick a line of the checklist, or take the tick back, with a word about it if there is one."""
    by.must(DO, task.job)
    job = _locked(task.job)
    _must_be(job, Job.State.STARTED)
    task.ticked_at, task.ticked_by, task.note = (at, str(by), note) if done else (None, "", note)
    task.save(update_fields=["ticked_at", "ticked_by", "note"])
    return task


@transaction.atomic
def finish(*, job: Job, by: Principal, at: datetime) -> Job:
    """End the work. What was not ticked stays unticked, and the customer sees it."""
    by.must(DO, job)
    job = _locked(job)
    if job.state == Job.State.FINISHED:
        return job
    _must_be(job, Job.State.STARTED)
    job.finished_at = at
    job.save(update_fields=["finished_at"])
    _move(job, Job.State.FINISHED)
    events.publish(JobFinished(job_id=job.pk, subject=job.subject))
    return job


def _locked(job: Job) -> Job:
    return Job.objects.select_for_update(no_key=True).get(pk=job.pk)


def _answering(offer: Offer) -> tuple[Job, Offer]:
    """Lock the job first and look at the offer second: whoever comes later sees what the first one did."""
    job = _locked(offer.job)
    return job, Offer.objects.get(pk=offer.pk)


def _answer(offer: Offer, state: Offer.State, at: datetime) -> None:
    offer.state, offer.answered_at = state, at
    offer.save(update_fields=["state", "answered_at"])


def _return(job: Job, offer: Offer, state: Offer.State, at: datetime) -> None:
    _answer(offer, state, at)
    _move(job, Job.State.OPEN)
    events.publish(OfferPassed(offer_id=offer.pk, job_id=job.pk, subject=job.subject, membership_id=offer.membership_id))


def _move(job: Job, state: Job.State) -> None:
    job.state = state
    job.save(update_fields=["state"])


def _must_be(job: Job, *states: str) -> None:
    if job.state not in states:
        raise WrongMoment(_("This cannot be done now: the job is “%(state)s”.") % {"state": job.get_state_display()})


def make_feed(*, by: Principal, at: datetime) -> JobFeed:
    """Make the secret address of the jobs whoever asks is sent to. While there is one, it is that one."""
    by.must(FOLLOW, queries.is_sent(by))
    wanted = {"name": get_random_string(24), "made_at": at}
    return JobFeed.objects.get_or_create(person_id=by.person_id, ended_at=None, defaults=wanted)[0]


def end_feed(*, by: Principal, at: datetime) -> None:
    """End that address for good. Twice is the same as once."""
    by.must(FOLLOW, queries.is_sent(by))
    JobFeed.objects.filter(person_id=by.person_id, ended_at=None).update(ended_at=at)

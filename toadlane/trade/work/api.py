"""Jobs: offered, taken on, given to somebody, done."""

from typing import Any

from django.http import Http404
from ninja import Router, Status

from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.work import queries, schemas, services
from toadlane.trade.work.permissions import ANSWER, ASSIGN, DO, FOLLOW, READ

router = Router(tags=["work"])


def _told(job: Any) -> dict[str, Any]:
    assignment = getattr(job, "assignment", None)
    return {
        "id": job.pk, "subject": job.subject, "title": job.title, "starts": job.starts_at, "ends": job.ends_at, "area": job.area,
        "skills": job.skills, "state": job.state, "membership_id": job.membership_id,
        "worker": assignment.name if assignment else None, "worker_id": assignment.worker_id if assignment else None,
    }  # fmt: skip


def _whole(pk: int) -> dict[str, Any]:
    job = queries.job(pk)
    assert job is not None
    return _told(job) | {"tasks": queries.tasks(job), "earliest_at": job.earliest_at}


def _offered(offer: Any) -> dict[str, Any]:
    names = ("membership_id", "state", "reason", "offered_at", "expires_at")
    return {name: getattr(offer, name) for name in names} | {"id": offer.pk, "job": _told(offer.job)}


def _job(request: CoopRequest, pk: int, permission: Any) -> Any:
    found = queries.job(pk) if 0 < pk < 2**63 else None
    if found is None or not request.by.may(permission, found):
        raise Http404
    return found


def _offer(request: CoopRequest, pk: int) -> Any:
    found = queries.offer(pk) if 0 < pk < 2**63 else None
    if found is None or not request.by.may(ANSWER, found):
        raise Http404
    return found


@router.get("/jobs", response={200: schemas.Jobs}, operation_id="work_jobs")
def jobs(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """Your jobs and those of the members you speak for, the latest first."""
    found = paging.page(queries.jobs_of(request.by), cursor=cursor, limit=limit, order=("-starts_at", "-pk"))
    return {"items": [_told(job) for job in found.items], "next": found.next}


@router.get("/jobs/{pk}", response={200: schemas.JobWhole}, operation_id="work_job")
def job(request: CoopRequest, pk: int) -> Any:
    """One job with its checklist."""
    return _whole(_job(request, pk, READ).pk)


@router.get("/offers", response={200: list[schemas.OfferOut]}, operation_id="work_offers")
@paged("expires_at", "pk", tell=each(_offered))
def offers(request: CoopRequest) -> Any:
    """The offers that wait for your answer, the most urgent first."""
    return queries.offers_to(request.by, at=request.now)


@router.get("/offers/{pk}", response={200: schemas.OfferOut}, operation_id="work_offer")
def offer(request: CoopRequest, pk: int) -> Any:
    """One offer, and why it came to you."""
    return _offered(_offer(request, pk))


@router.post("/offers/{pk}/accept", response={200: schemas.JobWhole}, operation_id="work_accept")
def accept(request: CoopRequest, pk: int) -> Any:
    """Take a job on. Sent twice, it is taken on once."""
    offer = _offer(request, pk)
    queries.acceptance(services.accept)(offer=offer, by=request.by, at=request.now)
    return _whole(offer.job_id)


@router.post("/offers/{pk}/pass", response={200: schemas.OfferOut}, operation_id="work_pass")
def pass_(request: CoopRequest, pk: int) -> Any:
    """Say no to a job. It costs nothing."""
    services.pass_(offer=_offer(request, pk), by=request.by, at=request.now)
    return _offered(_offer(request, pk))


@router.post("/jobs/{pk}/assign", response={200: schemas.JobWhole}, operation_id="work_assign")
def assign(request: CoopRequest, pk: int, given: schemas.AssignIn) -> Any:
    """Name who goes, from among the people of the member who took the job on."""
    found = _job(request, pk, ASSIGN)
    worker = next((w for w in queries.workers(found) if w.pk == given.worker_id), None)
    if given.worker_id is not None and worker is None:
        raise services.NotTheirWorker
    return _whole(services.assign(job=found, worker=worker, by=request.by, at=request.now).pk)


@router.post("/jobs/{pk}/start", response={200: schemas.JobWhole}, operation_id="work_start")
def start(request: CoopRequest, pk: int) -> Any:
    """Begin the work."""
    return _whole(services.start(job=_job(request, pk, DO), by=request.by, at=request.now).pk)


@router.put("/jobs/{pk}/tasks/{position}", response={200: schemas.TaskOut}, operation_id="work_tick")
def tick(request: CoopRequest, pk: int, position: int, given: schemas.TickIn) -> Any:
    """Tick a line of the checklist, or take the tick back."""
    task = queries.task(_job(request, pk, DO), position) if 0 <= position < 32768 else None
    if task is None:
        raise Http404
    return services.tick(task=task, **given.dict(), by=request.by, at=request.now)


@router.post("/jobs/{pk}/finish", response={200: schemas.JobWhole}, operation_id="work_finish")
def finish(request: CoopRequest, pk: int) -> Any:
    """End the work. What was not ticked stays open, and the customer sees it."""
    return _whole(services.finish(job=_job(request, pk, DO), by=request.by, at=request.now).pk)


@router.get("/feed", response={200: schemas.JobFeedOut}, operation_id="work_feed")
def feed(request: CoopRequest) -> Any:
    """The secret iCalendar address of the jobs you are sent to; 404 while there is none."""
    request.by.must(FOLLOW, queries.is_sent(request.by))
    found = queries.feed_of(request.by)
    if found is None:
        raise Http404
    return found


@router.post("/feed", response={201: schemas.JobFeedOut}, operation_id="work_make_feed")
def make_feed(request: CoopRequest) -> Any:
    """Make that address, also as a worker who is no member; customers are not named at it. While there is one, it is that one."""
    services.make_feed(by=request.by, at=request.now)
    return Status(201, queries.feed_of(request.by))


@router.delete("/feed", response={204: None}, operation_id="work_end_feed")
def end_feed(request: CoopRequest) -> Any:
    """End that address for good."""
    services.end_feed(by=request.by, at=request.now)
    return Status(204, None)

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.work import queries, services
from toadlane.trade.work.forms import AssignForm
from toadlane.trade.work.permissions import ANSWER, ASSIGN, DO, FOLLOW, READ
from toadlane.ui.shapes import Crumb


def _crumbs(*last: str) -> list[Crumb]:
    return [Crumb(_("My jobs"), reverse("work:index")), *(Crumb(label) for label in last)]


def _job(request: CoopRequest, pk: int, permission: Any = READ) -> Any:
    found = queries.job(pk)
    if found is None or not request.by.may(permission, found):
        raise Http404
    return found


def _offer(request: CoopRequest, pk: int) -> Any:
    found = queries.offer(pk)
    if found is None or not request.by.may(ANSWER, found):
        raise Http404
    return found


def _try(request: CoopRequest, deed: Callable[[], Any], told: str) -> None:
    """Do it and say so, or say kindly why not."""
    try:
        deed()
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
    else:
        messages.success(request, told)


@require_GET
def index(request: CoopRequest) -> HttpResponse:
    """What I have before me, on a phone: today first."""
    if not request.by.person_id:
        raise Http404
    jobs = queries.ahead(request.by, at=request.now)
    offers = [(offer, queries.terms(offer.job, request.by)) for offer in queries.offers_to(request.by, at=request.now)]
    may_follow = bool(request.by.may(FOLLOW, queries.is_sent(request.by)))
    context = {"jobs": jobs, "offers": offers, "today": request.now.date(), "may_follow": may_follow}
    return render(request, "work/index.html", context | {"feed": queries.feed_of(request.by)})


@require_POST
def make_feed(request: CoopRequest) -> HttpResponse:
    services.make_feed(by=request.by, at=request.now)
    messages.success(request, _("The address is ready. Whoever has it sees where you are sent, and not to whom."))
    return redirect("work:index")


@require_POST
def end_feed(request: CoopRequest) -> HttpResponse:
    services.end_feed(by=request.by, at=request.now)
    messages.success(request, _("That address no longer works."))
    return redirect("work:index")


@require_GET
def feed(request: CoopRequest, address: str) -> HttpResponse:
    text = queries.feed_text(address, at=request.now)
    if text is None:
        raise Http404
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@require_GET
def past(request: CoopRequest) -> HttpResponse:
    if not request.by.person_id:
        raise Http404
    rows = paging.page(queries.jobs_of(request.by), cursor=request.GET.get("cursor"), order=("-starts_at", "-pk"))
    return render(request, "work/past.html", {"jobs": rows, "crumbs": _crumbs(_("All jobs"))})


@require_GET
def offer(request: CoopRequest, pk: int) -> HttpResponse:
    found = _offer(request, pk)
    is_open = found.state == "offered" and found.expires_at > request.now
    context = {"offer": found, "job": found.job, "is_open": is_open, "tasks": queries.tasks(found.job)}
    context["terms"] = queries.terms(found.job, request.by)
    return render(request, "work/offer.html", context | {"crumbs": _crumbs(_("A job is offered"))})


@require_POST
def accept(request: CoopRequest, pk: int) -> HttpResponse:
    found = _offer(request, pk)
    try:
        queries.acceptance(services.accept)(offer=found, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
        return redirect("work:offer", pk)
    messages.success(request, _("The job is yours. Say who goes."))
    return redirect("work:job", found.job_id)


@require_POST
def pass_(request: CoopRequest, pk: int) -> HttpResponse:
    found = _offer(request, pk)
    told = _("Passed on. It is offered to the next member, and you are asked again next time.")
    _try(request, lambda: services.pass_(offer=found, by=request.by, at=request.now), told)
    return redirect("work:index")


def job(request: CoopRequest, pk: int) -> HttpResponse:
    found = _job(request, pk)
    form = AssignForm(request.POST if request.method == "POST" else None, workers=queries.workers(found))
    if request.method == "POST":
        _job(request, pk, ASSIGN)
        if form.is_valid():
            worker = next(w for w in queries.workers(found) if str(w.pk) == form.cleaned_data["worker"])
            told = _("%(name)s goes.") % {"name": worker.name}
            _try(request, lambda: services.assign(job=found, worker=worker, by=request.by, at=request.now), told)
            return redirect("work:job", pk)
    ticks = queries.tasks(found)
    may_do = bool(request.by.may(DO, found))
    context = {
        "job": found, "tasks": ticks, "progress": queries.progress(ticks), "form": form, "may_do": may_do,
        "may_begin": may_do and found.state == "assigned" and (not found.earliest_at or found.earliest_at <= request.now),
        "may_assign": bool(request.by.may(ASSIGN, found)) and found.state in ("accepted", "assigned"),
        "goes_alone": found.membership is not None and queries.is_person(found.membership),
        "briefing": queries.briefing(found, request.by) if may_do else None,
        "terms": queries.terms(found, request.by) if may_do else None, "crumbs": _crumbs(found.title),
    }  # fmt: skip
    return render(request, "work/job.html", context, status=422 if form.errors else 200)


@require_POST
def assign_self(request: CoopRequest, pk: int) -> HttpResponse:
    found = _job(request, pk, ASSIGN)
    _try(request, lambda: services.assign(job=found, worker=None, by=request.by, at=request.now), _("You go yourself."))
    return redirect("work:job", pk)


@require_POST
def start(request: CoopRequest, pk: int) -> HttpResponse:
    found = _job(request, pk, DO)
    _try(request, lambda: services.start(job=found, by=request.by, at=request.now), _("Started. Good work."))
    return redirect("work:job", pk)


@require_POST
def tick(request: CoopRequest, pk: int, position: int) -> HttpResponse:
    """Tick one line, or take the tick back; then come back to that line."""
    found = _job(request, pk, DO)
    task = queries.task(found, position)
    if task is None:
        raise Http404
    done, note = request.POST.get("done") == "1", request.POST.get("note", task.note)[:500]
    try:
        services.tick(task=task, done=done, note=note, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
    return redirect(f"{reverse('work:job', args=[pk])}#t{position}")


@require_POST
def finish(request: CoopRequest, pk: int) -> HttpResponse:
    found = _job(request, pk, DO)
    _try(request, lambda: services.finish(job=found, by=request.by, at=request.now), _("Done. The customer is told."))
    return redirect("work:job", pk)

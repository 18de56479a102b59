from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.dates import at_wall_time, wall_time
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.booking import queries, services
from toadlane.trade.booking.forms import BlockForm, ExceptionForm, OutsideForm, ResourceForm, WeekForm
from toadlane.trade.booking.permissions import KEEP, READ
from toadlane.ui.shapes import Crumb


def _kept(request: CoopRequest, pk: int, permission: Any = KEEP) -> Any:
    resource = queries.resource(pk)
    if resource is None or not request.by.may(permission, resource):
        raise Http404
    return resource


def _crumbs(resource: Any, *last: str) -> list[Crumb]:
    there = [
        Crumb(_("My calendars"), reverse("booking:index")),
        Crumb(resource.name, reverse("booking:calendar", args=[resource.pk])),
    ]
    return there + [Crumb(label) for label in last]


def _refuse(form: Form, error: Expected) -> None:
    form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())


def index(request: CoopRequest) -> HttpResponse:
    if not request.by.memberships:
        raise Http404
    rows = paging.page(queries.kept_by(request.by), cursor=request.GET.get("cursor"), order=("name", "pk"))
    form = ResourceForm(
        request.POST if request.method == "POST" else None, initial={"time_zone": request.coop.time_zone, "unit": "hour"}
    )
    if request.method == "POST" and form.is_valid():
        owner = request.by.membership_id or min(request.by.memberships)
        try:
            resource = services.open_resource(**form.cleaned_data, membership_id=owner, by=request.by, at=request.now)
        except Expected as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The calendar is open. Say next when it can be booked."))
            return redirect("booking:plan", resource.pk)
    feeds = queries.own_feeds(request.by)
    return render(request, "booking/index.html", {"resources": rows, "form": form, "feeds": feeds})


@require_GET
def calendar(request: CoopRequest, pk: int) -> HttpResponse:
    resource = _kept(request, pk, READ)
    today = wall_time(request.now, resource.zone).date()
    monday = _day(request.GET.get("week"), today)
    monday -= timedelta(days=monday.weekday())
    may_keep = bool(request.by.may(KEEP, resource))
    with timezone.override(resource.zone):
        return render(request, "booking/calendar.html", {
            "resource": resource, "days": queries.week(resource, monday, at=request.now), "monday": monday,
            "sunday": monday + timedelta(days=6), "earlier": monday - timedelta(days=7), "later": monday + timedelta(days=7),
            "is_past": monday + timedelta(days=7) <= today, "may_keep": may_keep, "blocking": BlockForm(),
            "crumbs": _crumbs(resource) if may_keep else [Crumb(resource.name)],
        })  # fmt: skip


def _day(typed: str | None, otherwise: date) -> date:
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return otherwise
    # A year either way is as far as anybody looks, and as far as arithmetic is safe.
    return day if abs((day - otherwise).days) <= 800 else otherwise


def plan(request: CoopRequest, pk: int) -> HttpResponse:
    resource = _kept(request, pk)
    deed = request.POST.get("deed", "")
    week = WeekForm(request.POST if deed == "week" else None, windows=queries.plans([resource])[pk].windows)
    days = ExceptionForm(request.POST if deed == "days" else None)
    facts = ResourceForm(
        request.POST if deed == "facts" else None, initial={name: getattr(resource, name) for name in ResourceForm.base_fields}
    )
    who = {"resource": resource, "by": request.by, "at": request.now}
    deeds = {
        "week": (week, lambda: services.set_week(windows=week.windows(), **who), _("The week is saved.")),
        "days": (days, lambda: services.add_exception(**days.cleaned_data, **who), _("Those days are noted.")),
        "facts": (facts, lambda: services.change_resource(**facts.cleaned_data, **who), _("The calendar is changed.")),
    }
    if request.method == "POST" and deed in deeds and _done(request, *deeds[deed]):
        return redirect("booking:plan", pk)
    if request.method == "POST" and deed not in deeds:
        raise Http404
    context = {"resource": resource, "week": week, "days": days, "facts": facts, "exceptions": queries.exceptions(resource)}
    return render(request, "booking/plan.html", context | {"crumbs": _crumbs(resource, _("When it is open"))})


def _done(request: CoopRequest, form: Form, deed: Any, told: str) -> bool:
    """Do what a form asks, and say so; or leave the form with what is wrong."""
    if not form.is_valid():
        return False
    try:
        deed()
    except Expected as error:
        _refuse(form, error)
        return False
    messages.success(request, told)
    return True


@require_POST
def remove_exception(request: CoopRequest, pk: int, exception: int) -> HttpResponse:
    resource = _kept(request, pk)
    found = next((one for one in queries.exceptions(resource) if one.pk == exception), None)
    if found:
        services.remove_exception(exception=found, by=request.by, at=request.now)
        messages.success(request, _("Those days are as the week says again."))
    return redirect("booking:plan", pk)


@require_POST
def block(request: CoopRequest, pk: int) -> HttpResponse:
    resource = _kept(request, pk)
    with timezone.override(resource.zone):
        form = BlockForm(request.POST)
        is_valid = form.is_valid()
    if is_valid:
        starts, ends = (_local(form.cleaned_data[name], resource) for name in ("starts", "ends"))
        note = form.cleaned_data["note"]
        try:
            services.block(resource=resource, starts=starts, ends=ends, note=note, by=request.by, at=request.now)
        except Expected as error:
            _refuse(form, error)
        else:
            messages.success(request, _("That time is blocked."))
            return redirect("booking:calendar", pk)
    context = {"resource": resource, "form": form, "crumbs": _crumbs(resource, _("Block time"))}
    return render(request, "booking/block.html", context, status=422)


def _local(typed: datetime, resource: Any) -> datetime:
    """Read a typed time on the clocks of the resource, skipped and repeated hours included."""
    return at_wall_time(wall_time(typed, resource.zone), resource.zone)


@require_POST
def unblock(request: CoopRequest, pk: int, allocation: int) -> HttpResponse:
    _kept(request, pk)
    found = queries.allocation(allocation)
    if found is None or found.resource_id != pk:
        raise Http404
    services.unblock(allocation=found, by=request.by, at=request.now)
    messages.success(request, _("That time is open again."))
    return redirect("booking:calendar", pk)


def connect(request: CoopRequest, pk: int) -> HttpResponse:
    """Calendars elsewhere: the ones that read ours, and the ones that we read."""
    resource = _kept(request, pk)
    form = OutsideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.subscribe(resource=resource, **form.cleaned_data, by=request.by, at=request.now)
        except Expected as error:
            _refuse(form, error)
        else:
            messages.success(request, _("What is taken there is blocked here from now on."))
            return redirect("booking:connect", pk)
    context = {"resource": resource, "form": form, "feeds": queries.feeds(resource), "outside": queries.outside(resource)}
    return render(request, "booking/connect.html", context | {"crumbs": _crumbs(resource, _("Other calendars"))})


@require_POST
def forget(request: CoopRequest, pk: int, calendar: int) -> HttpResponse:
    resource = _kept(request, pk)
    found = next((one for one in queries.outside(resource) if one.pk == calendar), None)
    if found:
        services.unsubscribe(calendar=found, by=request.by, at=request.now)
        messages.success(request, _("That calendar no longer blocks anything here."))
    return redirect("booking:connect", pk)


@require_POST
def make_feed(request: CoopRequest, pk: int) -> HttpResponse:
    services.make_feed(resource=_kept(request, pk), by=request.by, at=request.now)
    messages.success(request, _("The address is ready. Whoever has it sees when you are busy, and not with whom."))
    return redirect("booking:connect", pk)


@require_POST
def make_own_feed(request: CoopRequest) -> HttpResponse:
    owner = request.by.membership_id or min(request.by.memberships, default=0)
    services.make_own_feed(membership_id=owner, by=request.by, at=request.now)
    messages.success(request, _("The address is ready. Whoever has it sees when you are busy, and not with whom."))
    return redirect("booking:index")


@require_POST
def end_feed(request: CoopRequest, feed: int) -> HttpResponse:
    found = queries.feed(feed)
    if found is None:
        raise Http404
    services.end_feed(feed=found, by=request.by, at=request.now)
    messages.success(request, _("That address no longer works."))
    return redirect("booking:connect", found.resource_id) if found.resource_id else redirect("booking:index")


@require_GET
def feed(request: CoopRequest, address: str) -> HttpResponse:
    found = queries.feed_at(address)
    if found is None:
        raise Http404
    answer = HttpResponse(queries.feed_text(found, at=request.now), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer

"""Draws of lots: announced, drawn, and worked out again by whoever wants to."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.democracy.circles import forms, permissions, queries, services
from toadlane.democracy.circles.models import Draw
from toadlane.democracy.circles.queries import draws
from toadlane.democracy.circles.views.pages import class_names, crumbs
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.deeds import status_of
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui.shapes import Crumb

SHOWN = 30


def _draw(request: CoopRequest, number: int) -> Draw:
    request.by.must(permissions.READ_ELECTIONS)
    found = draws.draw(number)
    if found is None:
        raise Http404
    return found


def announce(request: CoopRequest, slug: str) -> HttpResponse:
    """Announce a draw: when, for which seats, and what decides it."""
    circle = queries.find(slug)
    if circle is None or circle.chosen != "lot":
        raise Http404
    request.by.must(permissions.DRAW, slug)
    form = forms.DrawForm(request.POST or None, earliest=request.now, days=bylaws.book().value("circles.draw_days"))
    if form.is_bound and form.is_valid():
        try:
            made = services.announce_draw(office=slug, by=request.by, at=request.now, **form.chosen())
        except Expected as error:
            field = {"draws_at": "draws_on"}.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("The draw is announced. Everybody can look who is in it."))
            return redirect("circles:draw", made.number)
    name = queries.name(circle)
    return render(request, "circles/announce_draw.html", {
        "form": form, "circle": circle, "name": name, "decided": bylaws.book().decided("circles.draw_days"),
        "crumbs": crumbs(Crumb(name, reverse("circles:circle", args=[slug])), Crumb(_("Announce a draw"))),
    }, status=status_of(form))  # fmt: skip


@require_GET
def index(request: CoopRequest) -> HttpResponse:
    """Draws: those announced, and those that were."""
    request.by.must(permissions.READ_ELECTIONS)
    page = paging.page(draws.draws(), cursor=request.GET.get("cursor"), limit=SHOWN, order=("-number",))
    rows = [(one, queries.name_of(one.office)) for one in page.items]
    return render(request, "circles/draws.html", {"page": page, "rows": rows, "crumbs": crumbs(Crumb(_("Draws of lots")))})


def draw(request: CoopRequest, number: int) -> HttpResponse:
    """One draw: what was announced, whom the lot fell on, and how to do it again."""
    one = _draw(request, number)
    may_keep = bool(request.by.may(permissions.DRAW, one.office))
    is_waiting = one.state == Draw.State.ANNOUNCED and bool(one.source) and request.now >= one.draws_at
    form = forms.ValueForm(request.POST or None)
    if form.is_bound and may_keep and form.is_valid():
        try:
            services.read_value(draw=one, value=form.cleaned_data["value"], by=request.by, at=request.now)
            return redirect("circles:draw", number)
        except Expected as error:
            form.add_error("value", f"{error} {error.hint}".strip())
    name, asked = queries.name_of(one.office), list(draws.asked(one))
    mine = next((row for row in asked if row.entry.person_id == request.by.person_id), None)
    return render(request, "circles/draw.html", {
        "draw": one, "name": name, "asked": asked, "mine": mine, "class_names": class_names(),
        "may_decline": mine is not None and mine.declined_at is None and request.now < mine.answer_until
        and one.state == Draw.State.DRAWN,
        "seats": queries.seats_in_words(one.seats, get_language() or "en"), "lots": draws.lots(one)[:SHOWN],
        "is_in_it": one.entries.filter(person_id=request.by.person_id or 0).exists(), "form": form,
        "may_read": may_keep and is_waiting, "is_waiting": is_waiting, "reason": forms.ReasonForm(),
        "may_cancel": may_keep and one.state == Draw.State.ANNOUNCED and request.now < one.draws_at,
        "crumbs": crumbs(Crumb(name, reverse("circles:circle", args=[one.office])), Crumb(_("Draw of lots"))),
    }, status=status_of(form))  # fmt: skip


@require_POST
def decline(request: CoopRequest, pk: int) -> HttpResponse:
    """Say no to a seat that the lot gave."""
    asked = draws.asked_one(pk)
    if asked is None or not request.by.may(permissions.DECLINE_LOT, asked):
        raise Http404
    try:
        services.decline_lot(asked=asked, by=request.by, at=request.now)
        messages.success(request, _("You do not take the seat. The next of this draw moves up."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("circles:draw", asked.entry.draw.number)


@require_POST
def cancel(request: CoopRequest, number: int) -> HttpResponse:
    one = _draw(request, number)
    try:
        services.cancel_draw(draw=one, reason=request.POST.get("reason", "")[:2000], by=request.by, at=request.now)
        messages.success(request, _("The draw is called off."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("circles:draw", number)


@require_GET
def roll(request: CoopRequest, number: int) -> HttpResponse:
    one = _draw(request, number)
    return _file(one, draws.roll_lines(one), "list.csv")


@require_GET
def result(request: CoopRequest, number: int) -> HttpResponse:
    one = _draw(request, number)
    if not one.seed:
        raise Http404
    return _file(one, draws.lines(one), "result.csv")


def _file(one: Draw, lines: Iterator[str], ending: str) -> Any:
    answer = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{one.name}-{ending}"'
    return answer

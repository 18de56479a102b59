"""Quotes as whoever manages an activity writes and changes them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.plumbing.access.deeds import done
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import forms, queries, services
from toadlane.trade.assignments.permissions import MANAGE
from toadlane.trade.assignments.views.common import activity_at, assignment_at, crumbs, of_activity, typed
from toadlane.ui.shapes import Crumb


@login_required
def write_quote(request: CoopRequest, pk: int) -> HttpResponse:
    """Write a quote for a client."""
    found, made = activity_at(request, pk, manages=True), []
    form = _form(request, found, {"language": (get_language() or "en").split("-")[0]})

    def deed() -> None:
        made.append(services.write_quote(activity=found, **_said(form), by=request.by, at=request.now))

    if done(request, form, deed, _("Read it over, and send it.")):
        return redirect("assignments:order", made[0].pk)
    return _shown(request, found, form, crumbs(of_activity(found), Crumb(_("Write a quote"))))


@login_required
def revise(request: CoopRequest, pk: int) -> HttpResponse:
    """Change a quote that nobody has confirmed."""
    found = assignment_at(request, pk)
    request.by.must(MANAGE, found.activity)
    form = _form(request, found.activity, _as_typed(found), count=max(forms.LINES, len(found.lines)))

    def deed() -> None:
        services.revise(assignment=found, **_said(form), by=request.by, at=request.now)

    if done(request, form, deed, _("Changed. Read it over, and send it.")):
        return redirect("assignments:order", pk)
    steps = crumbs(
        of_activity(found.activity), Crumb(found.title, reverse("assignments:order", args=[pk])), Crumb(_("Change it"))
    )
    return _shown(request, found.activity, form, steps, order=found)


def _form(request: CoopRequest, activity: Any, initial: dict[str, Any], *, count: int = forms.LINES) -> forms.QuoteForm:
    return forms.QuoteForm(
        typed(request), currency=activity.currency, trades=queries.terms.trades(), languages=settings.LANGUAGES, initial=initial,
        count=count,
    )  # fmt: skip


def _as_typed(found: Any) -> dict[str, Any]:
    same = ("title", "trade", "first_day", "last_day", "note", "language", "client_name", "client_email")
    client = {name: getattr(found, f"client_{name}") for name in ("street", "postcode", "city", "country", "vat_number")}
    lines: dict[str, Any] = {}
    for number, line in enumerate(found.lines, start=1):
        lines |= {f"text_{number}": line["text"], f"amount_{number}": type(found.net)(line["minor"], found.currency)}
    return {name: getattr(found, name) for name in same} | client | lines | {"untaxed": found.vat_category == "E"}


def _said(form: Any) -> dict[str, Any]:
    said = form.cleaned_data
    client = services.Client(
        name=said["client_name"], email=said["client_email"],
        **{name: said[name] for name in ("country", "street", "postcode", "city", "vat_number", "language")},
    )  # fmt: skip
    own = {name: said[name] for name in ("title", "trade", "first_day", "last_day", "note", "untaxed")}
    return own | {"lines": [services.Line(text, minor) for text, minor in said["lines"]], "client": client}


def _shown(request: CoopRequest, activity: Any, form: Any, steps: Any, *, order: Any = None) -> HttpResponse:
    return render(request, "assignments/quote_form.html", {
        "activity": activity, "form": form, "is_open": queries.manager_is_member(activity), "crumbs": steps, "order": order,
    }, status=422 if form.errors else 200)  # fmt: skip

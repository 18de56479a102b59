"""Who keeps the code of good work: a public list."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.money.benefits import forms, queries, services
from toadlane.money.benefits.permissions import END_PLEDGE, MODERATE, PLEDGE, SEE_PLEDGES
from toadlane.money.benefits.views.common import by_form, tried
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui.shapes import Crumb


@require_GET
def pledges(request: CoopRequest) -> HttpResponse:
    request.by.must(SEE_PLEDGES)
    found = page(queries.pledges(request.by), cursor=request.GET.get("cursor"), limit=25)
    return render(request, "benefits/pledges.html", {
        "page": found, "pledges": [(one, queries.promised(one), bool(request.by.may(END_PLEDGE, one))) for one in found.items],
        "values": queries.values(), "decided": bylaws.book().decided("benefits.values"), "form": forms.ReasonForm(),
        "may_moderate": bool(request.by.may(MODERATE)), "is_open": queries.is_open(),
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def pledge(request: CoopRequest) -> HttpResponse:
    """Pledge to keep the code of good work."""
    request.by.must(PLEDGE)
    form = forms.PledgeForm(request.POST or None, values=queries.values())
    if request.method == "POST" and form.is_valid():
        given = {"name": form.cleaned_data["name"], "website": form.cleaned_data["website"], "actions": form.actions()}
        if by_form(form, lambda: services.pledge(**given, by=request.by, at=request.now)):
            messages.success(request, _("Thank you. The board looks at it, and then everybody can read it."))
            return redirect("benefits:pledges")
    book = bylaws.book()
    return render(request, "benefits/pledge.html", {
        "form": form, "least": book.value("benefits.least_values"), "decided": book.decided("benefits.least_values"),
        "crumbs": [Crumb(_("Code of good work"), reverse("benefits:pledges")), Crumb(_("Pledge"))],
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@require_POST
def act(request: CoopRequest, pk: int, deed: str) -> HttpResponse:
    """Show a pledge, keep it off the list, or end it."""
    found = queries.pledge(pk, request.by)
    if found is None:
        raise Http404
    who: dict[str, Any] = {"pledge": found, "by": request.by, "at": request.now}
    reason = request.POST.get("reason", "")
    deeds = {
        "show": (lambda: services.show(**who), _("It is on the list.")),
        "decline": (lambda: services.decline_pledge(reason=reason, **who), _("Declined, with your reason.")),
        "end": (lambda: services.end_pledge(reason=reason, **who), _("The pledge has ended, and is shown as ended.")),
    }
    if deed not in deeds:
        raise Http404
    tried(request, *deeds[deed])
    return redirect("benefits:pledges")

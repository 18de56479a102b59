from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.blueprints.demo import queries
from toadlane.blueprints.demo.forms import ForwardForm
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.clock.permissions import ADVANCE
from toadlane.plumbing.outbox import services as outbox


@require_GET
def logins(request: CoopRequest) -> HttpResponse:
    """Say who to log in as. Only a sandbox server has such a page."""
    if not settings.TOADLANE_SANDBOX:
        raise Http404
    return render(request, "demo/logins.html", {"shops": queries.shops(), "cards": queries.CARDS})


@require_GET
def sandbox(request: CoopRequest) -> HttpResponse:
    """Show what day it is in this co-op, and let its board move it on."""
    if not request.coop.is_sandbox:
        raise Http404
    return render(
        request, "demo/sandbox.html", {"form": ForwardForm(), "may_move": request.by.may(ADVANCE), "cards": queries.CARDS}
    )


@require_POST
def forward(request: CoopRequest) -> HttpResponse:
    form = ForwardForm(request.POST)
    if not form.is_valid():
        page = {"form": form, "may_move": request.by.may(ADVANCE), "cards": queries.CARDS}
        return render(request, "demo/sandbox.html", page, status=422)
    outbox.move_on(by=request.by, days=form.cleaned_data["days"])
    messages.success(request, _("The clock moved on. What has come due is done within a few seconds."))
    return redirect("demo:sandbox")

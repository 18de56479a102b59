from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.blueprints.demo import queries
from toadlane.blueprints.demo.forms import ForwardForm
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.clock import queries as clock
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
    return _page(request, ForwardForm())


@require_POST
def forward(request: CoopRequest) -> HttpResponse:
    form = ForwardForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    outbox.move_on(by=request.by, days=form.cleaned_data["days"], waits=True)
    messages.success(request, _("The clock moves on. Whatever comes due on the way is done at its own time."))
    return redirect("demo:sandbox")


@require_POST
def stay(request: CoopRequest) -> HttpResponse:
    outbox.stay(by=request.by)
    messages.success(request, _("The clock stays where it has come to."))
    return redirect("demo:sandbox")


def _page(request: CoopRequest, form: ForwardForm, *, status: int = 200) -> HttpResponse:
    shown = {
        "form": form, "may_move": request.by.may(ADVANCE), "cards": queries.CARDS,
        "bound_for": clock.bound_for(request.coop.tenant),
    }  # fmt: skip
    return render(request, "demo/sandbox.html", shown, status=status)

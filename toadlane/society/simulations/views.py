from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.simulations import queries, services
from toadlane.society.simulations.forms import TryForm
from toadlane.society.simulations.models import Simulation
from toadlane.society.simulations.permissions import ASK, SEE


def simulation(request: CoopRequest, pk: int) -> HttpResponse:
    """What a change would have done: by itself, before it is proposed."""
    request.by.must(SEE)
    asked = _found(pk)
    return render(request, "simulations/simulation.html", {"simulation": asked, "replays": queries.shown(asked, request.by)})


@require_POST
def try_out(request: CoopRequest) -> HttpResponse:
    """Try a change that somebody is still writing."""
    request.by.must(ASK)
    form = TryForm(request.POST)
    if not form.is_valid():
        return _untried(request, _("This is not a change of rules as the server reads it."))
    try:
        asked = services.simulate(patch=form.patch(), by=request.by, at=request.now)
    except Refused:
        raise
    except Expected as error:
        return _untried(request, f"{error} {error.hint}".strip())
    if asked is None:
        return _untried(request, _("This change touches no money: there is nothing to replay."))
    return redirect("simulations:simulation", asked.pk)


def _untried(request: CoopRequest, why: str) -> HttpResponse:
    return render(request, "simulations/simulation.html", {"simulation": None, "why": why}, status=422)


def document(request: CoopRequest, pk: int) -> HttpResponse:
    """The result as it is hashed, so that anybody who may see it can check it."""
    request.by.must(SEE)
    asked = _found(pk)
    return JsonResponse({"hash": asked.hash, "hashed": asked.result}, json_dumps_params={"indent": 2, "ensure_ascii": False})


def _found(pk: int) -> Simulation:
    if (asked := queries.simulation(pk)) is None:
        raise Http404
    return asked

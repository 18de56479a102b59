from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.simulations import queries
from toadlane.society.simulations.models import Simulation
from toadlane.society.simulations.permissions import SEE


def simulation(request: CoopRequest, pk: int) -> HttpResponse:
    """What a change would have done: by itself, before it is proposed."""
    request.by.must(SEE)
    asked = _found(pk)
    return render(request, "simulations/simulation.html", {"simulation": asked, "replays": queries.shown(asked, request.by)})


def document(request: CoopRequest, pk: int) -> HttpResponse:
    """The result as it is hashed, so that anybody who may see it can check it."""
    request.by.must(SEE)
    asked = _found(pk)
    return JsonResponse({"hash": asked.hash, "hashed": asked.result}, json_dumps_params={"indent": 2, "ensure_ascii": False})


def _found(pk: int) -> Simulation:
    if (asked := queries.simulation(pk)) is None:
        raise Http404
    return asked

"""What a change of the rules would have done, over REST."""

from typing import Any

from django.http import Http404
from ninja import Router, Status

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.coops import queries as coops
from toadlane.society.simulations import queries, schemas, services
from toadlane.society.simulations.permissions import SEE, SEE_OWN

router = Router(tags=["rules"])
NO_MONEY: dict[str, Any] = {
    "id": None, "touches_money": False, "state": "", "trouble": "", "done": 0, "of": 0, "since": None, "until": None, "rules": [],
    "hash": "", "result": None, "own": None, "address": "",
}  # fmt: skip


def _shown(request: CoopRequest, asked: Any) -> dict[str, Any]:
    names = ("state", "trouble", "done", "of", "since", "until", "hash", "result")
    return {name: getattr(asked, name) for name in names} | {
        "id": asked.pk, "touches_money": True, "rules": [op["rule"] for op in asked.patch["ops"]],
        "own": asked.own if request.by.may(SEE_OWN) else None,
        "address": coops.address(request.coop, "simulations:simulation", asked.pk),
    }  # fmt: skip


@router.post("", response={201: schemas.SimulationOut, 200: schemas.SimulationOut}, summary="Ask what a change would have done")
def simulate(request: CoopRequest, given: schemas.SimulationIn) -> Any:
    """Replay the last twelve months' orders with the rules as they are and with the change. Nothing is proposed by it.

    A long replay is worked out by a job: `state` says how far it is. A change that touches no money has nothing to replay.
    """
    book = bylaws.book()
    ops = []
    for op in given.ops:
        expect = op.expect if op.expect is not None else book.rules.get(op.rule, {}).get("value")
        ops.append(Op(op.rule, expect, op.set))
    asked = services.simulate(patch=Patch(book.number, tuple(ops)), by=request.by, at=request.now)
    return Status(201, _shown(request, asked)) if asked else Status(200, NO_MONEY)


@router.get("/{pk}", response=schemas.SimulationOut, summary="A simulation, and how far it is")
def simulation(request: CoopRequest, pk: int) -> Any:
    request.by.must(SEE)
    if (asked := queries.simulation(pk)) is None:
        raise Http404
    return _shown(request, asked)

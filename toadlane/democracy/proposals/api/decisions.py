"""What was decided, what came of it, and how it is stopped on its way."""

from typing import Any

from django.http import Http404
from ninja import Query, Router, Status

from toadlane.democracy.proposals import schemas, services
from toadlane.democracy.proposals.api.common import BIG_PK, told
from toadlane.democracy.proposals.models import Appeal, Decision, Enactment, Pause
from toadlane.democracy.proposals.permissions import READ
from toadlane.democracy.proposals.queries import decisions, pauses, proposals
from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries as coops

router = Router(tags=["decisions"])


def _decision(request: CoopRequest, name: str) -> Decision:
    found = decisions.named(name)
    if found is None or not request.by.may(READ, found.proposal):
        raise Http404
    return found


def _open(request: CoopRequest) -> None:
    if not request.by.may(READ, None):
        raise Http404


@router.get("", auth=None, response={200: schemas.Decisions}, operation_id="decisions_list")
def index(request: CoopRequest, wanted: Query[schemas.Wanted], cursor: str | None = None, limit: int = 25) -> Any:
    """Every decision, the latest first; for everybody whom the bylaws let read them."""
    _open(request)
    found = page(decisions.filtered(**wanted.dict()), cursor=cursor, limit=limit, order=("-number",))
    names = set(schemas.DecisionRow.model_fields) - {"state"}
    return {
        "items": [
            {name: getattr(one, name) for name in names} | {"state": one.enactment.state if hasattr(one, "enactment") else None}
            for one in found.items
        ],
        "next": found.next,
    }  # fmt: skip


@router.get("/chain", auth=None, response={200: schemas.ChainOut}, operation_id="decisions_chain")
def chain(request: CoopRequest) -> Any:
    """Check the chain of decisions."""
    _open(request)
    found = decisions.chain()
    return {"decisions": found.looked_at, "faults": list(found.faults)}


def _under_way(one: Enactment) -> dict[str, Any]:
    return {"decision": one.decision.name, "title": one.decision.title} | {
        name: getattr(one, name) for name in ("state", "effective_on", "due_at")
    }


@router.get("/enactments", auth=None, response={200: list[schemas.EnactmentRow]}, operation_id="decisions_enactments")
@paged("due_at", "pk", tell=each(_under_way))
def enactments(request: CoopRequest) -> Any:
    """What has passed and is not in force: on its way, paused, suspended, or failed with its reason."""
    _open(request)
    return decisions.not_in_force()


@router.get("/pauses", auth=None, response={200: list[schemas.PauseOut]}, operation_id="decisions_pauses")
@paged("-asked_at", "-pk", tell=lambda request, rows: [_paused(one) for one in pauses.told(rows, request.now)])
def all_pauses(request: CoopRequest) -> Any:
    """What guardians have paused, and why."""
    _open(request)
    return pauses.every()


@router.post("/pauses", response={201: schemas.PauseOut}, operation_id="decisions_ask_pause")
def ask_pause(request: CoopRequest, given: schemas.PauseIn) -> Any:
    """Ask the other guardians to pause something with you, as a guardian."""
    return Status(201, _now(request, services.ask_pause(**given.dict(), by=request.by, at=request.now)))


@router.post("/pauses/{int:pk}/sign", response={200: schemas.PauseOut}, operation_id="decisions_sign_pause")
def sign_pause(request: CoopRequest, pk: int) -> Any:
    """Sign what another guardian asks for. With enough signatures it is paused at once."""
    return _now(request, services.sign_pause(pause=_pause(request, pk), by=request.by, at=request.now))


@router.post("/pauses/{int:pk}/end", response={200: schemas.PauseOut}, operation_id="decisions_end_pause")
def end_pause(request: CoopRequest, pk: int, given: schemas.EndIn) -> Any:
    """End a pause before its time, as a guardian."""
    return _now(request, services.drop_pause(pause=_pause(request, pk), because=given.because, by=request.by, at=request.now))


@router.get("/{name}", auth=None, response={200: schemas.DecisionOut}, operation_id="decisions_read")
def read(request: CoopRequest, name: str) -> Any:
    """One decision with its vote, its hash and what came of it."""
    return _told(request, _decision(request, name))


@router.post("/{name}/suspension", response={201: schemas.DemandOut}, operation_id="decisions_demand_suspension")
def demand(request: CoopRequest, name: str) -> Any:
    """Ask for a new vote before it takes effect. With enough names it is suspended at once."""
    decision = _decision(request, name)
    services.demand_suspension(decision=decision, by=request.by, at=request.now)
    backing, now = proposals.demand(decision.proposal), _decision(request, name)
    is_suspended = now.enactment.state == Enactment.State.HALTED
    return Status(201, {"names": backing.names, "needed": backing.needed, "is_suspended": is_suspended})


@router.post("/{name}/repair", response={201: schemas.ProposalOut}, operation_id="decisions_repair")
def repair(request: CoopRequest, name: str) -> Any:
    """Bring what could not be carried out again, as its author, written on what the rules say today."""
    return Status(201, told(services.repair(decision=_decision(request, name), by=request.by, at=request.now)))


@router.get("/{name}/appeals", response={200: list[schemas.AppealOut]}, operation_id="decisions_appeals")
@paged("pk", tell=each(lambda one: _appealed(one)))
def appeals(request: CoopRequest, name: str) -> Any:
    """Appeals against it, for whom they concern and for the committee."""
    return decisions.appeals(_decision(request, name), request.by)


@router.post("/{name}/appeals", response={201: schemas.AppealOut}, operation_id="decisions_appeal")
def appeal(request: CoopRequest, name: str, given: schemas.Words) -> Any:
    """Ask the appeals committee to look again at a decision about you."""
    found = services.appeal(decision=_decision(request, name), text=given.text, by=request.by, at=request.now)
    return Status(201, _appealed(found))


@router.post("/{name}/appeals/{int:pk}", response={200: schemas.AppealOut}, operation_id="decisions_judge")
def judge(request: CoopRequest, name: str, pk: int, given: schemas.JudgeIn) -> Any:
    """Decide an appeal, as the committee, with reasons."""
    found = _decision(request, name).appeals.filter(pk=pk).first() if pk < BIG_PK else None
    if found is None:
        raise Http404
    return _appealed(services.judge(appeal=found, **given.dict(), by=request.by, at=request.now))


def _told(request: CoopRequest, one: Decision) -> dict[str, Any]:
    names = set(schemas.DecisionOut.model_fields) - {"proposal", "guard", "url", "enactment"}
    return {name: getattr(one, name) for name in names} | {
        "proposal": one.proposal.number, "guard": decisions.guard(one), "enactment": getattr(one, "enactment", None),
        "url": coops.address(request.coop, "proposals:decision", one.name),
    }  # fmt: skip


def _appealed(one: Appeal) -> dict[str, Any]:
    names = set(schemas.AppealOut.model_fields) - {"id"}
    return {name: getattr(one, name) for name in names} | {"id": one.pk}


def _pause(request: CoopRequest, pk: int) -> Pause:
    _open(request)
    found = pauses.find(pk) if pk < BIG_PK else None
    if found is None:
        raise Http404
    return found


def _now(request: CoopRequest, pause: Pause) -> dict[str, Any]:
    return _paused(pauses.told([pause], request.now)[0])


def _paused(one: pauses.Told) -> dict[str, Any]:
    names = ("action", "cause", "reasons", "asked_at", "needed", "put_on_at", "dropped_at")
    return {name: getattr(one.pause, name) for name in names} | {
        "id": one.pause.pk, "signed_by": one.names, "until": one.until, "holds": one.holds,
    }  # fmt: skip

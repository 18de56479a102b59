from typing import Any

from django.http import Http404

from toadlane.democracy.ballots import schemas, services
from toadlane.democracy.ballots.api.common import ballot_of, router
from toadlane.democracy.ballots.api.reading import told
from toadlane.democracy.ballots.permissions import TELL
from toadlane.democracy.ballots.queries import exports, pages
from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.requests import CoopRequest


def _box(one: Any) -> dict[str, Any]:
    return {"id": one.pk, "label": one.label, "count": one.count, "state": one.state}


@router.get("/{number}/boxes", response=list[schemas.BoxOut], summary="Papers that were typed in, box by box")
@paged("-pk", tell=each(_box))
def boxes(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    request.by.must(TELL, ballot)
    return pages.batches(ballot)


@router.post("/{number}/boxes", response={201: schemas.BoxOut}, summary="Type in papers out of a box, a first time")
def enter(request: CoopRequest, number: int, data: schemas.BoxIn) -> Any:
    ballot = ballot_of(request, number)
    return 201, _box(services.enter_papers(ballot=ballot, by=request.by, at=request.now, **data.dict()))


def _batch(request: CoopRequest, number: int, pk: int) -> Any:
    ballot = ballot_of(request, number)
    request.by.must(TELL, ballot)
    found = pages.batch(ballot, pk)
    if found is None:
        raise Http404
    return found


@router.post("/{number}/boxes/{pk}/agree", response=schemas.BoxOut, summary="Type the same box in, as a second person")
def agree(request: CoopRequest, number: int, pk: int, data: schemas.BoxIn) -> Any:
    batch = _batch(request, number, pk)
    return _box(services.agree_papers(batch=batch, places=data.places, choices=data.choices, by=request.by, at=request.now))


@router.delete("/{number}/boxes/{pk}", response={204: None}, summary="Drop a box that was not agreed on")
def drop(request: CoopRequest, number: int, pk: int) -> Any:
    services.drop_papers(batch=_batch(request, number, pk), by=request.by, at=request.now)
    return 204, None


@router.post("/{number}/present", response=schemas.BallotOut, summary="Note how many are at the meeting")
def present(request: CoopRequest, number: int, data: schemas.PresentIn) -> Any:
    ballot = ballot_of(request, number)
    return told(services.note_present(ballot=ballot, present=data.present, by=request.by, at=request.now))


@router.post("/{number}/tie", response=schemas.BallotOut, summary="Settle a tie, as the chair")
def tie(request: CoopRequest, number: int, data: schemas.TieIn) -> Any:
    ballot = ballot_of(request, number)
    return told(services.settle_tie(ballot=ballot, by=request.by, at=request.now, **data.dict()))


def _elsewhere(one: Any) -> dict[str, Any]:
    return {"digest": one.digest, "counts": one.counts, "is_confirmed": one.confirmed_by is not None}


@router.get("/{number}/voters", response=str, summary="The list of voters for an election elsewhere")
def voters(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    request.by.must(TELL, ballot)
    if not ballot.is_elsewhere:
        raise Http404
    return exports.voters(ballot)


@router.post("/{number}/elsewhere", response={201: schemas.ElsewhereOut}, summary="Bring the result of a vote cast elsewhere")
def bring(request: CoopRequest, number: int, data: schemas.ElsewhereIn) -> Any:
    ballot = ballot_of(request, number)
    return 201, _elsewhere(services.bring_result(ballot=ballot, text=data.text, by=request.by, at=request.now))


@router.post("/{number}/elsewhere/confirm", response=schemas.ElsewhereOut, summary="Confirm that result, as a second person")
def confirm(request: CoopRequest, number: int, data: schemas.DigestIn) -> Any:
    ballot = ballot_of(request, number)
    return _elsewhere(services.confirm_result(ballot=ballot, digest=data.digest, by=request.by, at=request.now))

"""What members say about a proposal, and what they would change in it."""

from typing import Any

from django.http import Http404
from ninja import Router, Status

from toadlane.democracy.proposals import schemas, services
from toadlane.democracy.proposals.api.common import BIG, BIG_PK, contents, fields_of, proposal_of, said, told
from toadlane.democracy.proposals.models import Amendment
from toadlane.democracy.proposals.queries import talks
from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest

router = Router(tags=["proposals"])


@router.get("/{int:number}/contributions", response={200: schemas.Contributions}, operation_id="proposals_said")
def contributions(request: CoopRequest, number: int, cursor: str | None = None, limit: int = 50) -> Any:
    """What was said, in the order in which it was said; answers name what they answer."""
    rows = proposal_of(request, number).contributions.all()
    found = page(rows, cursor=cursor, limit=limit, order=("pk",))
    return {"items": [said(one) for one in found.items], "next": found.next}


@router.post("/{int:number}/contributions", response={201: schemas.ContributionOut}, operation_id="proposals_say")
def say(request: CoopRequest, number: int, given: schemas.ContributionIn) -> Any:
    """Speak for it or against it, ask, or answer."""
    proposal = proposal_of(request, number)
    to = talks.contribution(proposal, given.reply_to) if given.reply_to else None
    if given.reply_to and to is None:
        raise Http404
    found = services.say(proposal=proposal, side=given.side, text=given.text, reply_to=to, by=request.by, at=request.now)
    return Status(201, said(found))


@router.post("/{int:number}/contributions/{int:pk}/hide", response={200: schemas.ContributionOut},
             operation_id="proposals_hide")  # fmt: skip
def hide(request: CoopRequest, number: int, pk: int, given: schemas.Words) -> Any:
    """Take a contribution down, as a moderator, with reasons that stand in its place."""
    found = talks.contribution(proposal_of(request, number), pk) if pk < BIG_PK else None
    if found is None:
        raise Http404
    return said(services.hide(contribution=found, because=given.text, by=request.by, at=request.now))


@router.get("/{int:number}/summaries", response={200: list[schemas.SummaryOut]}, operation_id="proposals_summaries")
@paged("-pk")
def summaries(request: CoopRequest, number: int) -> Any:
    """Where the talk stood at each time, the latest first."""
    return proposal_of(request, number).summaries.all()


@router.post("/{int:number}/summaries", response={201: schemas.SummaryOut}, operation_id="proposals_summarise")
def summarise(request: CoopRequest, number: int, given: schemas.Words) -> Any:
    """Say where the talk stands."""
    found = services.summarise(proposal=proposal_of(request, number), text=given.text, by=request.by, at=request.now)
    return Status(201, found)


@router.get("/{int:number}/revisions", auth=None, response={200: list[schemas.RevisionOut]}, operation_id="proposals_revisions")
@paged("-number", tell=each(lambda one: fields_of(one, schemas.RevisionOut)))
def revisions(request: CoopRequest, number: int) -> Any:
    """Every version, the latest first."""
    return talks.revisions(proposal_of(request, number))


@router.get("/{int:number}/amendments", response={200: list[schemas.AmendmentOut]}, operation_id="proposals_amendments")
@paged("-number", tell=each(lambda one: _offered(one)))
def amendments(request: CoopRequest, number: int) -> Any:
    """What was offered to its authors, the latest first."""
    return talks.amendments(proposal_of(request, number))


@router.post("/{int:number}/amendments", response={201: schemas.AmendmentOut}, operation_id="proposals_offer_amendment")
def offer_amendment(request: CoopRequest, number: int, given: schemas.AmendmentIn) -> Any:
    """Offer its authors other words, whole as they would then stand."""
    proposal = proposal_of(request, number)
    words = given.dict() | {"contents": contents(given.contents)}
    return Status(201, _offered(services.offer_amendment(proposal=proposal, **words, by=request.by, at=request.now)))


@router.post("/{int:number}/amendments/{int:amendment}/accept", response={200: schemas.ProposalOut},
             operation_id="proposals_accept_amendment")  # fmt: skip
def accept(request: CoopRequest, number: int, amendment: int, given: schemas.AnswerIn) -> Any:
    """Make its words those of the proposal, as its author."""
    found = _amendment(request, number, amendment)
    return told(services.accept_amendment(amendment=found, answer=given.answer, by=request.by, at=request.now))


@router.post("/{int:number}/amendments/{int:amendment}/decline", response={200: schemas.AmendmentOut},
             operation_id="proposals_decline_amendment")  # fmt: skip
def decline(request: CoopRequest, number: int, amendment: int, given: schemas.AnswerIn) -> Any:
    """Keep the words as they are, as its author, with reasons."""
    found = _amendment(request, number, amendment)
    return _offered(services.decline_amendment(amendment=found, answer=given.answer, by=request.by, at=request.now))


@router.post("/{int:number}/amendments/{int:amendment}/take-back", response={200: schemas.AmendmentOut},
             operation_id="proposals_take_back_amendment")  # fmt: skip
def take_back(request: CoopRequest, number: int, amendment: int) -> Any:
    """Take back what you have offered."""
    found = _amendment(request, number, amendment)
    return _offered(services.take_back_amendment(amendment=found, by=request.by, at=request.now))


def _amendment(request: CoopRequest, number: int, amendment: int) -> Amendment:
    rows = talks.amendments(proposal_of(request, number))
    found = rows.filter(number=amendment).first() if amendment < BIG else None
    if found is None:
        raise Http404
    return found


def _offered(one: Amendment) -> dict[str, Any]:
    return fields_of(one, schemas.AmendmentOut)

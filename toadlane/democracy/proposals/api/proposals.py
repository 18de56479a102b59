"""What is brought forward: written, supported, taken back."""

from typing import Any

from django.http import Http404
from ninja import Router, Status

from toadlane.democracy.proposals import schemas, services
from toadlane.democracy.proposals.api.common import BIG_PK, contents, proposal_of, signed, told
from toadlane.democracy.proposals.models import Support
from toadlane.democracy.proposals.permissions import DRAFT, LIST
from toadlane.democracy.proposals.queries import decisions, drafts, proposals, stories, talks
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws.rules import decisions as kinds_of

router = Router(tags=["proposals"])


@router.get("", auth=None, response={200: schemas.Proposals}, operation_id="proposals_under_way")
def under_way(request: CoopRequest, cursor: str | None = None, limit: int = 25, stage: str = "") -> Any:
    """What is not over: ideas, talk, votes. Strangers see it where the bylaws let everybody read."""
    request.by.must(LIST)
    rows = proposals.under_way() if decisions.may_read_talk(request.by) else proposals.none()
    found = page(rows.filter(stage=stage) if stage else rows, cursor=cursor, limit=limit, order=("-number",))
    return {"items": found.items, "next": found.next}


@router.post("", response={201: schemas.ProposalOut}, operation_id="proposals_propose")
def propose(request: CoopRequest, given: schemas.ProposalIn) -> Any:
    """Bring something forward. It is an idea until enough members of one class support it."""
    words = given.dict() | {"contents": contents(given.contents)}
    proposal = services.propose(**words, by=request.by, at=request.now)
    return Status(201, told(proposal))


@router.get("/kinds", auth=None, response=list[schemas.KindOut], operation_id="proposals_kinds")
@bounded("the kinds of thing that the server knows")
def kinds(request: CoopRequest) -> Any:
    """What members can decide, and what each kind asks for."""
    return [
        {
            "name": kind.name, "label": str(kind.label), "about": str(kind.about), "secret": kind.secret,
            "fields": [
                {"name": one.name, "label": str(one.label), "type": one.type, "help": str(one.help), "required": one.required,
                 "options": [{"value": value, "label": str(label)} for value, label in (one.options() if one.options else ())]}
                for one in kind.fields
            ],
        }
        for kind in kinds_of.kinds().values()
    ]  # fmt: skip


@router.post("/check", response={200: schemas.CheckOut}, operation_id="proposals_check")
def check(request: CoopRequest, given: schemas.CheckIn) -> Any:
    """Say what is wrong with it, how it would be decided and when it would hold, without bringing it forward."""
    request.by.must(DRAFT)
    look = drafts.look(contents(given.contents), request.now)
    first = look.procedures[0] if look.procedures else ("", "")
    return {"faults": look.faults, "procedure": first[0], "guard": first[1], "course": look.course}


@router.get("/{int:number}", auth=None, response={200: schemas.ProposalOut}, operation_id="proposals_read")
def read(request: CoopRequest, number: int) -> Any:
    """One proposal, whole."""
    return told(proposal_of(request, number))


@router.put("/{int:number}", response={200: schemas.ProposalOut}, operation_id="proposals_revise")
def revise(request: CoopRequest, number: int, given: schemas.RevisionIn) -> Any:
    """Write it better, as its author, before the vote. Every version is kept."""
    proposal = proposal_of(request, number)
    words = given.dict() | {"contents": contents(given.contents)}
    return told(services.revise(proposal=proposal, **words, by=request.by, at=request.now))


@router.get("/{int:number}/timeline", auth=None, response={200: list[schemas.MomentOut]}, operation_id="proposals_timeline")
@paged("at", "pk")
def timeline(request: CoopRequest, number: int) -> Any:
    """Its dated story: who did what."""
    return stories.moments(proposal_of(request, number))


@router.get("/{int:number}/supports", response={200: list[schemas.SupportOut]}, operation_id="proposals_supports")
@paged("at", "pk", tell=each(signed))
def supports(request: CoopRequest, number: int) -> Any:
    """Whose names are under it: its authors, who stands for it, and those who support it."""
    return talks.names(proposal_of(request, number), *[one for one in Support.Role.values if one != Support.Role.SUSPEND])


@router.post("/{int:number}/support", response={201: schemas.SupportOut}, operation_id="proposals_support")
def support(request: CoopRequest, number: int, given: schemas.SupportIn) -> Any:
    """Put your name under it."""
    proposal = proposal_of(request, number)
    found = services.support(proposal=proposal, as_sponsor=given.as_sponsor, by=request.by, at=request.now)
    return Status(201, signed(found))


@router.delete("/{int:number}/support", response={204: None}, operation_id="proposals_take_back_support")
def take_back_support(request: CoopRequest, number: int) -> Any:
    """Take your name away again, while it is an idea."""
    services.take_back_support(proposal=proposal_of(request, number), by=request.by, at=request.now)
    return Status(204, None)


@router.post("/{int:number}/authors/{int:support}", response={200: schemas.SupportOut}, operation_id="proposals_add_author")
def add_author(request: CoopRequest, number: int, support: int) -> Any:
    """Let a sponsor answer for it as well."""
    proposal = proposal_of(request, number)
    found = proposal.supports.filter(pk=support).first() if support < BIG_PK else None
    if found is None:
        raise Http404
    return signed(services.add_author(proposal=proposal, support=found, by=request.by, at=request.now))


@router.post("/{int:number}/withdraw", response={200: schemas.ProposalOut}, operation_id="proposals_withdraw")
def withdraw(request: CoopRequest, number: int, given: schemas.Reason) -> Any:
    """Take it back, before the vote."""
    proposal = proposal_of(request, number)
    return told(services.withdraw(proposal=proposal, reason=given.reason, by=request.by, at=request.now))


@router.post("/{int:number}/rebase", response={200: schemas.ProposalOut}, operation_id="proposals_rebase")
def rebase(request: CoopRequest, number: int) -> Any:
    """Write it on what the rules say now, after they have moved under it."""
    return told(services.rebase(proposal=proposal_of(request, number), by=request.by, at=request.now))


@router.post("/{int:number}/procedure", response={200: schemas.ProposalOut}, operation_id="proposals_use_procedure")
def use_procedure(request: CoopRequest, number: int, given: schemas.ProcedureIn) -> Any:
    """Have it decided in a stricter way than it must be."""
    proposal = proposal_of(request, number)
    return told(services.use_procedure(proposal=proposal, procedure=given.procedure, by=request.by, at=request.now))

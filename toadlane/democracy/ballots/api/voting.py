from typing import Any

from django.http import Http404

from toadlane.democracy.ballots import queries, schemas, services
from toadlane.democracy.ballots.api.common import ballot_of, entry_of, router
from toadlane.democracy.ballots.queries import others, pages
from toadlane.democracy.proposals import queries as proposals
from toadlane.democracy.proposals.permissions import READ
from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members


def _delegation(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "giver": str(one.giver), "receiver": str(one.receiver), "ballot": one.ballot.number if one.ballot else None,
        "given_at": one.given_at,
    }  # fmt: skip


@router.get("/delegations", response=list[schemas.DelegationOut], summary="Who votes for me")
@paged("pk", tell=each(_delegation))
def delegations(request: CoopRequest) -> Any:
    return pages.delegations_of(request.by)


@router.post("/delegations", response={201: schemas.DelegationOut}, summary="Let another member vote for me")
def delegate(request: CoopRequest, data: schemas.DelegationIn) -> Any:
    ballot = ballot_of(request, data.ballot) if data.ballot else None
    giver = members.register().filter(pk__in=request.by.memberships).order_by("pk").first()
    receiver = members.register().filter(number=data.member).first()
    if giver is None or receiver is None:
        raise Http404
    return 201, _delegation(services.delegate(giver=giver, receiver=receiver, ballot=ballot, by=request.by, at=request.now))


@router.delete("/delegations/{pk}", response={204: None}, summary="Take a delegation back")
def take_back(request: CoopRequest, pk: int) -> Any:
    found = pages.delegation_of(pk, request.by)
    if found is None:
        raise Http404
    services.take_back(delegation=found, by=request.by, at=request.now)
    return 204, None


@router.put("/vote-as", response=schemas.ClassOut, summary="In which of my classes I vote, from the next ballot on")
def vote_as(request: CoopRequest, data: schemas.ClassIn) -> Any:
    return services.vote_as(member_class=data.member_class, by=request.by, at=request.now)


@router.post("/secret", response=schemas.AskedOut, summary="Ask for a secret vote on a proposal, before the first vote is cast")
def ask_secret(request: CoopRequest, data: schemas.AskedIn) -> Any:
    found = proposals.find(data.proposal)
    if found is None or not request.by.may(READ, found):
        raise Http404
    asked = services.ask_secret(proposal=found, by=request.by, at=request.now)
    return {"names": asked.names, "whole": asked.whole, "needed": asked.needed, "at_meeting": asked.at_meeting}


@router.post("/{number}/votes", response=schemas.CastOut, summary="Cast a vote, or change it where that is allowed")
def cast(request: CoopRequest, number: int, data: schemas.VoteIn) -> Any:
    """Sending it twice is harmless: an open vote is replaced by the same, and a secret one is refused the second time."""
    ballot = ballot_of(request, number)
    entry = entry_of(request, ballot, data.entry)
    receipt = services.cast(ballot=ballot, entry=entry, choice=data.choice, reason=data.reason, by=request.by, at=request.now)
    if receipt is None:
        return {"receipt": None}
    return {"receipt": {"digest": receipt.digest, "tracker": receipt.tracker, "nonce": receipt.nonce}}


@router.post("/{number}/proxies", response={201: schemas.ProxyOut}, summary="Let another on the roll mark my paper")
def give_proxy(request: CoopRequest, number: int, data: schemas.ProxyIn) -> Any:
    ballot = ballot_of(request, number)
    giver = entry_of(request, ballot, data.entry)
    holder = others.other_member(ballot, data.member).entry
    services.give_proxy(giver=giver, holder=holder, by=request.by, at=request.now)
    return 201, {"entry": giver.place, "holder": holder.number}


@router.delete("/{number}/proxies/{entry}", response={204: None}, summary="Take my proxy back")
def end_proxy(request: CoopRequest, number: int, entry: int) -> Any:
    ballot = ballot_of(request, number)
    proxy = pages.proxy_of(entry_of(request, ballot, entry))
    if proxy is None:
        raise Http404
    services.end_proxy(proxy=proxy, by=request.by, at=request.now)
    return 204, None


def _said(one: Any) -> dict[str, Any]:
    return {
        "number": one.number, "place": one.entry.place if one.entry else None, "name": one.name, "act": one.act,
        "about": one.about,
        "text": one.text, "at": one.at,
    }  # fmt: skip


@router.get("/{number}/said", response=schemas.TalkOut, summary="A decision that is talked out: what was said, where it stands")
def said(request: CoopRequest, number: int) -> Any:
    ballot = ballot_of(request, number)
    if not queries.is_talked(ballot):
        raise Http404
    rows = queries.said_in(ballot)
    stands = queries.stands(ballot, rows, at=min(request.now, ballot.closed_at or request.now))
    return {
        "state": stands.state, "outcome": stands.outcome, "round": stands.round, "awaited": list(stands.awaited),
        "said": [_said(one) for one in rows],
    }  # fmt: skip


@router.post("/{number}/said", response={201: schemas.SaidOut}, summary="Consent, object, ask, answer, name somebody, and so on")
def say(request: CoopRequest, number: int, data: schemas.WordsIn) -> Any:
    ballot = ballot_of(request, number)
    return 201, _said(services.say(ballot=ballot, by=request.by, at=request.now, **data.dict()))

from typing import Any

from django.http import Http404

from toadlane.democracy.proposals import queries, schemas
from toadlane.democracy.proposals.models import Amendment, Contribution, Proposal, Revision, Stage, Support
from toadlane.democracy.proposals.permissions import READ
from toadlane.democracy.proposals.queries import procedures, proposals, shown, talks
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws

_WORKED_OUT = {"guard", "brought_by", "decision", "support", "simulation", "simulation_hash"}
BIG = 2**31  # More than any number of a row here; what is more is nobody's.
BIG_PK = 2**62


def proposal_of(request: CoopRequest, number: int) -> Proposal:
    found = queries.find(number) if 0 < number < BIG else None
    if found is None or not request.by.may(READ, found):
        raise Http404
    return found


def contents(parts: list[schemas.Part]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "payload": one.payload} for one in parts]


def told(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the API tells it."""
    names = set(schemas.ProposalOut.model_fields) - _WORKED_OUT
    decision, simulation = shown.decision_of(proposal), proposals.simulation_of(proposal)
    return {name: getattr(proposal, name) for name in names} | {
        "guard": shown.in_words(procedures.asked_of(proposal), bylaws.book()),
        "brought_by": talks.bringers(proposal),
        "decision": decision.name if decision else None, "simulation": simulation.pk if simulation else None,
        "simulation_hash": simulation.hash if simulation else "",
        "support": proposals.backing(proposal) if proposal.stage == Stage.IDEA else [],
    }  # fmt: skip


def signed(one: Support) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "member_class": one.member_class, "role": one.role, "at": one.at}


def said(one: Contribution) -> dict[str, Any]:
    names = set(schemas.ContributionOut.model_fields) - {"id", "text", "reply_to"}
    text = "" if one.hidden_because else one.text
    return {name: getattr(one, name) for name in names} | {"id": one.pk, "text": text, "reply_to": one.reply_to_id}


def fields_of(one: Amendment | Revision, schema: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in schema.model_fields}

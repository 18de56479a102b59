"""The dated lines of a proposal's story, and what everybody is told of it."""

from datetime import datetime
from typing import Any

from toadlane.democracy.proposals.models import Decision, Moment, Proposal
from toadlane.democracy.proposals.permissions import RUN
from toadlane.democracy.proposals.queries import procedures, proposals
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops import queries as coops
from toadlane.society.messaging import services as messaging


def note(proposal: Proposal, deed: str, *, by: Principal, at: datetime, name: str = "", **facts: Any) -> Moment:
    """Add a line to the story: what was done, by whom."""
    return Moment.objects.create(proposal=proposal, deed=deed, at=at, by=str(by), name=name[:160], facts=facts)


def tell_of_talk(*, proposal: Proposal, by: Principal, at: datetime) -> None:
    """Everybody who may vote hears that it is talked about, in the letter with the news of the day."""
    by.must(RUN, proposal)
    _tell(proposal, "talk", "proposals/talk", {"until": _day(proposal.talk_until)}, by=by, at=at)


def tell_of_vote(*, proposal: Proposal, by: Principal, at: datetime) -> None:
    """Everybody who has a vote on it hears when it begins: at once, by two ways, whatever they chose."""
    by.must(RUN, proposal)
    if proposal.noticed_at is None:
        return
    messaging.announce(
        key=proposals.notice_key(proposal), subject=f"proposal:{proposal.number}", template="proposals/vote_announced",
        context={**_about(proposal), "vote_from": _day(proposal.vote_from)}, link=("proposals:detail", proposal.number),
        memberships=proposals.eligible(proposal), urgent=True, by=by, at=at,
    )  # fmt: skip


def tell_of_decision(*, decision: Decision, by: Principal, at: datetime) -> None:
    by.must(RUN, decision)
    enactment = getattr(decision, "enactment", None)
    day = enactment.effective_on.isoformat() if enactment else ""
    told = {"outcome": decision.outcome, "decision": decision.name, "effective_on": day}
    _tell(decision.proposal, "decided", "proposals/decided", told, by=by, at=at)


def tell_of_failure(*, decision: Decision, by: Principal, at: datetime) -> None:
    by.must(RUN, decision)
    told = {"decision": decision.name, "why": decision.enactment.error[:1000]}
    _tell(decision.proposal, "failed", "proposals/failed", told, by=by, at=at)


def tell_of_suspension(*, decision: Decision, by: Principal, at: datetime) -> None:
    """Everybody hears that a decision waits: of a new vote, or of the appeals committee."""
    by.must(RUN, decision)
    suspended = decision.proposal.moments.filter(deed="suspended").last()
    told = {"decision": decision.name, "names": 0, "again": 0}
    if suspended is not None:
        told |= {"names": suspended.facts["names"], "again": suspended.facts["again"]}
    _tell(decision.proposal, "suspended", "proposals/suspended", told, by=by, at=at)


def _tell(proposal: Proposal, key: str, template: str, more: dict[str, Any], *, by: Principal, at: datetime) -> None:
    messaging.announce(
        key=f"proposal:{proposal.number}:{key}", subject=f"proposal:{proposal.number}", template=template,
        context={**_about(proposal), **more}, link=("proposals:detail", proposal.number), memberships=proposals.voters(),
        by=by, at=at,
    )  # fmt: skip


def tell_one(person_id: int, letter: str, proposal: Proposal, *, by: Principal, at: datetime, **more: Any) -> None:
    """Write to one person: an author, or whoever offered an amendment."""
    coop = coops.of_scope(proposal.coop_id)
    link = coops.address(coop, "proposals:detail", proposal.number)
    about = {**_about(proposal), "coop": coop.name, "link": link, **more}
    messaging.notify(person_id=person_id, about="decisions", template=f"proposals/{letter}", context=about, by=by, at=at)


def _about(proposal: Proposal) -> dict[str, Any]:
    return {"number": proposal.number, "title": proposal.title, "brought_by": proposal.author_name}


def _day(at: datetime | None) -> str:
    return procedures.day_of(at).isoformat() if at else ""

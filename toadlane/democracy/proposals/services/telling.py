"""The dated lines of a proposal's story, and what everybody is told of it."""

from datetime import datetime
from typing import Any

from toadlane.democracy.proposals.models import Moment, Proposal
from toadlane.democracy.proposals.queries import procedures, proposals
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops import queries as coops
from toadlane.society.messaging import services as messaging


def note(proposal: Proposal, deed: str, *, by: Principal, at: datetime, name: str = "", **facts: Any) -> Moment:
    """Add a line to the story: what was done, by whom."""
    return Moment.objects.create(proposal=proposal, deed=deed, at=at, by=str(by), name=name[:160], facts=facts)


def tell_of_talk(proposal: Proposal, *, by: Principal, at: datetime) -> None:
    """Everybody who may vote hears that it is talked about, in the letter with the news of the day."""
    _tell(proposal, f"proposal:{proposal.number}:talk", "proposals/talk", {"until": _day(proposal.talk_until)}, by=by, at=at)


def tell_of_vote(proposal: Proposal, *, by: Principal, at: datetime) -> None:
    """Everybody who has a vote on it hears when it begins: at once, by two ways, whatever they chose."""
    messaging.announce(
        key=proposals.notice_key(proposal), subject=f"proposal:{proposal.number}", template="proposals/vote_announced",
        context={**_about(proposal), "vote_from": _day(proposal.vote_from)}, link=("proposals:detail", proposal.number),
        memberships=proposals.eligible(proposal), urgent=True, by=by, at=at,
    )  # fmt: skip


def tell_of_outcome(proposal: Proposal, template: str, *, key: str, by: Principal, at: datetime, **more: Any) -> None:
    _tell(proposal, f"proposal:{proposal.number}:{key}", template, more, by=by, at=at)


def _tell(proposal: Proposal, key: str, template: str, more: dict[str, Any], *, by: Principal, at: datetime) -> None:
    messaging.announce(
        key=key, subject=f"proposal:{proposal.number}", template=template, context={**_about(proposal), **more},
        link=("proposals:detail", proposal.number), memberships=proposals.voters(), by=by, at=at,
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

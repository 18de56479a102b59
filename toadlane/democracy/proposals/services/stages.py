"""The clock of a proposal: support opens it, talk has its time, the vote is announced, and then it may begin."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from toadlane.democracy.proposals.events import ProposalOpened, VoteAnnounced
from toadlane.democracy.proposals.models import OPEN, Proposal, Stage, Support
from toadlane.democracy.proposals.permissions import RUN
from toadlane.democracy.proposals.policies import start_of
from toadlane.democracy.proposals.queries import procedures, proposals
from toadlane.democracy.proposals.services.telling import note, tell_one
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules.decisions import Fault


def open_if_supported(proposal: Proposal, *, by: Principal, at: datetime, is_enough: bool = False) -> Proposal:
    """Start the clock once a share of one class, or enough signatures of a petition, stand under it."""
    if proposal.stage != Stage.IDEA:
        return proposal
    book = bylaws.book()
    if not is_enough and not any(one.is_enough for one in proposals.backing(proposal, book)):
        return proposal
    days = procedures.procedure_of(proposal, book).discussion_days
    until = start_of(procedures.day_of(at) + timedelta(days=days), procedures.zone()) if days else at
    proposal.stage, proposal.opened_at, proposal.talk_until = Stage.DISCUSSION, at, until
    proposal.save(update_fields=["stage", "opened_at", "talk_until"])
    note(proposal, "opened", by=by, at=at, until=until.isoformat())
    events.publish(ProposalOpened(proposal_id=proposal.pk, number=proposal.number))
    return proposal


def restart(proposal: Proposal, *, by: Principal, at: datetime) -> Proposal:
    """Give notice again: what would change is not what people were told."""
    if proposal.stage == Stage.PROPOSAL:
        announce(proposal, by=by, at=at)
    return proposal


def announce(proposal: Proposal, *, by: Principal, at: datetime) -> Proposal:
    """Announce the vote to everybody who has one; it may begin when the longer notice of bylaws and law is over."""
    book = bylaws.book()
    proposal.stage, proposal.noticed_at = Stage.PROPOSAL, at
    proposal.vote_from = procedures.earliest_vote(at, procedures.procedure_of(proposal, book), book)
    proposal.save(update_fields=["stage", "noticed_at", "vote_from"])
    note(proposal, "announced", by=by, at=at, vote_from=proposal.vote_from.isoformat(), revision=proposal.revision)
    events.publish(VoteAnnounced(proposal_id=proposal.pk, number=proposal.number))
    return proposal


@transaction.atomic
def advance(*, by: Principal, at: datetime) -> int:
    """Announce the vote on whatever has been talked about long enough; return on how many. Doing it again is harmless."""
    by.must(RUN)
    count = 0
    due = Proposal.objects.select_for_update().filter(stage=Stage.DISCUSSION, talk_until__lte=at, stuck_because="")
    for proposal in due.order_by("talk_until", "pk"):
        if not _is_stuck(proposal, by=by, at=at):
            announce(proposal, by=by, at=at)
            count += 1
    return count


@transaction.atomic
def look_again(*, by: Principal, at: datetime) -> list[Proposal]:
    """After the rules have changed: send what does not fit them any more back to its authors, saying what has moved.

    A change whose expected values still hold is no conflict, whatever the version.
    """
    by.must(RUN)
    rows = Proposal.objects.select_for_update().filter(stage__in=OPEN, stuck_because="").order_by("pk")
    return [proposal for proposal in rows if _is_stuck(proposal, by=by, at=at)]


def _is_stuck(proposal: Proposal, *, by: Principal, at: datetime) -> bool:
    book = bylaws.book()
    faults: Sequence[Fault] = procedures.faults(proposal.contents, book, at)
    if not faults:
        needed = procedures.procedure_for(proposal.contents, book)
        if proposal.procedure not in procedures.stricter(needed, book):
            # A guard that grew is not the authors' fault: it is decided in the stricter way.
            proposal.procedure = needed
            proposal.save(update_fields=["procedure"])
            note(proposal, "procedure", by=by, at=at, procedure=needed)
            restart(proposal, by=by, at=at)
        return False
    proposal.stuck_because = " ".join(fault.words for fault in faults)
    if proposal.stage == Stage.PROPOSAL:
        proposal.stage = Stage.DISCUSSION
    proposal.save(update_fields=["stuck_because", "stage"])
    for author in proposal.supports.filter(role=Support.Role.AUTHOR):
        tell_one(author.person_id, "stuck", proposal, by=by, at=at, why=proposal.stuck_because)
    note(proposal, "stuck", by=by, at=at, codes=[fault.code for fault in faults], why=proposal.stuck_because[:1000])
    return True

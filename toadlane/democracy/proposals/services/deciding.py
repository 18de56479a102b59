"""The vote as this room sees it: it began, and this is what came of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.events import ProposalDecided
from toadlane.democracy.proposals.models import Amendment, Decision, Enactment, Outcome, Proposal, Stage
from toadlane.democracy.proposals.permissions import COUNT
from toadlane.democracy.proposals.queries import procedures, proposals
from toadlane.democracy.proposals.services.errors import Changed, NotNow, NotReady
from toadlane.democracy.proposals.services.scheduling import announce_change
from toadlane.democracy.proposals.services.stopping import annul
from toadlane.democracy.proposals.services.telling import note
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui import formats

_STAGES = {
    Outcome.REJECTED: Stage.REJECTED, Outcome.BLOCKED: Stage.BLOCKED, Outcome.VOID: Stage.VOID, Outcome.EXPIRED: Stage.EXPIRED,
}  # fmt: skip
# What the ballot tells beside figures and state; all of it is kept and hashed with the decision.
_TOLD = ("ballot", "ballot_hash", "roll_hash", "passed_by", "lines", "elected", "turnout")


@transaction.atomic
def voting_began(
    *, proposal: Proposal, ballot: str, opens_at: datetime, closes_at: datetime, by: Principal, at: datetime
) -> Proposal:
    """Say that a ballot on this has opened. From here on nothing about it changes; said twice it is the same as once.

    :param ballot: its name; ballots live above this room
    :raises NotReady: before its time, or when what it would change has moved
    """
    by.must(COUNT, proposal)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.stage == Stage.VOTING and proposal.ballot == ballot:
        return proposal
    if proposal.stage == Stage.VOTING:  # A second call, or a second vote after a tie: it was ready at the first.
        return _began(proposal, ballot=ballot, opens_at=opens_at, closes_at=closes_at, by=by, at=at)
    if proposal.stage != Stage.PROPOSAL or proposal.vote_from is None or proposal.stuck_because:
        raise NotReady(hint=proposal.stuck_because)
    if at < proposal.vote_from:
        day = formats.moment(proposal.vote_from)
        raise NotReady(hint=_("Everybody has until %(time)s to read it; the vote can open then.") % {"time": day})
    if not proposals.was_announced(proposal):
        raise NotReady(hint=_("Not everybody has been told yet. A vote without its notice is void."))
    if faults := procedures.faults(proposal.contents, bylaws.book(), at):
        raise NotReady(hint=" ".join(fault.words for fault in faults))
    return _began(proposal, ballot=ballot, opens_at=opens_at, closes_at=closes_at, by=by, at=at)


def _began(proposal: Proposal, *, ballot: str, opens_at: datetime, closes_at: datetime, by: Principal, at: datetime) -> Proposal:
    proposal.stage, proposal.ballot = Stage.VOTING, ballot
    proposal.voting_from, proposal.voting_until = opens_at, closes_at
    proposal.save(update_fields=["stage", "ballot", "voting_from", "voting_until"])
    # What nobody answered in time is over with the talk: what is voted on does not change.
    waiting = proposal.amendments.filter(state=Amendment.State.OFFERED)
    waiting.update(state=Amendment.State.OVERTAKEN, answered_at=at, answered_by=str(by), answer=_("The vote began first."))
    note(proposal, "voting_began", by=by, at=at, ballot=ballot, until=closes_at.isoformat())
    return proposal


@transaction.atomic
def voting_extended(*, proposal: Proposal, closes_at: datetime, by: Principal, at: datetime) -> Proposal:
    """Say that the ballot stays open for longer, as its procedure has it when the quorum is met late."""
    by.must(COUNT, proposal)
    Proposal.objects.filter(pk=proposal.pk, stage=Stage.VOTING).update(voting_until=closes_at)
    proposal.refresh_from_db()
    note(proposal, "voting_extended", by=by, at=at, until=closes_at.isoformat())
    return proposal


@transaction.atomic
def decide(*, proposal: Proposal, outcome: Mapping[str, Any], by: Principal, at: datetime) -> Decision:
    """Write down what the members decided, for ever, and set the day on which it takes effect.

    Asked again for the same proposal it returns the decision that is there.

    :param outcome: `state` (an `Outcome`) and `figures`; `content_hash`, of what stood on the paper when the ballot opened; and
        whatever else the ballot has to tell of `_TOLD`
    :raises NotNow: when nobody voted on it
    :raises Changed: when it is not what the vote was on
    """
    by.must(COUNT, proposal)
    Tenant.lock_current()
    if known := Decision.objects.filter(proposal=proposal).first():
        return known
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.stage != Stage.VOTING:
        raise NotNow(_("Nobody has voted on this."))
    digest = policies.digest(proposal.title, proposal.text, proposal.contents)
    if digest != proposal.content_hash or digest != outcome.get("content_hash", digest):
        raise Changed
    decision = _append(proposal, outcome, by, at)
    note(proposal, "decided", by=by, at=at, outcome=decision.outcome, decision=decision.name)
    if decision.has_passed:
        _schedule(decision, proposal, at)
        proposal.stage = Stage.COOLING
    else:
        proposal.stage, proposal.ended_at = _STAGES[Outcome(decision.outcome)], at
    proposal.save(update_fields=["stage", "ended_at"])
    _settle_earlier(decision, proposal, by, at)
    events.publish(
        ProposalDecided(proposal_id=proposal.pk, number=proposal.number, decision=decision.name, outcome=decision.outcome)
    )
    return decision


def _settle_earlier(decision: Decision, proposal: Proposal, by: Principal, at: datetime) -> None:
    """A decision that members had suspended ends with the new vote, whatever came of it: the new one counts."""
    earlier = Decision.objects.filter(name=proposal.about_decision).select_related("proposal", "enactment").first()
    if earlier is not None and earlier.enactment.state == Enactment.State.HALTED:
        annul(earlier, because=_("Voted on again: %(name)s") % {"name": decision.name}, by=by, at=at)


def _append(proposal: Proposal, outcome: Mapping[str, Any], by: Principal, at: datetime) -> Decision:
    last = Decision.objects.order_by("-number").first()
    book = bylaws.book()
    kinds = ",".join(sorted({one["kind"] for one in proposal.contents}))
    decision = Decision(
        number=last.number + 1 if last else 1, name=_next_name(at), proposal=proposal, outcome=Outcome(outcome["state"]),
        kinds=f",{kinds},"[:300], title=proposal.title, contents=proposal.contents, content_hash=proposal.content_hash,
        procedure=str(outcome.get("passed_by") or proposal.procedure),
        terms=outcome.get("terms") or dict(procedures.procedure_of(proposal, book).frozen),
        bylaws_version=int(outcome.get("bylaws_version") or book.number), figures=dict(outcome.get("figures", {})),
        result={key: outcome[key] for key in _TOLD if key in outcome}, decided_at=at, decided_by=str(by),
        previous_hash=last.hash if last else "",
    )  # fmt: skip
    decision.claim()  # The hash covers the co-op, so the row has to know it first.
    decision.hash = canonical.digest(decision.hashed())
    decision.save(force_insert=True)
    return decision


def _next_name(at: datetime) -> str:
    year = procedures.day_of(at).year
    taken = Decision.objects.filter(name__startswith=f"{year}-").values_list("name", flat=True)
    return f"{year}-{1 + max((int(name.partition('-')[2]) for name in taken), default=0)}"


def _schedule(decision: Decision, proposal: Proposal, at: datetime) -> Enactment:
    """Set the day: after the longest delay of its parts, and not before whoever is concerned could appeal."""
    book, today = bylaws.book(), procedures.day_of(at)
    procedure = Procedure.thaw(decision.procedure, decision.terms)
    window = procedures.appeal_days(decision.contents, procedure, book)
    wait = procedures.wait_days(decision.contents, procedure, book)
    day = max([today + timedelta(days=wait), *([named] if (named := policies.named_day(decision.contents)) else [])])
    due_at = policies.start_of(day, procedures.zone()) if day > today else at
    appeal_until = policies.start_of(today + timedelta(days=window), procedures.zone()) if window else None
    announce_change(decision, due_at, at)
    return Enactment.objects.create(decision=decision, effective_on=day, due_at=due_at, appeal_until=appeal_until)

"""From an idea to a rule in force: each stage at its time, on its day, once."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import run_jobs
from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.models import Stage
from toadlane.democracy.proposals.queries import decisions
from toadlane.plumbing.access.principals import Refused
from toadlane.society.bylaws import queries as bylaws

FEE = "fees.commission"


def test_an_idea_becomes_a_rule_on_its_day(inside, idea, decided, job, at):
    proposal = idea()
    assert (proposal.number, proposal.stage, proposal.procedure) == (1, Stage.DISCUSSION, "simple")
    decision = decided(proposal)
    proposal.refresh_from_db()
    assert (decision.name, proposal.stage) == ("2027-1", Stage.COOLING)
    assert services.enact_due(by=job, at=decision.enactment.due_at - timedelta(seconds=1)) == 0
    assert bylaws.book().number == 1
    assert services.enact_due(by=job, at=decision.enactment.due_at) == 1
    decided_by = bylaws.book().decided(FEE)
    assert (bylaws.book().number, decided_by.value, decided_by.decision) == (2, "0.06", "2027-1")
    proposal.refresh_from_db()
    assert proposal.stage == Stage.IN_FORCE
    assert services.enact_due(by=job, at=decision.enactment.due_at + timedelta(days=1)) == 0
    assert bylaws.book().number == 2 and not decisions.chain().faults
    assert [one.deed for one in proposal.moments.all()] == [
        "made", "opened", "announced", "voting_began", "decided", "enacted",
    ]  # fmt: skip


def test_the_delay_is_counted_in_civil_days_where_the_co_op_is(inside, idea, decided):
    decision = decided(idea())
    assert decision.enactment.effective_on == decision.decided_at.date() + timedelta(days=15)
    midnight = datetime.combine(decision.enactment.effective_on, datetime.min.time(), tzinfo=UTC)
    assert decision.enactment.due_at == midnight


def test_nothing_is_voted_on_before_its_time(inside, idea, job, at):
    proposal = idea()
    services.advance(by=job, at=proposal.talk_until - timedelta(seconds=1))
    proposal.refresh_from_db()
    assert proposal.stage == Stage.DISCUSSION
    services.advance(by=job, at=proposal.talk_until)
    proposal.refresh_from_db()
    assert proposal.stage == Stage.PROPOSAL and (proposal.vote_from - proposal.noticed_at) > timedelta(days=2)
    early = proposal.vote_from - timedelta(seconds=1)
    assert queries.ready_for_vote(proposal.vote_from) == [], "not everybody has been told"
    run_jobs()
    assert queries.ready_for_vote(early) == [] and queries.ready_for_vote(proposal.vote_from) == [proposal]
    with pytest.raises(services.NotReady):
        services.voting_began(
            proposal=proposal, ballot="b", opens_at=early, closes_at=early + timedelta(days=7), by=job, at=early
        )


def test_asked_twice_it_is_decided_once(inside, idea, decided, job, at):
    first = decided(idea())
    again = services.decide(proposal=first.proposal, outcome={"state": "rejected"}, by=job, at=at)
    assert again.pk == first.pk and again.outcome == "passed"


@pytest.mark.parametrize("state", ["rejected", "blocked", "void", "expired"])
def test_what_did_not_pass_changes_nothing(inside, idea, decided, job, state):
    decision = decided(idea(), state=state)
    decision.proposal.refresh_from_db()
    assert decision.proposal.stage == state and not hasattr(decision, "enactment")
    assert services.enact_due(by=job, at=decision.decided_at + timedelta(days=400)) == 0
    assert bylaws.book().number == 1


@pytest.mark.parametrize("who", ["board", "worker"])
def test_nobody_counts_or_enacts_by_hand(request, inside, idea, voting, at, who):
    by, proposal = request.getfixturevalue(who), voting(idea())
    with pytest.raises(Refused):
        services.decide(proposal=proposal, outcome={"state": "passed"}, by=by, at=at)
    with pytest.raises(Refused):
        services.enact_due(by=by, at=at)

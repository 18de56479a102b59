from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from toadlane.democracy.proposals import services
from toadlane.plumbing.access.principals import Principal

FEE = "fees.commission"


def change(rule=FEE, expect="0.05", base=1, **op):
    return {"kind": "patch", "payload": {"base": base, "ops": [{"rule": rule, "expect": expect, **op}]}}


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def idea(worker, at):
    """Alice wants the fee to be 6 %."""

    def make(*contents, by=worker, when=at, title="Raise the fee to 6 %", **more):
        return services.propose(title=title, contents=contents or [change(set="0.06")], by=by, at=when, **more)

    return make


@pytest.fixture
def voting(job, at):
    """Bring a proposal to its vote, as time and the ballots' own job would."""

    def go(proposal, when=at):
        proposal.refresh_from_db()
        if proposal.stage == "discussion":
            services.advance(by=job, at=max(when, proposal.talk_until))
            proposal.refresh_from_db()
        run_jobs()
        opens = max(when, proposal.vote_from)
        return services.voting_began(
            proposal=proposal, ballot="ballot-1", opens_at=opens, closes_at=opens + timedelta(days=7), by=job, at=opens
        )

    return go


@pytest.fixture
def decided(voting, job):
    """Have a proposal voted on; return the decision."""

    def go(proposal, state="passed", **outcome):
        proposal = voting(proposal)
        outcome = {"state": state, "figures": {"eligible": 2, "for": 2, "against": 0}} | outcome
        return services.decide(proposal=proposal, outcome=outcome, by=job, at=proposal.voting_until)

    return go

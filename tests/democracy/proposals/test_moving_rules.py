"""The rules move while a proposal is on its way: what fits goes on, what does not goes back, saying what has moved."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.proposals.conftest import FEE, change
from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.models import Enactment, Stage
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch


@pytest.fixture
def moved(inside, at):
    """Another decision changes a rule."""

    def go(rule, expect, value, decision="2026-9", when=at):
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(1, (Op(rule, expect, value),)), decision=decision, passed_by="overwhelming", by=act, at=when)
        run_jobs()

    return go


def test_another_rule_moves_and_it_goes_on(inside, idea, moved, decided, job):
    proposal = idea()
    moved("members.notice_days", 30, 60)
    proposal.refresh_from_db()
    assert not proposal.stuck_because and proposal.stage == Stage.DISCUSSION
    decision = decided(proposal)
    services.enact_due(by=job, at=decision.enactment.due_at)
    assert bylaws.book().value(FEE) * 100 == 6 and bylaws.book().number == 3


def test_the_rule_itself_moves_and_it_goes_back_to_its_authors(inside, idea, moved, job, worker, board, settings):
    settings.TOADLANE_SANDBOX = True
    proposal = idea()
    services.advance(by=job, at=proposal.talk_until)
    moved(FEE, "0.05", "0.07")
    proposal.refresh_from_db()
    assert proposal.stage == Stage.DISCUSSION and "changed since" in proposal.stuck_because
    services.advance(by=job, at=proposal.talk_until + timedelta(days=9))
    assert queries.ready_for_vote(proposal.talk_until + timedelta(days=99)) == []
    with pytest.raises(Refused):
        services.rebase(proposal=proposal, by=board, at=proposal.talk_until)
    mended = services.rebase(proposal=proposal, by=worker, at=proposal.talk_until)
    op = mended.contents[0]["payload"]["ops"][0]
    assert (op["expect"], op["set"], mended.stuck_because, mended.revision) == ("0.07", "0.06", "", 2)
    assert services.advance(by=job, at=proposal.talk_until) == 1


def test_nothing_is_left_to_do_where_the_rule_says_it_already(inside, idea, moved, worker, at):
    proposal = idea()
    moved(FEE, "0.05", "0.06")
    with pytest.raises(services.NotNow, match="by now"):
        services.rebase(proposal=proposal, by=worker, at=at)


def test_the_rule_moves_after_the_vote_and_it_fails_in_sight(inside, idea, decided, moved, job, worker, board, alice):
    decision = decided(idea())
    moved(FEE, "0.05", "0.07", when=decision.decided_at)
    due = decision.enactment.due_at
    assert services.enact_due(by=job, at=due) == 0
    failed = Enactment.objects.get()
    assert (failed.state, failed.error_code) == ("failed", "conflict") and bylaws.book().reads(FEE, "en").count("7%")
    assert bylaws.coming() == [], "no door waits for it any more"
    with outside(), clock.telling(due):
        page = browser(alice).get("/c/sparkle/decisions/2027-1/").content.decode()
    assert "could not be carried out" in page and "keeps 5%" in page and "keeps 7%" in page and "Bring it again" in page
    with pytest.raises(Refused):
        services.repair(decision=decision, by=board, at=due)
    again = services.repair(decision=decision, by=worker, at=due)
    with pytest.raises(services.NotNow, match=f"proposal {again.number}"):
        services.repair(decision=decision, by=worker, at=due)
    assert again.contents[0]["payload"]["ops"][0]["expect"] == "0.07" and again.about_decision == "2027-1"
    assert again.stage == Stage.DISCUSSION, "the members have shown that they want to vote on it"


def test_what_has_not_failed_is_not_mended(inside, idea, decided, worker, at):
    with pytest.raises(services.NotNow):
        services.repair(decision=decided(idea()), by=worker, at=at)


def test_a_guard_that_grew_meanwhile_is_obeyed(inside, idea, at, job):
    proposal = idea()
    assert proposal.procedure == "simple"
    act = Principal.job(inside.pk, "enactment")
    patch = Patch(1, (Op(FEE, "0.05", procedure="special"),))
    rules.enact(patch=patch, decision="2026-9", passed_by="special", by=act, at=at)
    run_jobs()
    proposal.refresh_from_db()
    assert proposal.procedure == "special" and not proposal.stuck_because


def test_charlies_rules_move_nothing_here(inside, wheels, idea, at):
    from toadlane.plumbing.tenancy.scope import scope

    proposal = idea()
    with scope(wheels.pk):
        act = Principal.job(wheels.pk, "enactment")
        patch = Patch(1, (Op(FEE, "0.08", "0.07"),))
        rules.enact(patch=patch, decision="2026-9", passed_by="simple", by=act, at=at)
        run_jobs()
    proposal.refresh_from_db()
    assert not proposal.stuck_because


def test_a_change_that_is_no_change_is_no_proposal(inside, idea):
    with pytest.raises(services.CannotBeDecided):
        idea(change(set="0.05"))

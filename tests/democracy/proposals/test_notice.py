"""Nobody finds out only when asked to vote: who is told, by which ways, and how long before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.conftest import browser, run_jobs
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.proposals import policies, services
from toadlane.democracy.proposals.queries import decisions, procedures, proposals
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws.rules import packs
from toadlane.society.messaging import tasks as messaging
from toadlane.society.messaging.models import Notice

TOLD = date(2027, 3, 1)


def way(**more):
    written = {"kind": "majority", "rank": 2, "threshold": "1/2", "op": "gt", "of": "cast", "min_days": 7, **more}
    return Procedure.read("it", {"procedures": {"it": written}})


@pytest.mark.parametrize(
    ("pack", "terms", "first"),
    [
        ("none", {"notice_days": 3}, date(2027, 3, 4)),
        ("none", {"notice_days": 30}, date(2027, 3, 31)),
        ("es-27-1999", {"notice_days": 3}, date(2027, 3, 17)),  # Fifteen clear days: neither end is counted.
        ("es-27-1999", {"notice_days": 20}, date(2027, 3, 21)),
        ("sce", {"notice_days": 3}, date(2027, 3, 31)),
        ("sce", {"notice_days": 0, "roll": "office:board"}, TOLD),  # The law speaks of the members' votes.
        ("de-eg", {"notice_days": 3}, date(2027, 3, 4)),  # What we only heard of is no law.
    ],
)
def test_the_longer_notice_of_bylaws_and_law_holds(pack, terms, first):
    assert policies.first_day_of_vote(TOLD, way(**terms), packs.load(pack)) == first


@pytest.mark.parametrize("pack", ["es-27-1999", "sce", "de-eg", "uk-society"])
def test_the_vote_on_a_longer_pause_does_not_wait_until_the_pause_is_over(pack):
    vote = replace(way(notice_days=0), at_once=True)
    assert policies.first_day_of_vote(TOLD, vote, packs.load(pack)) == TOLD


def test_days_are_counted_where_the_co_op_is(inside, monkeypatch):
    night = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)  # Past midnight in Madrid.
    monkeypatch.setattr(procedures.coops, "of_scope", lambda _pk: SimpleNamespace(time_zone="Europe/Madrid"))
    book = SimpleNamespace(pack="none")
    opens = procedures.earliest_vote(night, way(notice_days=3), book)
    assert procedures.day_of(night) == date(2027, 3, 2) and opens == datetime(2027, 3, 4, 23, 0, tzinfo=UTC)


def test_everybody_hears_of_the_talk_by_digest_and_of_the_vote_at_once(inside, idea, job, settings, at):
    settings.TOADLANE_SANDBOX = True
    proposal = idea()
    run_jobs()
    assert Notice.objects.count() == 2 and Letter.objects.count() == 0, "on the desk; the letter comes in the morning"
    messaging.digest(by=job, at=at + timedelta(days=1))
    run_jobs()
    assert set(Letter.objects.values_list("template", flat=True)) == {"messaging/digest"}
    assert "Being talked about: Raise the fee to 6 %" in Letter.objects.first().text
    services.advance(by=job, at=proposal.talk_until)
    run_jobs()
    letter = Letter.objects.filter(template="proposals/vote_announced").first()
    assert Letter.objects.filter(template="proposals/vote_announced").count() == 2
    proposal.refresh_from_db()
    assert "/proposals/1/" in letter.text and "You have a vote" in letter.text


def test_a_decision_tells_the_notice_its_vote_had_by_law_and_not_only_by_its_procedure(inside, idea, decided, monkeypatch):
    decision = decided(idea())
    asked = Procedure.thaw(decision.procedure, decision.terms).notice_days
    assert asked < 30 and f"{asked} days’ notice" in decisions.guard(decision)
    monkeypatch.setattr(decisions, "book_before", lambda _decision: SimpleNamespace(pack="sce"))
    assert "30 days’ notice" in decisions.guard(decision)


def test_a_vote_without_its_notice_cannot_begin(inside, idea, job):
    proposal = idea()
    services.advance(by=job, at=proposal.talk_until)
    proposal.refresh_from_db()
    opens = {"ballot": "b", "opens_at": proposal.vote_from, "closes_at": proposal.vote_from + timedelta(days=7)}
    with pytest.raises(services.NotReady) as refused:
        services.voting_began(proposal=proposal, **opens, by=job, at=proposal.vote_from)
    assert "void" in refused.value.hint
    run_jobs()
    assert services.voting_began(proposal=proposal, **opens, by=job, at=proposal.vote_from).stage == "voting"
    again = services.voting_began(proposal=proposal, **opens, by=job, at=proposal.vote_from)
    assert again.moments.filter(deed="voting_began").count() == 1


def test_a_roll_on_which_nobody_is_holds_no_vote_and_the_page_says_so(inside, idea, alice, at):
    proposal = idea()
    late = {"stage": "proposal", "noticed_at": at, "vote_from": at, "procedure": "coordinators"}
    type(proposal).objects.filter(pk=proposal.pk).update(**late)
    proposal.refresh_from_db()
    assert list(proposals.eligible(proposal)) == [] and proposals.ready_for_vote(at) == []
    with outside(), clock.telling(at):
        assert "Nobody is on the roll" in browser(alice).get("/c/sparkle/proposals/1/").content.decode()

"""Every version is kept, the authors answer, and what people were told about is what they vote on."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import run_jobs
from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Amendment, Proposal, Revision, Stage
from toadlane.democracy.proposals.queries import proposals
from toadlane.plumbing.access.principals import Refused
from toadlane.society.messaging import queries as messaging
from toadlane.society.messaging.models import Announcement


@pytest.fixture
def announced(idea, job):
    """Alice's proposal, its talk over and its vote announced."""
    proposal = idea()
    services.advance(by=job, at=proposal.talk_until)
    run_jobs()
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def offer(board, at):
    def make(proposal, value="0.055", title="Raise the fee to 5.5 %", text="", when=at):
        return services.offer_amendment(
            proposal=proposal, title=title, contents=[change(set=value)], text=text, why="Half is enough.", by=board, at=when
        )

    return make


def test_an_accepted_amendment_after_the_notice_begins_the_notice_again(inside, announced, offer, worker, at):
    first, later = announced.vote_from, announced.noticed_at + timedelta(days=1)
    services.accept_amendment(amendment=offer(announced), by=worker, at=later)
    announced.refresh_from_db()
    assert announced.stage == Stage.PROPOSAL and announced.noticed_at == later and announced.vote_from > first
    assert not proposals.was_announced(announced), "they were told of the other one"
    run_jobs()
    assert proposals.was_announced(announced)
    assert Announcement.objects.filter(subject="proposal:1", is_urgent=True).count() == 2


def test_one_that_only_changes_the_reasons_does_not(inside, announced, offer, worker):
    first, later = announced.vote_from, announced.noticed_at + timedelta(days=1)
    amendment = offer(announced, value="0.06", title=announced.title, text="Better reasons.")
    services.accept_amendment(amendment=amendment, by=worker, at=later)
    announced.refresh_from_db()
    assert (announced.vote_from, announced.revision, announced.text) == (first, 2, "Better reasons.")


def test_every_version_is_kept_and_the_database_says_so(inside, idea, offer, worker, at):
    proposal = idea()
    services.accept_amendment(amendment=offer(proposal), by=worker, at=at)
    rows = list(Revision.objects.order_by("number"))
    assert [row.title for row in rows] == ["Raise the fee to 6 %", "Raise the fee to 5.5 %"] and "Bob" in rows[1].because
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(number=1).update(title="Something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(number=1)._raw_delete("default")


def test_the_others_are_overtaken_and_told_so(inside, idea, offer, worker, at):
    proposal = idea()
    first, second = offer(proposal), offer(proposal, value="0.058", title="Or 5.8 %")
    services.accept_amendment(amendment=first, by=worker, at=at)
    second.refresh_from_db()
    assert second.state == Amendment.State.OVERTAKEN and second.answer
    with pytest.raises(services.NotNow):
        services.accept_amendment(amendment=second, by=worker, at=at)


def test_declining_owes_reasons(inside, idea, offer, worker, at):
    amendment = offer(idea())
    with pytest.raises(services.SayMore):
        services.decline_amendment(amendment=amendment, answer=" ", by=worker, at=at)
    services.decline_amendment(amendment=amendment, answer="Half does not pay for it.", by=worker, at=at)
    assert Proposal.objects.get().contents[0]["payload"]["ops"][0]["set"] == "0.06"
    with pytest.raises(DatabaseError), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(answer="")


def test_only_the_authors_accept_not_even_the_board(inside, idea, offer, board, at):
    amendment = offer(idea())
    with pytest.raises(Refused, match="Only those who brought it"):
        services.accept_amendment(amendment=amendment, by=board, at=at)


def test_what_is_being_voted_on_does_not_change_whoever_asks(inside, idea, voting, offer, worker, at):
    proposal = voting(idea())
    with pytest.raises(services.NotNow):
        offer(proposal)
    with pytest.raises(services.NotNow):
        services.revise(proposal=proposal, title="x", contents=[change(set="0.01")], by=worker, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(title="Something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(content_hash="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(contents=[change(set="0.01")])


def test_what_cannot_be_decided_cannot_be_offered(inside, idea, offer):
    with pytest.raises(services.CannotBeDecided):
        offer(idea(), value="7")


def test_the_notice_that_counts_is_the_last_one(inside, announced, offer, worker, job):
    later = announced.noticed_at + timedelta(days=1)
    services.accept_amendment(amendment=offer(announced), by=worker, at=later)
    run_jobs()
    announced.refresh_from_db()
    log = messaging.delivered(proposals.notice_key(announced))
    assert (log.people, log.written) == (2, 2)
    early = announced.vote_from - timedelta(seconds=1)
    assert proposals.ready_for_vote(early) == [] and proposals.ready_for_vote(announced.vote_from) == [announced]

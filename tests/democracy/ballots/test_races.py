"""Everybody at once, with real threads and real transactions: at the box, and at its close."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import as_member
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Ballot, RollEntry, Slip, TookPart, Vote
from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.services import casting, errors
from toadlane.democracy.proposals.models import Decision
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id, scope

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do things in as many threads, all leaving at the same moment; return what each came to."""
    gate, coop_id = threading.Barrier(len(deeds)), current_coop_id()

    def run(deed):
        with scope(coop_id):
            gate.wait()
            try:
                return deed()
            except Exception as error:
                return error
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_all_at_once_each_vote_is_there_once(poll, secrecy):
    vote = poll(10, secrecy=secrecy)
    came = at_once(*(lambda n=n: vote.vote(n, "for" if n % 2 else "against") for n in range(10)))
    assert not [one for one in came if isinstance(one, Exception)], came
    ballot = vote.close()
    assert ballot.result["judged"]["tally"]["for"] == 5 and TookPart.objects.count() == ballot.board.count == 10


def test_one_voter_in_six_windows_has_one_secret_vote(poll):
    vote = poll(3, secrecy="secret")
    came = at_once(*(lambda: vote.vote(0, "for") for _ in range(6)))
    assert sorted(type(one).__name__ for one in came) == ["AlreadyVoted"] * 5 + ["Receipt"]
    assert Slip.objects.filter(is_empty=False).count() == 1


def test_one_voter_in_six_windows_has_one_open_vote(poll):
    vote = poll(3)
    came = at_once(*(lambda n=n: vote.vote(0, "for" if n % 2 else "against") for n in range(6)))
    assert not any(isinstance(one, Exception) for one in came) and Vote.objects.count() == 1


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_whoever_is_told_that_they_voted_is_counted_and_nobody_else(poll, secrecy):
    """Eight vote while two workers close the box: each vote is in before the close, or is refused; none is lost between."""
    vote = poll(8, secrecy=secrecy)
    run_jobs()
    ballot, job = vote.ballot, Principal.job(vote.ballot.coop_id)
    last = ballot.closes_at - (ballot.closes_at - ballot.opens_at) / 1000
    came = at_once(
        *(lambda n=n: vote.vote(n, "for", at=last) for n in range(8)),
        *(lambda: services.close(ballot=ballot, by=job, at=ballot.closes_at) for _ in range(2)),
    )
    voted = [one for one in came[:8] if not isinstance(one, Exception)]
    assert all(isinstance(one, errors.NotOpen) for one in came[:8] if isinstance(one, Exception)), came
    assert not [one for one in came[8:] if isinstance(one, Exception)], came
    closed = Ballot.objects.get()
    assert closed.state == "closed" and Decision.objects.count() == 1
    assert closed.result["judged"]["tally"]["for"] == len(voted) == TookPart.objects.count() == closed.board.count


def test_two_workers_open_one_ballot(poll, inside, at):
    vote = poll(3)
    proposal = vote.ballot.proposal
    came = at_once(*(lambda: services.open_ballot(proposal=proposal, by=Principal.job(inside.pk), at=at) for _ in range(2)))
    assert {getattr(one, "pk", one) for one in came} == {vote.ballot.pk}
    assert queries.my_entries(vote.ballot, as_member(vote.voters[0]))


def test_who_votes_themselves_is_not_overruled_by_a_proxy_of_the_same_moment(poll, monkeypatch):
    """The proxy has looked that nobody voted, and does not put theirs in the place of what the other casts meanwhile."""
    vote = poll(3, proxies=1)
    giver, holder = (RollEntry.objects.get(ballot=vote.ballot, membership=vote.voters[n]) for n in (0, 1))
    services.give_proxy(giver=giver, holder=holder, by=as_member(vote.voters[0]), at=vote.at)
    looked, voted, real = threading.Event(), threading.Event(), casting.carrier

    def slowly(entry, by):
        found = real(entry, by)
        if found is not None:
            looked.set()
            voted.wait(1)
        return found

    def themselves():
        looked.wait(5)
        vote.vote(0, "against")
        voted.set()

    monkeypatch.setattr(casting, "carrier", slowly)
    by = as_member(vote.voters[1])
    came = at_once(lambda: services.cast(ballot=vote.ballot, entry=giver, choice="for", by=by, at=vote.at), themselves)
    assert looked.is_set() and came == [None, None]
    assert list(Vote.objects.values_list("choice", "carried_by")) == [
        (papers.write("against", vote.ballot.options, papers.shape(vote.ballot.method)), None)
    ]

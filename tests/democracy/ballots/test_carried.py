"""Votes that others carry: delegation, proxies, and papers that two people type in."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import as_member, join
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Delegation, PaperBatch, RollEntry, Slip, TookPart, Vote
from toadlane.democracy.ballots.policies.papers import SpoiltPaper
from toadlane.democracy.ballots.services import errors
from toadlane.plumbing.access.principals import Principal, Refused


def delegate(vote, giver, receiver, *, ballot=None, at=None):
    one, other = vote.voters[giver], vote.voters[receiver]
    return services.delegate(giver=one, receiver=other, ballot=ballot, by=as_member(one), at=at or vote.at)


def tally(ballot):
    return {key: ballot.result["judged"]["tally"][key] for key in ("for", "against")}


def test_a_delegation_passes_on_and_yields_to_ones_own_vote(poll):
    """Vector D1 and D2: a lets b, b lets c."""
    vote = poll(4, delegation={})
    delegate(vote, 0, 1)
    delegate(vote, 1, 2)
    vote.vote(2, "for")
    vote.vote(3, "against")
    ballot = vote.close()
    assert tally(ballot) == {"for": 3, "against": 1}
    carried = Vote.objects.filter(carried_by__isnull=False)
    assert {row.carried_by.membership_id for row in carried} == {vote.voters[2].pk} and TookPart.objects.count() == 4


def test_ones_own_vote_overrides(poll):
    vote = poll(4, delegation={})
    delegate(vote, 0, 1)
    delegate(vote, 1, 2)
    for n, choice in ((1, "against"), (2, "for"), (3, "against")):
        vote.vote(n, choice)
    assert tally(vote.close()) == {"for": 1, "against": 3}


def test_nobody_carries_more_than_the_cap(poll):
    """Vector D4: four let e, who may have three votes; who came first is carried."""
    vote = poll(5, delegation={"cap": 3})
    for n in range(4):
        delegate(vote, n, 4, at=vote.at + timedelta(minutes=n))
    vote.vote(4, "for")
    ballot = vote.close()
    assert tally(ballot)["for"] == 3
    assert set(TookPart.objects.values_list("entry__membership_id", flat=True)) == {vote.voters[n].pk for n in (0, 1, 4)}


def test_what_is_given_for_one_ballot_comes_before_the_rest_and_can_be_taken_back_until_the_close(poll):
    vote = poll(3, delegation={})
    delegate(vote, 0, 1)
    only = delegate(vote, 0, 2, ballot=vote.ballot)
    vote.vote(1, "for")
    vote.vote(2, "against")
    services.take_back(delegation=only, by=as_member(vote.voters[0]), at=vote.at)
    assert tally(vote.close()) == {"for": 2, "against": 1}
    assert Delegation.objects.filter(ended_at=None).count() == 1


def test_nothing_is_given_or_taken_back_between_the_end_and_the_count(poll, inside):
    """The ballot is shut an hour late: whoever knows by then how it stands moves no vote any more."""
    vote, late = poll(5, delegation={}), timedelta(minutes=30)
    delegate(vote, 0, 1)
    vote.vote(1, "for")
    vote.vote(2, "against")
    closes_at = vote.ballot.closes_at
    delegate(vote, 3, 2, at=closes_at)
    delegate(vote, 4, 2, at=closes_at - timedelta(seconds=1))
    services.take_back(delegation=Delegation.objects.get(giver=vote.voters[0]), by=as_member(vote.voters[0]), at=closes_at)
    delegate(vote, 4, 1, at=closes_at + late)
    run_jobs()
    vote.ballot.refresh_from_db()
    ballot = services.close(ballot=vote.ballot, by=Principal.job(inside.pk), at=closes_at + 2 * late)
    assert tally(ballot) == {"for": 2, "against": 2}


def test_open_delegation_does_not_reach_a_secret_ballot(poll):
    vote = poll(3, secrecy="secret")
    delegate(vote, 0, 1)
    vote.vote(1, "for")
    assert tally(vote.close()) == {"for": 1, "against": 0}
    with pytest.raises(errors.NotSo):
        delegate(vote, 0, 2, ballot=vote.ballot)


def test_nobody_gives_away_somebody_elses_vote(poll):
    vote = poll(3, delegation={})
    with pytest.raises(Refused):
        services.delegate(giver=vote.voters[0], receiver=vote.voters[1], by=as_member(vote.voters[1]), at=vote.at)


def entry_of(vote, n):
    return RollEntry.objects.get(ballot=vote.ballot, membership=vote.voters[n])


def proxy(vote, giver, holder):
    return services.give_proxy(
        giver=entry_of(vote, giver), holder=entry_of(vote, holder), by=as_member(vote.voters[giver]), at=vote.at
    )


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_a_proxy_marks_the_paper_of_another(poll, secrecy):
    vote = poll(3, proxies=2, secrecy=secrecy)
    proxy(vote, 0, 1)
    by = as_member(vote.voters[1])
    assert [entry.membership_id for entry in queries.my_entries(vote.ballot, by)] == [vote.voters[0].pk, vote.voters[1].pk]
    services.cast(ballot=vote.ballot, entry=entry_of(vote, 0), choice="for", by=by, at=vote.at)
    assert tally(vote.close()) == {"for": 1, "against": 0}


def test_a_proxy_is_capped_and_cannot_be_handed_on(poll):
    """Vectors P2 and P4."""
    vote = poll(5, proxies=2)
    proxy(vote, 0, 3)
    proxy(vote, 1, 3)
    with pytest.raises(errors.TooMany):
        proxy(vote, 2, 3)
    with pytest.raises(errors.TooMany):
        proxy(vote, 3, 4)
    with pytest.raises(errors.TooMany):
        proxy(vote, 4, 0)


def test_who_voted_themselves_is_not_overruled_by_their_proxy(poll):
    vote = poll(3, proxies=1)
    given = proxy(vote, 0, 1)
    vote.vote(0, "against")
    with pytest.raises(errors.CannotChange):
        services.cast(ballot=vote.ballot, entry=entry_of(vote, 0), choice="for", by=as_member(vote.voters[1]), at=vote.at)
    services.end_proxy(proxy=given, by=as_member(vote.voters[0]), at=vote.at)
    with pytest.raises(Refused):
        services.cast(ballot=vote.ballot, entry=entry_of(vote, 0), choice="for", by=as_member(vote.voters[1]), at=vote.at)


def test_where_there_are_no_proxies_none_is_given(poll):
    with pytest.raises(errors.NotSo):
        proxy(poll(3), 0, 1)


@pytest.fixture
def tellers(inside, bob):
    """Bob of the board, and Eve, who was named a teller."""
    from toadlane.plumbing.access.principals import Channel
    from toadlane.society.members import queries as members
    from toadlane.society.members.models import Office

    eve = join(1, "co_op")[0]
    Office.objects.create(person=eve.person, office="teller", since=eve.joined_on, named_by="founding")
    return [members.principal(person_id=person.pk, channel=Channel.WEB) for person in (bob, eve.person)]


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_papers_count_once_two_people_read_the_same(poll, tellers, secrecy):
    vote, (bob, eve) = poll(5, secrecy=secrecy), tellers
    box = {"places": [1, 2, 3], "choices": ["for", "against", "for"]}
    batch = services.enter_papers(ballot=vote.ballot, label="Post", by=bob, at=vote.at, **box)
    assert not Vote.objects.exists() and not Slip.objects.filter(is_empty=False).exists()
    with pytest.raises(errors.Another):
        services.agree_papers(batch=batch, by=bob, at=vote.at, **box)
    services.agree_papers(batch=batch, by=eve, at=vote.at, **box)
    batch.refresh_from_db()
    assert (batch.state, batch.first) == ("agreed", {})
    vote.vote(3, "against")
    assert tally(vote.close()) == {"for": 2, "against": 2}


def test_papers_that_were_read_differently_do_not_count(poll, tellers):
    vote, (bob, eve) = poll(5), tellers
    batch = services.enter_papers(ballot=vote.ballot, label="Post", places=[1], choices=["for"], by=bob, at=vote.at)
    with pytest.raises(errors.Differs):
        services.agree_papers(batch=batch, places=[1], choices=["against"], by=eve, at=vote.at)
    batch.refresh_from_db()
    assert batch.state == PaperBatch.State.DIFFERS and not Vote.objects.exists()


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_where_two_read_an_open_box_differently_they_are_told_and_of_a_secret_one_nothing(poll, tellers, secrecy):
    vote, (bob, eve) = poll(5, secrecy=secrecy), tellers
    first = {"places": [1, 2, 3], "choices": ["for", "against", "for"]}
    batch = services.enter_papers(ballot=vote.ballot, label="Post", by=bob, at=vote.at, **first)
    with pytest.raises(errors.Differs) as told:
        services.agree_papers(batch=batch, places=[1, 2, 4], choices=["for", "for", "for"], by=eve, at=vote.at)
    assert "types all of it in anew" in str(told.value.hint) and ("roll: 2, 3, 4." in str(told.value.hint)) == (secrecy == "open")


def test_a_secret_paper_is_sealed_while_it_waits(poll, tellers):
    vote, (bob, _eve) = poll(5, secrecy="secret"), tellers
    choices = ["for", "against"]
    batch = services.enter_papers(ballot=vote.ballot, label="Post", places=[2, 1], choices=choices, by=bob, at=vote.at)
    assert set(batch.first) == {"places", "sealed"} and batch.first["places"] == [1, 2]


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_a_paper_comes_after_the_voters_own_vote(poll, tellers, secrecy):
    vote, (bob, eve) = poll(5, secrecy=secrecy), tellers
    box = {"places": [1, 2], "choices": ["for", "for"]}
    batch = services.enter_papers(ballot=vote.ballot, label="Post", by=bob, at=vote.at, **box)
    vote.vote(0, "against")
    with pytest.raises(errors.AlreadyVoted, match=f"roll: {RollEntry.objects.get(membership=vote.voters[0]).place}"):
        services.agree_papers(batch=batch, by=eve, at=vote.at, **box)
    assert tally(vote.close()) == {"for": 0, "against": 1}


@pytest.mark.parametrize(
    ("places", "choices"),
    [([1], []), ([], []), ([1, 1], ["for", "for"]), ([1], ["perhaps"]), (list(range(1, 502)), ["for"] * 501)],
)
def test_a_box_that_cannot_be(poll, tellers, places, choices):
    vote = poll(3)
    with pytest.raises(SpoiltPaper):
        services.enter_papers(ballot=vote.ballot, label="Post", places=places, choices=choices, by=tellers[0], at=vote.at)


def test_a_place_that_is_not_on_the_roll(poll, tellers):
    vote, (bob, eve) = poll(3), tellers
    batch = services.enter_papers(ballot=vote.ballot, label="Post", places=[99], choices=["for"], by=bob, at=vote.at)
    with pytest.raises(SpoiltPaper):
        services.agree_papers(batch=batch, places=[99], choices=["for"], by=eve, at=vote.at)


def test_a_member_is_no_teller(poll):
    vote = poll(3)
    with pytest.raises(Refused):
        services.enter_papers(
            ballot=vote.ballot, label="Post", places=[1], choices=["for"], by=as_member(vote.voters[0]), at=vote.at
        )

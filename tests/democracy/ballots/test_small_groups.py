"""A secret vote of a group of one or two: it lies among all others wherever the count can do without asking that group."""

import pytest

from tests.democracy.ballots.conftest import SIMPLE, Poll, join, propose, rules
from toadlane.democracy.ballots import services
from toadlane.democracy.ballots.models import Paper, Slip
from toadlane.democracy.ballots.policies.asked import hides_little
from toadlane.democracy.ballots.queries import pages
from toadlane.plumbing.access.principals import Channel, Principal

HALVES = {"mode": "proportional", "weights": {"workers": "50", "clients": "50"}}


@pytest.fixture
def mixed(inside, at):
    """Return a maker of secret ballots among so many workers and clients: `mixed(6, 1)`."""

    def make(workers, clients, *, votes=1, **terms):
        names = ("worker", "client")
        classes = [
            {"id": one, "names": {"en": one}, "who": ["person"], "rights": ["vote", "propose"], "college": f"{one}s"}
            for one in names
        ]
        classes[1]["votes"] = votes
        roll = {"who": "members", "classes": list(names), "min_days": 300}
        rules(classes=classes, procedures={"tried": SIMPLE | {"secrecy": "secret", "roll": roll} | terms})
        voters = [*join(workers, "worker"), *join(clients, "client")]
        ballot = services.open_ballot(proposal=propose(voters[0], at, procedure="tried"), by=Principal.job(inside.pk), at=at)
        return Poll(ballot, voters, at)

    return make


def shown(vote):
    return pages.shown(vote.ballot, Principal(coop_id=vote.ballot.coop_id, channel=Channel.WEB), at=vote.at)


@pytest.mark.parametrize("terms", [{}, {"quorum": {"fraction": "1/2", "of": "class"}}])
def test_the_vote_of_the_only_client_cannot_be_told_from_the_others(mixed, terms):
    vote = mixed(6, 1, **terms)
    assert vote.ballot.frozen["roll"]["together"] and not hides_little(vote.ballot)
    for n in range(6):
        vote.vote(n, "for")
    vote.vote(6, "against")
    assert shown(vote).quorums == ([] if not terms else [("client", 1, 1, True), ("worker", 6, 3, True)])
    ballot = vote.close()
    assert set(Paper.objects.values_list("college", "choice", "count")) == {("", "1", 6), ("", "2", 1)}
    tally = ballot.result["judged"]["tally"]
    assert (tally["for"], tally["against"], tally["voters"], ballot.result["outcome"]) == (6, 1, 7, "passed")
    # What is said of a class is how many of it came, and nothing of what they voted.
    apart = tally.get("colleges", {})
    assert all(part["for"] == part["against"] == 0 for part in apart.values()) and bool(apart) == bool(terms)


def test_enough_of_each_class_have_to_come(mixed):
    vote = mixed(6, 2, quorum={"fraction": "1/2", "of": "class"})
    for n in range(6):
        vote.vote(n, "for")
    assert vote.close().result["why"] == "quorum"


def test_a_quorum_of_votes_cast_in_each_class_asks_each_class(mixed):
    vote = mixed(6, 1, quorum={"fraction": "1/2", "of": "class", "counts": "cast"})
    assert not vote.ballot.frozen["roll"]["together"] and hides_little(vote.ballot)


def test_where_each_college_decides_by_itself_a_small_one_is_told_so(mixed):
    few = mixed(6, 4, chambers=HALVES)
    assert hides_little(few.ballot) and shown(few).hides_little
    few.vote(6, "against")
    assert list(few.close().result["judged"]["tally"]["colleges"]) == ["clients"]


def test_five_in_a_college_are_enough_to_hide_among(mixed):
    assert not hides_little(mixed(5, 5, chambers=HALVES).ballot)


def test_whoever_alone_has_several_votes_is_told_so(mixed):
    assert hides_little(mixed(9, 1, votes=3, plural=3).ballot)
    assert not hides_little(mixed(9, 1).ballot)


def test_papers_out_of_one_box_may_be_those_of_several_classes(mixed, board, worker):
    vote = mixed(6, 1)
    places = list(vote.ballot.entries.order_by("place").values_list("place", flat=True))
    by = [
        Principal(coop_id=one.coop_id, channel=Channel.WEB, person_id=one.person_id, roles=frozenset({"teller"}))
        for one in (board, worker)
    ]
    batch = services.enter_papers(ballot=vote.ballot, label="Hall", places=places, choices=["for"] * 7, by=by[0], at=vote.at)
    services.agree_papers(batch=batch, places=places, choices=["for"] * 7, by=by[1], at=vote.at)
    assert Slip.objects.filter(is_empty=False).count() == 7
    assert vote.close().result["judged"]["tally"]["for"] == 7

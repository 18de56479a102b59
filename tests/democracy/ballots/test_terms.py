"""Each term of a procedure in a ballot: late quorum, early close, ties, second calls, chambers, blocks."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import SIMPLE, Poll, as_member, join, propose, rules
from toadlane.democracy.ballots import services, tasks
from toadlane.democracy.ballots.models import Ballot
from toadlane.democracy.ballots.policies import recounting
from toadlane.democracy.ballots.policies.papers import SpoiltPaper
from toadlane.democracy.ballots.services import errors
from toadlane.democracy.proposals.models import Decision, Stage
from toadlane.plumbing.access.principals import Principal, Refused

LATE = {"quorum": "1/2", "late_quorum_hours": 48}


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_a_quorum_reached_at_the_last_moment_leaves_the_others_time(poll, secrecy):
    vote = poll(4, secrecy=secrecy, **LATE)
    closes_at = vote.ballot.closes_at
    vote.vote(0, "for")
    vote.vote(1, "for", at=closes_at - timedelta(hours=1))
    vote.ballot.refresh_from_db()
    assert vote.ballot.closes_at == closes_at + timedelta(hours=47) and vote.ballot.extended_from == closes_at
    vote.vote(2, "against", at=closes_at + timedelta(hours=1))
    vote.vote(3, "against", at=closes_at + timedelta(hours=46))
    vote.ballot.refresh_from_db()
    assert vote.ballot.closes_at == closes_at + timedelta(hours=47), "it is given time once"
    assert vote.close().result["outcome"] == "rejected"


def test_a_quorum_reached_in_time_moves_nothing(poll):
    vote = poll(4, **LATE)
    closes_at = vote.ballot.closes_at
    for n in (0, 1):
        vote.vote(n, "for", at=closes_at - timedelta(hours=48))
    vote.ballot.refresh_from_db()
    assert vote.ballot.closes_at == closes_at and vote.ballot.quorum_at is not None


def test_it_closes_early_when_nothing_can_change(poll, inside):
    vote = poll(5, early_close=True, replaceable=False, of="eligible")
    for n in range(2):
        vote.vote(n, "for")
    run_jobs()
    tasks.close_ballots(by=Principal.job(inside.pk), at=vote.at + timedelta(hours=1))
    assert Ballot.objects.get().state == "open"
    vote.vote(2, "for")
    tasks.close_ballots(by=Principal.job(inside.pk), at=vote.at + timedelta(hours=1))
    ballot = Ballot.objects.get()
    assert ballot.state == "closed" and ballot.result["outcome"] == "passed" and ballot.closed_at < ballot.closes_at


def test_a_secret_ballot_closes_early_when_all_have_voted(poll, inside):
    vote = poll(3, early_close=True, secrecy="secret")
    for n in range(3):
        vote.vote(n, "for")
        assert Ballot.objects.get().state == "open"
    run_jobs()
    tasks.close_ballots(by=Principal.job(inside.pk), at=vote.at + timedelta(hours=1))
    assert Ballot.objects.get().state == "closed"


def tie(vote):
    for n, choice in enumerate(["for", "against"]):
        vote.vote(n, choice)
    return vote.close()


def test_a_tie_leaves_things_as_they_are(poll):
    assert tie(poll(2, tie="status_quo")).result["why"] == "tie"
    assert Decision.objects.get().outcome == "rejected"


def test_the_lot_was_announced_and_anybody_can_draw_it_again(poll):
    ballot = tie(poll(2, tie="lot"))
    first = recounting.drawn(ballot, ballot.board.root, ["passed", "rejected"])[0]
    assert ballot.result["judged"]["settled_by"] == "lot" and ballot.result["outcome"] == first


def test_the_chair_settles_a_tie_with_reasons(poll, board, inside):
    vote = poll(2, tie="chair")
    ballot = tie(vote)
    assert (ballot.state, ballot.awaits) == ("counting", "chair") and not Decision.objects.exists()
    tasks.close_ballots(by=Principal.job(inside.pk), at=ballot.closes_at + timedelta(days=1))
    with pytest.raises(Refused):
        services.settle_tie(ballot=ballot, passed=True, reason="", by=as_member(vote.voters[0]), at=ballot.closes_at)
    said = {"passed": True, "reason": "We need it before winter.", "at": ballot.closes_at + timedelta(hours=1)}
    ballot = services.settle_tie(ballot=ballot, by=board, **said)
    assert ballot.state == "closed" and ballot.result["outcome"] == "passed"
    assert ballot.result["reason"] == said["reason"] and ballot.result["judged"]["settled_by"] == "chair"
    with pytest.raises(errors.NotOpen):
        services.settle_tie(ballot=ballot, by=board, **said)


def test_after_a_tie_there_is_a_second_vote_and_a_second_tie_is_lost(poll, inside):
    vote = poll(2, tie="runoff")
    first = tie(vote)
    assert first.state == "closed" and first.result["next_round"] and not Decision.objects.exists()
    tasks.open_ballots(by=Principal.job(inside.pk), at=first.closed_at)
    second = Ballot.objects.get(round=2)
    assert Ballot.objects.count() == 2 and second.proposal.stage == Stage.VOTING
    assert tie(Poll(second, vote.voters, second.opens_at)).result["why"] == "tie"
    assert Decision.objects.get().outcome == "rejected" and Decision.objects.get().result["ballot"] == second.name


def test_a_second_call_asks_for_fewer(poll, inside):
    vote = poll(10, quorum="1/2", second_call={"after_days": 2, "quorum": "1/10"})
    vote.vote(0, "for")
    first = vote.close()
    assert first.result["why"] == "quorum" and not Decision.objects.exists()
    early = first.closed_at + timedelta(days=2) - timedelta(microseconds=1)
    tasks.open_ballots(by=Principal.job(inside.pk), at=early)
    assert Ballot.objects.count() == 1
    tasks.open_ballots(by=Principal.job(inside.pk), at=first.closed_at + timedelta(days=2))
    second = Ballot.objects.get(round=2)
    again = Poll(second, vote.voters, second.opens_at)
    again.vote(0, "for")
    assert again.close().result["outcome"] == "passed"


def chambers(inside, at, *, tie="status_quo"):
    """Two workers and ninety-eight clients, fifty to fifty (the Somerset rules)."""
    names = ("worker", "client")
    classes = [
        {"id": one, "names": {"en": one}, "who": ["person"], "rights": ["vote", "propose"], "college": f"{one}s"} for one in names
    ]
    halves = {"mode": "proportional", "weights": {"workers": "50", "clients": "50"}}
    table = {"who": "members", "classes": list(names), "min_days": 300}
    rules(classes=classes, procedures={"tried": SIMPLE | {"chambers": halves, "tie": tie, "roll": table}})
    workers, clients = join(2, "worker"), join(98, "client")
    ballot = services.open_ballot(proposal=propose(workers[0], at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    vote = Poll(ballot, [*workers, *clients], at)
    for n in range(100):
        vote.vote(n, "for" if n < 2 else "against")
    return vote.close()


def test_two_workers_yes_and_98_clients_no_is_a_tie_and_the_tie_rule_decides(inside, at):
    ballot = chambers(inside, at)
    assert ballot.result["outcome"] == "rejected" and ballot.result["why"] == "tie"
    assert ballot.result["judged"]["share"] == "1/2"
    parts = ballot.result["judged"]["chambers"]
    assert [(parts[one]["share"], parts[one]["weight"]) for one in ("workers", "clients")] == [("1", "1/2"), ("0", "1/2")]


def test_the_same_tie_by_lot(inside, at):
    ballot = chambers(inside, at, tie="lot")
    assert ballot.result["judged"]["settled_by"] == "lot" and ballot.result["outcome"] in ("passed", "rejected")


# Social.coop, ordinary proposals: at least half of those who took part agree, and no block stands unless nine in ten do;
# bylaws: three quarters, and no block unless nineteen in twenty.
ORDINARY = {"threshold": "1/2", "op": "ge", "of": "present", "block": {"override": "9/10", "op": "ge"}, "min_days": 6}
BYLAWS = {"threshold": "3/4", "op": "ge", "of": "cast_block", "block": {"override": "19/20", "op": "ge"}, "min_days": 10}


@pytest.mark.parametrize(
    ("terms", "roll", "votes", "outcome"),
    [
        (ORDINARY, 111, {"for": 22, "against": 5, "abstain": 1}, "passed"),
        (BYLAWS, 111, {"for": 22, "against": 5, "abstain": 1}, "passed"),
        (ORDINARY, 100, {"for": 89, "against": 10, "block": 1}, "blocked"),
        (ORDINARY, 100, {"for": 90, "against": 9, "block": 1}, "passed"),
        (BYLAWS, 21, {"for": 19, "abstain": 1, "block": 1}, "passed"),
        (BYLAWS, 21, {"for": 18, "block": 1}, "blocked"),
        (BYLAWS, 21, {"for": 3, "against": 1}, "passed"),
        (BYLAWS, 21, {"for": 2, "against": 1}, "rejected"),
    ],
)
def test_the_thresholds_of_social_coop_with_its_real_tallies(poll, terms, roll, votes, outcome):
    vote, n = poll(roll, **terms), 0
    for choice, count in votes.items():
        for _ in range(count):
            vote.vote(n, choice, reason="It breaks what we promised." if choice == "block" else "")
            n += 1
    ballot = vote.close()
    assert ballot.result["outcome"] == outcome
    assert (ballot.closes_at - ballot.opens_at).days >= terms["min_days"]
    if outcome == "passed" and roll == 111 and terms is ORDINARY:
        assert ballot.result["judged"]["share"] == "11/14"  # 78.6 %, abstentions counted.


def test_whoever_blocks_says_why(poll):
    vote = poll(3, **BYLAWS)
    with pytest.raises(SpoiltPaper):
        vote.vote(0, "block")

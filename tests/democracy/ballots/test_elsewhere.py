"""A ballot cast in a system of its own: nobody votes here, and its result comes back by two people."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import SIMPLE
from tests.democracy.ballots.test_carried import tellers
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Ballot, RollEntry, Rounds, Slip
from toadlane.democracy.ballots.policies import belenios
from toadlane.democracy.ballots.queries import exports
from toadlane.democracy.ballots.services import errors
from toadlane.democracy.counting.policies.procedures import BadProcedure, Procedure
from toadlane.democracy.proposals.models import Decision
from toadlane.democracy.proposals.queries import procedures
from toadlane.plumbing.access.principals import Principal
from toadlane.society.people.models import Person

__all__ = ["tellers"]
FILE = json.dumps({"result": [[3, 1, 1]], "num_tallied": 5})
DIGEST = hashlib.sha256(FILE.encode()).hexdigest()


@pytest.fixture
def away(poll):
    return poll(6, secrecy="secret", elsewhere=True)


def test_nobody_votes_here(away):
    with pytest.raises(errors.NotOpen):
        away.vote(0, "for")
    assert not Slip.objects.exists()


def test_the_result_counts_once_a_second_person_has_the_same_file(away, tellers, inside):
    ballot, (bob, eve) = away.ballot, tellers
    run_jobs()
    with pytest.raises(errors.NotOpen):
        services.bring_result(ballot=ballot, text=FILE, by=bob, at=ballot.opens_at)
    services.bring_result(ballot=ballot, text=FILE, by=bob, at=ballot.closes_at)
    assert queries.due(ballot.closes_at) == []
    with pytest.raises(errors.Another):
        services.confirm_result(ballot=ballot, digest=DIGEST, by=bob, at=ballot.closes_at)
    with pytest.raises(errors.Differs):
        services.confirm_result(ballot=ballot, digest="0" * 64, by=eve, at=ballot.closes_at)
    services.confirm_result(ballot=ballot, digest=DIGEST, by=eve, at=ballot.closes_at)
    assert queries.due(ballot.closes_at) == [ballot]
    closed = services.close(ballot=ballot, by=Principal.job(inside.pk), at=ballot.closes_at)
    assert closed.result["judged"]["tally"]["for"] == 3 and closed.board.lines() == [DIGEST]
    assert Decision.objects.get().outcome == "passed"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ballots_elsewhere SET counts = '{}'")


def test_the_list_of_voters_is_as_belenios_reads_it_and_leaves_nobody_off(away):
    first = RollEntry.objects.order_by("place")[0]
    Person.objects.filter(pk=first.person_id).update(email=None, phone="+4512345678")
    lines = exports.voters(away.ballot).splitlines()
    assert lines[0] == f",{first.number}-1" and len(lines) == 6
    assert all(line.partition(",")[0].endswith("@sparkle.test") and line.count(",") == 1 for line in lines[1:])


def test_who_voted_is_not_known_here_and_nobody_is_said_to_be_absent(away, tellers, inside):
    run_jobs()
    services.bring_result(ballot=away.ballot, text=FILE, by=tellers[0], at=away.ballot.closes_at)
    services.confirm_result(ballot=away.ballot, digest=DIGEST, by=tellers[1], at=away.ballot.closes_at)
    closed = services.close(ballot=away.ballot, by=Principal.job(inside.pk), at=away.ballot.closes_at)
    assert closed.result["elsewhere"] == 5 and "nobody_voted" not in [one["why"] for one in closed.result["absent"]]


OPTIONS = [{"id": one, "label": one} for one in ("for", "against", "abstain")]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([3, 1, 1], {"for": 3, "against": 1, "abstain": 1}),
        (["3", 1, 0], {"for": 3, "against": 1, "abstain": 0}),
        # Where blank votes were allowed, they come first.
        ([2, 3, 1, 1], {"for": 3, "against": 1, "abstain": 3}),
    ],
)
def test_counts_of_answers(counts, told):
    text = "\ufeff" + json.dumps({"result": [counts]})
    _whole, votes = belenios.result(text, options=OPTIONS, method="majority", params={}, voters=9)
    assert votes == told


CANDIDATES = [{"id": one, "label": one} for one in "abc"]


@pytest.mark.parametrize(
    ("method", "papers", "told"),
    [
        ("scottish-stv", [[1, 2, 3], [2, 1, 0], [0, 0, 0]], {"1 2 3": 1, "2 1": 1, "": 1}),
        # A rank skipped or given twice is no valid paper of a transferable vote there, and blank here.
        ("scottish-stv", [[1, 3, 0], [1, 1, 2]], {"": 2}),
        ("irv", [[1, 3, 0]], {"": 1}),
        ("schulze", [[1, 1, 2], [5, 0, 2], [0, 0, 0]], {"1=2 3": 1, "3 1": 1, "": 1}),
    ],
)
def test_papers_of_ranks(method, papers, told):
    text = json.dumps({"result": [papers]})
    _whole, votes = belenios.result(text, options=CANDIDATES, method=method, params={}, voters=3)
    assert votes == told


@pytest.mark.parametrize("papers", [[[1, 2]], [[1, 2, -1]], [[1, 2, "x"]], [1, 2, 3], [[1, 2, 3]] * 4])
def test_papers_that_are_none(papers):
    with pytest.raises(belenios.NotAResult):
        belenios.result(json.dumps({"result": [papers]}), options=CANDIDATES, method="schulze", params={}, voters=3)


def test_an_election_is_ranked_there_and_counted_here_round_by_round(poll, tellers, inside, monkeypatch):
    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])
    named = [{"person": n, "name": name, "statement": ""} for n, name in enumerate(("Ana", "Ben", "Chi"), 1)]
    contents = [{"kind": "elect", "payload": {"office": "board", "seats": 2, "method": "scottish-stv", "candidates": named}}]
    terms = {"kind": "election", "method": "scottish-stv", "threshold": None, "op": None, "of": None}
    ballot = poll(6, contents=contents, secrecy="secret", elsewhere=True, **terms).ballot
    assert ballot.is_elsewhere
    run_jobs()
    text = json.dumps({"result": [[[1, 2, 0], [1, 2, 0], [1, 0, 2], [2, 1, 0], [0, 0, 1]]]})
    brought = services.bring_result(ballot=ballot, text=text, by=tellers[0], at=ballot.closes_at)
    services.confirm_result(ballot=ballot, digest=brought.digest, by=tellers[1], at=ballot.closes_at)
    closed = services.close(ballot=ballot, by=Principal.job(inside.pk), at=ballot.closes_at)
    assert closed.result["elected"] == ["1", "2"] and closed.result["counted"]["valid"] == 5
    assert Rounds.objects.get(ballot=closed).log["stages"]


def test_what_cannot_be_counted_from_sums_is_voted_here_in_secret(poll, monkeypatch):
    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])
    named = [{"person": n, "name": name, "statement": ""} for n, name in enumerate(("Ana", "Ben"), 1)]
    contents = [{"kind": "elect", "payload": {"office": "board", "seats": 1, "method": "approval", "candidates": named}}]
    terms = {"kind": "election", "method": "approval", "threshold": None, "op": None, "of": None}
    vote = poll(6, contents=contents, secrecy="secret", elsewhere=True, **terms)
    assert not vote.ballot.is_elsewhere
    assert vote.vote(0, ["1"]).nonce


@pytest.mark.parametrize(
    "terms",
    [
        {"chambers": {"mode": "proportional", "weights": {"workers": "1", "clients": "1"}}},
        {"quorum": {"fraction": "1/2", "of": "class"}},
        {"plural": 3},
        {"secrecy": "open"},
    ],
)
def test_terms_that_need_more_than_sums_are_refused(terms):
    with pytest.raises(BadProcedure) as refused:
        Procedure.thaw("tried", SIMPLE | {"secrecy": "secret", "elsewhere": True} | terms)
    assert refused.value.field == "tried.elsewhere"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"result": []}', '{"result": [[3, 1]]}', '{"result": [[3, 1, -1]]}', '{"result": [[9, 1, 1]]}',
     '{"result": [[3.5, 1, 1]]}', '{"result": [[true, 1, 1]]}', '{"result": [[1, 1, 1], [1, 1, 1]]}'],
)  # fmt: skip
def test_a_file_that_is_no_result_of_this_question(away, tellers, text):
    with pytest.raises(belenios.NotAResult):
        services.bring_result(ballot=away.ballot, text=text, by=tellers[0], at=away.ballot.closes_at)


def test_where_it_is_cast_here_nothing_is_brought(poll, tellers):
    vote = poll(3)
    with pytest.raises(errors.NotSo):
        services.bring_result(ballot=vote.ballot, text=FILE, by=tellers[0], at=vote.ballot.closes_at)
    assert not Ballot.objects.filter(elsewhere__isnull=False).exists()

"""A ballot cast in a system of its own: nobody votes here, and its result comes back by two people."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import run_jobs
from tests.democracy.ballots.test_carried import tellers
from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.models import Ballot, Slip
from toadlane.democracy.ballots.policies import belenios
from toadlane.democracy.ballots.services import errors
from toadlane.democracy.proposals.models import Decision
from toadlane.plumbing.access.principals import Principal

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

"""Whoever has the database's own password and takes its refusals down leaves traces: `toadlane verify` names each of them."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F

from tests.democracy.ballots.conftest import join
from toadlane.democracy.ballots.models import Ballot, Board, Paper, RollEntry, TookPart, Vote
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals


@contextmanager
def unguarded():
    refusals.remove()
    try:
        yield
    finally:
        refusals.install()


def found():
    named = {name: one.faults for name, one in invariants.verify_coop().items() if name.startswith("ballots.")}
    return {name: faults for name, faults in named.items() if faults}


TERMS = {
    "question": {"question": "Something else"},
    "options": {"options": [{"id": "for", "label": "No", "text": ""}, {"id": "against", "label": "Yes", "text": ""}]},
    "method": {"method": "approval"},
    "params": {"params": {"seats": 2}},
    "procedure": {"procedure_name": "special"},
    "secrecy": {"secrecy": "named"},
    "replaceable": {"is_replaceable": False},
    "opens_at": {"opens_at": F("opens_at") - timedelta(days=1)},
    "closes_at": {"closes_at": F("closes_at") - timedelta(minutes=1)},
    "bylaws": {"bylaws_version": F("bylaws_version") + 1},
}


@pytest.mark.parametrize("name", TERMS)
def test_an_open_ballot_that_asks_something_else_than_was_frozen(poll, name):
    vote = poll(5)
    assert not found()
    with unguarded():
        Ballot.objects.filter(pk=vote.ballot.pk).update(**TERMS[name])
        said = found()["ballots.rolls_are_frozen"]
    assert len(said) == 1 and said[0].startswith("ballot-1: what it asks is not what was frozen:") and name in said[0]


@pytest.mark.parametrize(
    "late", [{}, {"quorum_at": F("opens_at")}, {"quorum_at": F("closes_at") - timedelta(hours=1)}]
)  # fmt: skip
def test_a_close_that_was_put_off_in_the_database_is_found(poll, late):
    """The database lets an end be put off, as a late quorum does; who does it by hand has no such quorum to show."""
    for terms in ({}, {"quorum": "1/2", "late_quorum_hours": 24}):
        vote = poll(4, **terms)
        Ballot.objects.filter(pk=vote.ballot.pk).update(
            extended_from=F("closes_at"), closes_at=F("closes_at") + timedelta(days=3), **late
        )
        assert any("open for longer" in fault for fault in found()["ballots.rolls_are_frozen"])


def test_a_late_quorum_moves_the_close_and_is_no_fault(poll):
    vote = poll(4, quorum="1/2", late_quorum_hours=24)
    for n in range(2):
        vote.vote(n, "for", at=vote.ballot.closes_at - timedelta(minutes=5))
    vote.ballot.refresh_from_db()
    assert vote.ballot.extended_from and not found()


def test_a_vote_that_was_given_to_another_member(poll):
    vote, stranger = poll(5), join(1)[0]
    with unguarded():
        RollEntry.objects.filter(ballot=vote.ballot, place=1).update(membership=stranger)
        assert found() == {
            "ballots.rolls_are_frozen": ["ballot-1: a vote on the roll is not with the member whose number it has"]
        }


def of_the_roll(ballot):
    RollEntry.objects.filter(ballot=ballot, place=1).update(college="others")


def of_a_vote(ballot):
    Vote.objects.filter(pk=Vote.objects.filter(ballot=ballot, choice="1").first().pk).update(choice="2")


def of_a_vote_that_goes(ballot):
    votes = Vote.objects.filter(ballot=ballot, entry__place=1)
    votes._raw_delete(votes.db)


def of_who_took_part(ballot):
    rows = TookPart.objects.filter(ballot=ballot, entry__place=1)
    rows._raw_delete(rows.db)


def of_the_papers(ballot):
    Paper.objects.filter(ballot=ballot, choice="1").update(count=F("count") - 1)
    Paper.objects.filter(ballot=ballot, choice="2").update(count=F("count") + 1)


def of_the_board(ballot):
    board = Board.objects.get(ballot=ballot)
    Board.objects.filter(pk=board.pk).update(digests="\n".join(sorted(["0" * 64, *board.lines()[1:]])))


def of_the_root(ballot):
    Board.objects.filter(ballot=ballot).update(root="0" * 64)


def of_the_board_that_goes(ballot):
    rows = Board.objects.filter(ballot=ballot)
    rows._raw_delete(rows.db)


def of_the_result(ballot):
    Ballot.objects.filter(pk=ballot.pk).update(result={**ballot.result, "outcome": "rejected"})


def of_the_day(ballot):
    Ballot.objects.filter(pk=ballot.pk).update(closed_at=F("closed_at") + timedelta(days=1))


def of_the_signature(ballot):
    Ballot.objects.filter(pk=ballot.pk).update(signature=ballot.signature[::-1])


OPEN = (of_the_roll, of_a_vote, of_a_vote_that_goes, of_who_took_part, of_the_board, of_the_root, of_the_board_that_goes,
        of_the_result, of_the_day, of_the_signature)  # fmt: skip
SECRET = (of_the_roll, of_who_took_part, of_the_papers, of_the_board, of_the_root, of_the_board_that_goes, of_the_result,
          of_the_day, of_the_signature)  # fmt: skip


@pytest.mark.parametrize(
    ("secrecy", "change"),
    [*(("open", one) for one in OPEN), *(("secret", one) for one in SECRET)],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_any_row_of_a_counted_ballot_that_is_changed(poll, secrecy, change):
    vote = poll(6, secrecy=secrecy)
    for n in range(6):
        vote.vote(n, "against" if n == 1 else "for")
    ballot = vote.close()
    assert not found()
    with unguarded():
        change(ballot)
        assert any("ballot-1" in fault for faults in found().values() for fault in faults)


def test_one_that_cannot_be_counted_any_more_keeps_no_other_from_being_counted(poll):
    first, second = poll(5), poll(5)
    for vote in (first, second):
        vote.vote(0, "for")
    ballots = [first.close(), second.close()]
    with unguarded():
        of_the_board_that_goes(ballots[0])
        of_a_vote(ballots[1])
        faults = found()
    assert faults["ballots.boards_hold"][0] == f"{ballots[0].name}: its board is gone"
    assert f"{ballots[1].name}: counted again, it comes to something else" in faults["ballots.recounts_agree"]

"""A secret ballot: counted like any other, and nothing that stays leads from a voter to a vote."""

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.democracy.ballots.conftest import as_member
from toadlane.democracy.ballots import queries, tasks
from toadlane.democracy.ballots.models import Ballot, Board, Mark, Paper, RollEntry, Slip, TookPart, Vote
from toadlane.democracy.ballots.policies import sealing
from toadlane.democracy.ballots.services import errors, urn
from toadlane.democracy.counting.policies import receipts
from toadlane.plumbing.access.principals import Principal

VOTERS, VOTES = (Mark, TookPart), (Slip, Paper, Board)
CHOICES = ["for", "against", "for", "abstain", "for", "against"]


@pytest.fixture
def secret(poll):
    def make(count=8, choices=CHOICES, **terms):
        vote = poll(count, secrecy="secret", **terms)
        return vote, [vote.vote(n, choice) for n, choice in enumerate(choices)]

    return make


def test_it_is_counted_and_decides(secret):
    vote, _receipts = secret()
    tally = vote.close().result["judged"]["tally"]
    assert {key: tally[key] for key in ("for", "against", "abstain")} == {"for": 3, "against": 2, "abstain": 1}
    assert not Vote.objects.exists()


def test_whoever_has_voted_has_voted(secret):
    vote, _receipts = secret()
    with pytest.raises(errors.AlreadyVoted):
        vote.vote(0, "against")
    assert Slip.objects.filter(is_empty=False).count() == Mark.objects.filter(has_voted=True).count() == len(CHOICES)


def test_the_voter_finds_the_receipt_on_the_board_and_works_out_the_vote(secret):
    vote, given_out = secret()
    ballot = vote.close()
    board = ballot.board.lines()
    assert board == sorted(board) and receipts.root(board) == ballot.board.root == ballot.result["board"]["root"]
    for receipt, choice in zip(given_out, CHOICES, strict=True):
        text = {"for": "1", "against": "2", "abstain": "3"}[choice]
        assert receipts.ballot_hash(nonce=receipt.nonce, poll=ballot.hash, vote=text) == receipt.digest
        assert receipt.digest in board
    assert not any(receipt.nonce in str(row) for receipt in given_out for model in VOTES for row in model.objects.values())


def test_nothing_joins_voter_and_vote_in_the_schema():
    """No way of foreign keys leads from who voted to what was voted, but through the ballot that both belong to."""

    def reached(model, seen):
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(field, models.ForeignKey) and target is not Ballot and field.name != "coop" and target not in seen:
                seen.add(target)
                reached(target, seen)
        return seen

    of_voters = {one for model in VOTERS for one in reached(model, {model})}
    of_votes = {one for model in VOTES for one in reached(model, {model})}
    assert not of_voters & of_votes and RollEntry in of_voters
    into = {model for model in apps.get_models() for field in model._meta.concrete_fields if field.related_model in VOTES}
    assert not into, "something points at what was voted"
    timed = (models.DateTimeField, models.DateField, models.TimeField)
    assert not [f for model in (*VOTERS, *VOTES) for f in model._meta.concrete_fields if isinstance(f, timed)]


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


# What an engine keeps of its own about a row: where it lies, and which transaction wrote it.
SYSTEM = {"sqlite": "rowid", "postgresql": "ctid, xmin::text"}


@pytest.mark.django_db(transaction=True)
def test_stored_rows_of_an_open_ballot_say_nothing_of_order_or_moment(secret):
    """Votes came in by the order of the roll, each in a transaction of its own: no row and no column of the system shows it."""
    vote, _receipts = secret(8, ["for", "against"] * 4)
    system = SYSTEM[connection.vendor]
    opener = sealing.Opener(sealing.key_of(urn.settings.SECRET_KEY, vote.ballot.salt))
    slips = rows(f"SELECT id, drawer, sealed, {system} FROM ballots_slip ORDER BY {system.partition(',')[0]}")
    marks = rows(f"SELECT id, place, has_voted, {system} FROM ballots_mark ORDER BY {system.partition(',')[0]}")
    assert len({len(bytes(row[2])) for row in slips}) == 1, "the length of an envelope says what is in it"
    if connection.vendor == "postgresql":
        # With each vote all of a small roll were written again: one transaction holds them all, and says nothing.
        assert len({row[-1] for row in slips} | {row[-1] for row in marks}) == 1
    assert [row[1] for row in marks] == list(range(1, 9))
    read = [opener.open(bytes(row[2])).split("\n")[3] for row in slips]
    assert Counter(read) == {"1": 4, "2": 4}


@pytest.mark.django_db(transaction=True)
def test_slips_change_their_places_with_every_vote(secret):
    """The one slip that says something else lies everywhere in turn: by its drawer, and by where the engine keeps the row."""
    vote, _receipts = secret(8, ["for"] + ["against"] * 7)
    opener = sealing.Opener(sealing.key_of(urn.settings.SECRET_KEY, vote.ballot.salt))
    first = SYSTEM[connection.vendor].partition(",")[0]
    drawers, places = set(), set()
    for _ in range(80):
        with transaction.atomic():
            urn.stir_slips(vote.ballot, [])
        for place, (drawer, sealed) in enumerate(rows(f"SELECT drawer, sealed FROM ballots_slip ORDER BY {first}")):
            if opener.open(bytes(sealed)).endswith("\n1"):
                drawers.add(drawer)
                places.add(place)
    assert drawers == set(range(1, 9)) and places == set(range(8))


def log_of_the_engine():
    return Path(f"{connection.settings_dict['NAME']}-wal")


@pytest.mark.django_db(transaction=True)
def test_the_engine_keeps_no_earlier_versions_of_an_urn(secret):
    """Before, the log beside the database held each moment of the vote: which mark was set, and which slip came with it."""
    vote, _receipts = secret(8, [])
    for n in range(6):
        vote.vote(n, "for" if n % 2 else "against")
        if connection.vendor == "sqlite":
            assert not log_of_the_engine().stat().st_size
    salt = vote.ballot.salt.encode()
    vote.close()
    if connection.vendor == "sqlite":
        assert rows("PRAGMA secure_delete") == [(1,)]
        log = log_of_the_engine().read_bytes()
        assert salt not in Path(connection.settings_dict["NAME"]).read_bytes() + log
    else:
        assert rows("SELECT pg_relation_size('ballots_slip') + pg_relation_size('ballots_mark')") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_who_reads_meanwhile_delays_it_and_the_timer_makes_up_for_it(secret, at):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite's log")
    vote, _receipts = secret(8, [])
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM ballots_mark").fetchone()
    vote.vote(0, "for")
    assert log_of_the_engine().stat().st_size
    reader.close()
    tasks.tidy_urns(by=Principal.job(vote.ballot.coop_id), at=at)
    assert not log_of_the_engine().stat().st_size


@pytest.mark.django_db(transaction=True)
def test_stored_rows_of_a_closed_ballot_are_sorted_and_of_one_moment(secret):
    vote, given_out = secret(8, ["for", "against", "abstain", "against", "for", "for"])
    ballot = vote.close()
    assert not Slip.objects.exists() and not Mark.objects.exists()
    first = SYSTEM[connection.vendor].partition(",")[0]
    papers = rows(f"SELECT choice, count FROM ballots_paper ORDER BY {first}")
    assert papers == [("1", 3), ("2", 2), ("3", 1)]
    places = rows(f"SELECT e.place FROM ballots_tookpart t JOIN ballots_rollentry e ON e.id = t.entry_id ORDER BY t.{first}")
    assert [place for (place,) in places] == sorted(place for (place,) in places)
    if connection.vendor == "postgresql":
        written = {xmin for table in ("paper", "tookpart") for (xmin,) in rows(f"SELECT xmin::text FROM ballots_{table}")}
        assert len(written) == 1
    assert ballot.salt == "" and len(given_out) == 6


def test_nothing_is_revealed_while_it_is_open(secret):
    vote, _receipts = secret()
    assert queries.counted(vote.ballot) == []
    for sql in (
        "INSERT INTO ballots_paper (coop_id, ballot_id, college, weight, choice, count) "
        "SELECT coop_id, id, '', 1, '1', 3 FROM ballots_ballot",
        "INSERT INTO ballots_board (coop_id, ballot_id, digests, count, root) SELECT coop_id, id, '', 0, '' FROM ballots_ballot",
        "UPDATE ballots_ballot SET result = '{}'", "UPDATE ballots_ballot SET salt = 'known'", "DELETE FROM ballots_slip",
        "DELETE FROM ballots_mark", "UPDATE ballots_mark SET has_voted = (0 = 1)", "UPDATE ballots_mark SET place = place + 100",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            rows(sql)


def test_a_slip_opens_with_the_servers_secret_alone(secret, settings):
    vote, _receipts = secret()
    sealed = bytes(Slip.objects.filter(is_empty=False)[0].sealed)
    other = sealing.Opener(sealing.key_of("another secret", vote.ballot.salt))
    with pytest.raises(sealing.Unopenable):
        other.open(sealed)
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(sealing.key_of(settings.SECRET_KEY, sealing.new_salt())).open(sealed)


def test_a_small_roll_is_warned_that_it_hides_little(poll):
    assert queries.procedure_of(poll(4, secrecy="secret").ballot).hides_little(4)


def test_in_a_larger_roll_only_some_are_stirred_and_each_vote_is_there(secret):
    vote, _receipts = secret(120, ["for", "against"] * 30)
    assert vote.close().result["judged"]["tally"]["for"] == 30


@pytest.mark.parametrize("secrecy", ["open", "secret"])
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_cast_and_changed_the_votes_counted_are_those_who_voted(poll, secrecy, data):
    """Property: after any sequence of votes, changes and refusals, papers and people agree, and every last word counts."""
    with transaction.atomic():
        size = data.draw(st.integers(2, 9))
        vote, last = poll(size, secrecy=secrecy), {}
        for n, choice in data.draw(st.lists(st.tuples(st.integers(0, size - 1), st.sampled_from(CHOICES)), max_size=20)):
            try:
                vote.vote(n, choice)
                last[n] = choice
            except errors.AlreadyVoted:
                assert secrecy == "secret" and n in last
        ballot = vote.close()
        counted = queries.counted(ballot)
        assert sum(one.count for one in counted) == TookPart.objects.count() == ballot.board.count == len(last)
        tally = ballot.result["judged"]["tally"]
        assert Counter(last.values()) == {k: tally[k] for k in ("for", "against", "abstain") if tally[k]}
        took_part = set(TookPart.objects.values_list("entry__membership_id", flat=True))
        assert took_part == {vote.voters[n].pk for n in last}
        transaction.set_rollback(True)


def test_a_voter_is_told_only_that_they_voted(secret):
    vote, _receipts = secret()
    (entry,) = queries.my_entries(vote.ballot, as_member(vote.voters[0]))
    assert RollEntry.objects.filter(queries.has_voted(), pk=entry.pk).exists()

"""Decisions that are talked out: what was said stays, an objection stops, silence says only where it was announced to."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import as_member
from toadlane.democracy.ballots import queries, services, tasks
from toadlane.democracy.ballots.models import Ballot, Said, TookPart
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.ballots.queries.talks import AskFirst
from toadlane.democracy.ballots.services import errors
from toadlane.democracy.counting.policies import consent
from toadlane.democracy.proposals.models import Decision
from toadlane.plumbing.access.principals import Principal

NONE = {"threshold": None, "op": None, "of": None}
CONSENT = NONE | {"kind": "consent", "quorum": "1/2"}


def say(vote, n, act, text="", about="", at=None):
    return services.say(ballot=vote.ballot, act=act, text=text, about=about, by=as_member(vote.voters[n]), at=at or vote.at)


def stands(vote, at=None):
    return queries.stands(vote.ballot, queries.said_in(vote.ballot), at=at or vote.at)


def test_all_consent_and_it_is_over(poll, inside):
    vote = poll(3, **CONSENT)
    for n in range(3):
        say(vote, n, "consent")
    run_jobs()
    tasks.close_ballots(by=Principal.job(inside.pk), at=vote.at + timedelta(hours=1))
    ballot = Ballot.objects.get()
    assert ballot.state == "closed" and Decision.objects.get().outcome == "passed" and TookPart.objects.count() == 3


def test_one_reasoned_objection_stops_it(poll):
    vote = poll(3, **CONSENT)
    say(vote, 0, "consent")
    with pytest.raises(consent.ObjectionWithoutReason):
        say(vote, 1, "object")
    say(vote, 1, "object", "It breaks the pay floor.")
    assert vote.close().result["outcome"] == "blocked" and Decision.objects.get().outcome == "blocked"
    assert Said.objects.count() == 2, "what makes no sense is not written down"


def test_an_amendment_voids_what_was_said_before(poll):
    vote = poll(3, **CONSENT)
    say(vote, 1, "consent")
    say(vote, 2, "object", "It breaks the pay floor.")
    say(vote, 0, "amend", "Not below the pay floor.")
    assert (stands(vote).round, stands(vote).awaited) == (2, ("1", "2", "3"))
    for n in range(3):
        say(vote, n, "consent")
    assert vote.close().result["outcome"] == "passed"


def test_only_who_leads_amends(poll):
    vote = poll(3, **CONSENT)
    with pytest.raises(errors.NotSo):
        say(vote, 1, "amend", "Otherwise.")


def test_a_taste_is_not_paramount_once_another_says_so_too(poll):
    vote = poll(3, **CONSENT)
    say(vote, 0, "consent")
    say(vote, 1, "object", "I prefer blue.")
    with pytest.raises(consent.OwnObjection):
        say(vote, 1, "not_paramount", about="2")
    say(vote, 2, "not_paramount", about="2")
    say(vote, 0, "second_not_paramount", about="2")
    say(vote, 2, "consent")
    ballot = vote.close()
    assert ballot.result["why"] == "passed_with_concern" and ballot.result["talk"]["concerns"] == {"2": "I prefer blue."}


def test_what_could_not_be_settled_goes_to_a_vote(poll, inside):
    vote = poll(3, **CONSENT, fallback="simple")
    say(vote, 1, "object", "It breaks the pay floor.")
    first = vote.close()
    assert first.result["next_round"] and not Decision.objects.exists()
    tasks.open_ballots(by=Principal.job(inside.pk), at=first.closed_at)
    second = Ballot.objects.get(round=2)
    assert (second.method, second.procedure_name) == ("majority", "simple")


def test_silence_passes_where_it_was_announced_to(poll):
    vote = poll(3, **NONE, kind="lazy", hours=72)
    assert vote.ballot.closes_at == vote.ballot.opens_at + timedelta(hours=72)
    assert vote.close().result["outcome"] == "passed"


def test_two_who_want_a_full_decision_have_it(poll, inside):
    vote = poll(3, **NONE, kind="lazy", hours=72, fallback="simple")
    say(vote, 0, "escalate")
    assert not queries.settled(vote.at)
    say(vote, 1, "escalate")
    run_jobs()
    assert [ballot.pk for ballot in queries.settled(vote.at)] == [vote.ballot.pk]
    tasks.close_ballots(by=Principal.job(inside.pk), at=vote.at + timedelta(hours=24))
    assert Ballot.objects.get().result["next_round"]


def test_advice_is_asked_before_somebody_decides_alone(poll):
    vote = poll(3, **NONE, kind="advice", answer_days=3)
    with pytest.raises(AskFirst):
        say(vote, 0, "decide", about="for")
    for about in ("1", "2", "3", "Xenia, electrician"):
        say(vote, 0, "ask", "What would you do?", about=about)
    with pytest.raises(errors.NotSo):
        say(vote, 1, "answer", "Not now.", about="3")
    say(vote, 1, "answer", "Not now.", about="2")
    say(vote, 0, "answer", "The cable carries it.", about="Xenia, electrician")
    with pytest.raises(AskFirst):
        say(vote, 0, "decide", about="for")
    say(vote, 0, "decide", about="for", at=vote.at + timedelta(days=3))
    assert vote.close().result["outcome"] == "passed"


def test_an_election_without_candidates(poll):
    vote = poll(5, **NONE, kind="selection")
    for n, named in enumerate(["3", "3", "4", "4", "3"]):
        say(vote, n, "nominate", "Reliable.", about=named)
    say(vote, 2, "change", about="3")
    assert stands(vote).tally == {"3": 4, "4": 1}
    say(vote, 0, "propose", about="3")
    for n in (0, 1, 3, 4, 2):
        say(vote, n, "consent")
    ballot = vote.close()
    assert ballot.result["elected"] == [str(vote.voters[2].person_id)] and ballot.result["outcome"] == "passed"
    assert results.elected(ballot) == [vote.voters[2].name]


def test_what_was_said_stays_and_ends_with_the_close(poll, wheels):
    vote = poll(3, **CONSENT)
    say(vote, 1, "consent", "Good.")
    for sql in ("UPDATE ballots_said SET text = 'Bad.'", "DELETE FROM ballots_said"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(errors.NotOpen):
        say(vote, 1, "consent", at=vote.ballot.closes_at)
    vote.close()
    sql = (
        "INSERT INTO ballots_said (coop_id, ballot_id, number, person_id, name, act, about, text, at) "
        "SELECT coop_id, ballot_id, 9, person_id, name, act, about, text, at FROM ballots_said"
    )
    with pytest.raises(DatabaseError, match="no more words"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_vote_is_not_cast_where_it_is_talked_out(poll):
    vote = poll(3, **CONSENT)
    with pytest.raises(errors.NotSo):
        vote.vote(1, "for")

"""From the opening of a ballot to the decision: what is frozen, who votes, and what comes of it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import SIMPLE, as_member, join, propose, rules
from toadlane.democracy.ballots import queries, services, tasks
from toadlane.democracy.ballots.models import Ballot, RollEntry, TookPart, Vote
from toadlane.democracy.ballots.policies.recounting import roll_digest
from toadlane.democracy.ballots.services import errors, roll
from toadlane.democracy.proposals import services as proposals
from toadlane.democracy.proposals.models import Decision, Proposal, Stage
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.members.models import Delegate, Membership, Organisation, Standing
from toadlane.society.people.models import Person


def test_a_majority_decides(poll):
    vote = poll(5)
    for n, choice in enumerate(["for", "for", "against", "abstain"]):
        vote.vote(n, choice)
    ballot = vote.close()
    assert ballot.state == "closed" and ballot.result["outcome"] == "passed"
    decision = Decision.objects.get()
    assert decision.outcome == "passed" and decision.result["ballot"] == ballot.name
    assert {key: decision.figures[key] for key in ("eligible", "voted", "for", "against", "abstain")} == {
        "eligible": 5, "voted": 4, "for": 2, "against": 1, "abstain": 1,
    }  # fmt: skip
    ballot.proposal.refresh_from_db()
    assert ballot.proposal.stage == Stage.COOLING


@pytest.mark.parametrize(("votes", "outcome"), [("fa", "rejected"), ("ffa", "passed"), ("faa", "rejected"), ("", "rejected")])
def test_more_than_half_is_more_than_half(poll, votes, outcome):
    vote = poll(5)
    for n, letter in enumerate(votes):
        vote.vote(n, {"f": "for", "a": "against"}[letter])
    assert vote.close().result["outcome"] == outcome


def test_too_few_decide_nothing(poll):
    vote = poll(5, quorum={"fraction": "1/2", "op": "gt"})
    vote.vote(0, "for")
    vote.vote(1, "for")
    assert vote.close().result["outcome"] == "expired"
    assert Decision.objects.get().outcome == "expired"


def test_what_is_asked_is_frozen_hashed_and_signed(poll):
    vote = poll(3)
    ballot = vote.ballot
    assert ballot.hash == canonical.digest(ballot.frozen)
    assert ballot.roll_hash == roll_digest(entry.line() for entry in RollEntry.objects.order_by("place"))
    assert ballot.frozen["roll"]["hash"] == ballot.roll_hash and ballot.frozen["bylaws"]["version"] == ballot.bylaws_version
    vote.vote(0, "for")
    closed = vote.close()
    assert closed.result_hash == canonical.digest(closed.result) and closed.result["ballot_hash"] == ballot.hash
    assert signatures.is_signed(closed.result_hash, closed.signature, closed.key_id)


def test_what_was_voted_on_is_not_swapped_in_the_database(poll):
    """It cannot be taken back to be written again; and were it swapped all the same, the votes would decide nothing."""
    vote = poll(1)
    vote.vote(0, "for")
    mine = Proposal.objects.filter(pk=vote.ballot.proposal_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        mine.update(stage="proposal")
    proposal, ballot = mine.get(), vote.ballot
    frozen = ballot.frozen["proposal"]["hash"]
    outcome = {"state": "passed", "figures": {}, "content_hash": "0" * 64}
    with pytest.raises(proposals.Changed):
        proposals.decide(proposal=proposal, outcome=outcome, by=Principal.job(ballot.coop_id), at=ballot.closes_at)
    assert proposal.content_hash == frozen and vote.close().result["outcome"] == "passed"


def test_opened_twice_it_is_one_ballot(poll, inside, at):
    vote = poll(3)
    again = services.open_ballot(proposal=vote.ballot.proposal, by=Principal.job(inside.pk), at=at)
    assert again.pk == vote.ballot.pk and Ballot.objects.count() == 1


def test_a_vote_can_be_changed_until_the_close(poll):
    vote = poll(3)
    vote.vote(0, "against")
    vote.vote(0, "for")
    assert Vote.objects.count() == 1
    assert vote.close().result["judged"]["tally"]["for"] == 1


def test_a_vote_that_stands_cannot_be_changed(poll):
    vote = poll(3, replaceable=False)
    vote.vote(0, "for")
    with pytest.raises(errors.CannotChange):
        vote.vote(0, "against")


def test_the_last_instant_is_in_time_and_the_close_is_not(poll):
    vote = poll(3)
    vote.vote(0, "for", at=vote.ballot.closes_at - timedelta(microseconds=1))
    with pytest.raises(errors.NotOpen):
        vote.vote(1, "for", at=vote.ballot.closes_at)


def test_nobody_closes_it_before_its_time(poll, inside):
    vote = poll(3)
    early = vote.ballot.closes_at - timedelta(microseconds=1)
    with pytest.raises(errors.NotOpen):
        services.close(ballot=vote.ballot, by=Principal.job(inside.pk), at=early)


def test_only_whose_vote_it_is_casts_it(poll, board):
    vote = poll(3)
    entry = RollEntry.objects.order_by("place")[0]
    for by in (as_member(vote.voters[1]), board):
        with pytest.raises(Refused):
            services.cast(ballot=vote.ballot, entry=entry, choice="for", by=by, at=vote.at)


def test_somebody_from_another_coop_sees_and_casts_nothing(poll, wheels, charlie):
    vote = poll(3)
    entry = RollEntry.objects.order_by("place")[0]
    with scope(wheels.pk):
        by = as_member(Membership.objects.get(person=charlie))
        assert queries.find(vote.ballot.number) is None
        with pytest.raises(Refused):
            services.cast(ballot=vote.ballot, entry=entry, choice="for", by=by, at=vote.at)


def test_whoever_is_suspended_after_the_roll_froze_still_votes(poll):
    vote = poll(3)
    Membership.objects.filter(pk=vote.voters[0].pk).update(standing=Standing.SUSPENDED)
    vote.vote(0, "for")
    assert Vote.objects.count() == 1


def test_a_vote_nobody_was_told_of_is_void(poll, inside):
    vote = poll(3)
    vote.vote(0, "for")
    ballot = services.close(ballot=vote.ballot, by=Principal.job(inside.pk), at=vote.ballot.closes_at)
    assert (ballot.state, ballot.result["why"]) == ("void", "notice")
    assert Decision.objects.get().outcome == "void" and not TookPart.objects.exists()


def test_nobody_on_the_roll_opens_nothing(inside, at):
    author = join(1, "worker")[0]
    rules(procedures={"tried": SIMPLE | {"roll": {"who": "members", "min_months": 600}}})
    with pytest.raises(errors.EmptyRoll):
        services.open_ballot(proposal=propose(author, at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ("UPDATE ballots_ballot SET question = 'Another'", "frozen when it opens"),
        ("UPDATE ballots_ballot SET method = 'schulze'", "frozen when it opens"),
        ("UPDATE ballots_ballot SET closes_at = opens_at", "never less"),
        ("UPDATE ballots_ballot SET state = 'closed', signature = 'x'", "never back"),
        ("UPDATE ballots_rollentry SET weight = 2", "append-only"),
        ("DELETE FROM ballots_rollentry", "append-only"),
        ("INSERT INTO ballots_rollentry (coop_id, ballot_id, place, membership_id, number, seat, member_class, college, weight) "
         "SELECT coop_id, ballot_id, 99, membership_id, 99, 9, member_class, college, 1 FROM ballots_rollentry WHERE place = 1",
         "a roll is frozen"),
        ("DELETE FROM ballots_vote", "never deleted"),
        ("DELETE FROM ballots_ballot", "never deleted"),
        ("INSERT INTO ballots_tookpart (coop_id, ballot_id, entry_id) SELECT coop_id, ballot_id, id FROM ballots_rollentry",
         "before the ballot closes"),
    ],
)  # fmt: skip
def test_the_database_refuses_to_move_an_open_ballot(poll, sql, because):
    vote = poll(3)
    vote.vote(0, "for")
    with pytest.raises(DatabaseError, match=because), transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql", ["UPDATE ballots_vote SET choice = '2'", "UPDATE ballots_ballot SET result_hash = ''", "DELETE FROM ballots_tookpart",
            "UPDATE ballots_board SET digests = ''"]
)  # fmt: skip
def test_the_database_refuses_to_move_a_counted_ballot(poll, sql):
    vote = poll(3)
    vote.vote(0, "for")
    vote.close()
    with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(sql)


def test_closed_twice_it_is_counted_once(poll, inside):
    vote = poll(3)
    vote.vote(0, "for")
    ballot = vote.close()
    again = services.close(ballot=ballot, by=Principal.job(inside.pk), at=ballot.closes_at + timedelta(hours=1))
    assert again.result_hash == ballot.result_hash and Decision.objects.count() == 1


def organisation(name: str, persons: list[Person], member_class: str = "co_op") -> Membership:
    body = Organisation.objects.create(name=name)
    number = Membership.objects.count() + 500
    row = Membership.objects.create(
        organisation=body, member_class=member_class, standing=Standing.ACTIVE, joined_on=date(2026, 1, 1), number=number
    )
    for person in persons:
        Delegate.objects.create(membership=row, person=person, since=date(2026, 1, 1))
    return row


def two_delegates(inside, at):
    people = Person.objects.bulk_create([Person(email=f"d{n}@x.test", name=f"Delegate {n}") for n in range(4)])
    coop_b = organisation("Harbour Hands", people[:3])
    classes = [
        {
            "id": "co_op",
            "names": {"en": "Co-op"},
            "who": ["organisation"],
            "rights": ["vote"],
            "college": "co_ops",
            "delegates": 2,
        },
        {"id": "worker", "names": {"en": "Worker"}, "who": ["person"], "rights": ["see_books"], "college": "workers"},
    ]  # fmt: skip
    rules(classes=classes, procedures={"tried": SIMPLE})
    ballot = services.open_ballot(proposal=propose(join(1)[0], at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    return ballot, coop_b, people


def test_two_delegates_of_each_coop_have_a_vote_each(inside, at):
    ballot, coop_b, people = two_delegates(inside, at)
    mine = RollEntry.objects.filter(ballot=ballot, membership=coop_b).order_by("seat")
    assert [entry.person_id for entry in mine] == [people[0].pk, people[1].pk]
    assert not RollEntry.objects.filter(ballot=ballot, member_class="worker").exists()
    by = Principal.job(None)
    for person, may in ((people[0], True), (people[2], False)):
        by = as_person(person)
        assert bool(queries.my_entries(ballot, by)) is may


def as_person(person):
    return members.principal(person_id=person.pk, channel=Channel.WEB)


def test_any_delegate_marks_the_one_vote_of_an_organisation(inside, at):
    people = Person.objects.bulk_create([Person(email=f"d{n}@x.test", name=f"Delegate {n}") for n in range(2)])
    organisation("Harbour Hands", people)
    rules(procedures={"tried": SIMPLE})
    ballot = services.open_ballot(proposal=propose(join(1)[0], at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    for person, choice in zip(people, ("for", "against"), strict=True):
        by = as_person(person)
        (entry,) = queries.my_entries(ballot, by)
        services.cast(ballot=ballot, entry=entry, choice=choice, by=by, at=at)
    assert Vote.objects.count() == 1 and Vote.objects.get().choice == "2"


def test_somebody_in_two_classes_has_one_vote(inside, at):
    worker = join(1)[0]
    Membership.objects.create(
        person=worker.person, member_class="co_op", standing=Standing.ACTIVE, joined_on=date(2026, 1, 1), number=4000
    )
    rules(procedures={"tried": SIMPLE})
    ballot = services.open_ballot(proposal=propose(worker, at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    assert RollEntry.objects.filter(ballot=ballot, person=worker.person).count() == 1


def test_the_roll_keeps_tenure_and_arrears(inside, at):
    old, new, owing = (join(1, joined=day)[0] for day in (date(2026, 12, 1), date(2026, 12, 2), date(2026, 1, 1)))
    Membership.objects.filter(pk=owing.pk).update(in_arrears_since=date(2027, 3, 1))
    table = {"who": "members", "classes": ["worker"], "min_months": 3, "arrears_block": True}
    rules(procedures={"tried": SIMPLE | {"roll": table}})
    ballot = services.open_ballot(proposal=propose(old, at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    assert set(ballot.entries.values_list("membership_id", flat=True)) == {old.pk}
    assert not {new.pk, owing.pk} & set(ballot.entries.values_list("membership_id", flat=True))


def test_whom_it_is_about_is_not_on_the_roll(poll, at):
    vote = poll(3)
    kept = {field.attname: getattr(vote.ballot, field.attname) for field in Ballot._meta.concrete_fields}
    kept |= {"id": None, "number": 99, "round": 2, "state": "preparing", "closed_at": None}
    prepared = Ballot.objects.create(**kept)
    concerned = vote.voters[1].pk
    roll.freeze(ballot=prepared, procedure=queries.procedure_of(vote.ballot), excluded={concerned}, at=at)
    assert set(prepared.entries.values_list("membership_id", flat=True)) == {one.pk for one in vote.voters} - {concerned}


def test_a_board_votes_alone_one_vote_a_head(inside, at, bob):
    rules(procedures={"tried": SIMPLE | {"roll": "board"}})
    ballot = services.open_ballot(proposal=propose(join(1)[0], at, procedure="tried"), by=Principal.job(inside.pk), at=at)
    assert list(ballot.entries.values_list("person_id", "seat")) == [(bob.pk, 1)]


def test_a_vote_that_cannot_be_counted_keeps_no_other_from_its_close(poll, at, monkeypatch):
    one, other = poll(2), poll(2, member_class="co_op")
    run_jobs()
    close = services.close

    def stumbles(*, ballot, by, at):
        if ballot.pk == one.ballot.pk:
            raise ArithmeticError("not by adding up")
        return close(ballot=ballot, by=by, at=at)

    monkeypatch.setattr(services, "close", stumbles)
    with pytest.raises(ArithmeticError):
        tasks.close_ballots(by=Principal.job(one.ballot.coop_id), at=one.ballot.closes_at)
    assert [Ballot.objects.get(pk=vote.ballot.pk).state for vote in (one, other)] == ["open", "closed"]

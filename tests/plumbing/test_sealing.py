"""What was written down for good is sealed: whoever takes the database's refusals down and rewrites it is named."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, Q, Value

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import join, propose
from tests.democracy.proposals.conftest import change
from toadlane.democracy.ballots import services as ballots
from toadlane.democracy.ballots.models import Delegation, VotesAs
from toadlane.democracy.proposals import services as proposals
from toadlane.democracy.proposals.models import Contribution, Moment, Support
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sealing import queries, registry, services
from toadlane.plumbing.sealing.models import RecordSeal, SealedPart
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws.models import Signature
from toadlane.society.members import services as membership
from toadlane.society.members.models import Delegate, Membership, Office, RegisterLine
from toadlane.society.messaging.models import Announcement, Notice


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def unguarded():
    refusals.remove()
    yield
    refusals.install()


@pytest.fixture
def proposal(worker, at, job, inside):
    """A proposal that is talked about, with a name and a word under it, told to everybody, and sealed an hour later."""
    found = proposals.propose(
        title="Raise the fee to 6 %", contents=[change(set="0.06")], by=worker, at=at - timedelta(days=1)
    )  # fmt: skip
    proposals.say(proposal=found, side="for", text="It pays for the phone.", by=worker, at=at)
    proposals.tell_of_talk(proposal=found, by=job, at=at)
    services.seal(by=job, at=at + timedelta(hours=1))
    assert not found_faults()
    return found


def found_faults():
    told = invariants.verify_coop()
    return [*told["sealing.seals_are_a_chain"].faults, *told["sealing.records_are_what_was_sealed"].faults]


def gone(rows):
    rows._raw_delete(rows.db)


def test_what_was_dated_is_sealed_once(proposal, job, at):
    assert RecordSeal.objects.get().parts.keys() >= {
        "proposals.moments", "proposals.supports", "proposals.contributions", "messaging.notices", "bylaws.versions",
    }  # fmt: skip
    assert services.seal(by=job, at=at + timedelta(hours=1)) == 0
    assert services.seal(by=job, at=at + timedelta(hours=2)) == 0
    assert RecordSeal.objects.count() == 1
    # After a day without anything it says that nothing was there.
    assert services.seal(by=job, at=at + timedelta(hours=25)) == 0
    assert [seal.parts != {} for seal in RecordSeal.objects.order_by("number")] == [True, False]
    assert not found_faults()


def test_of_two_workers_that_read_the_same_one_seals(proposal, job, at, monkeypatch):
    """The other finds a seal behind the one it began at, and leaves it to the next hour."""
    read, later = registry.Source.rows, at + timedelta(days=2)

    def slowly(source, **when):
        monkeypatch.undo()
        assert services.seal(by=job, at=later) >= 0
        return read(source, **when)

    monkeypatch.setattr(registry.Source, "rows", slowly)
    assert services.seal(by=job, at=later) == 0
    assert [one.number for one in RecordSeal.objects.order_by("number")] == [1, 2] and not found_faults()


def test_only_the_clock_seals(worker, at):
    with pytest.raises(Expected):
        services.seal(by=worker, at=at)


@pytest.mark.parametrize(
    ("model", "fields", "source"),
    [
        (Support, {"name": "Somebody Else"}, "proposals.supports"),
        (Support, {"member_class": "clients"}, "proposals.supports"),
        (Contribution, {"text": "I never said this."}, "proposals.contributions"),
        (Contribution, {"side": "against"}, "proposals.contributions"),
        (Moment, {"name": "Nobody"}, "proposals.moments"),
        (Announcement, {"context": {"title": "Something else"}}, "messaging.announcements"),
    ],
)
def test_a_row_that_says_something_else(proposal, unguarded, model, fields, source):
    model.objects.update(**fields)
    assert {fault.rpartition(" ")[0] for fault in found_faults()} == {
        f"{source} {pk} is not what was" for pk in model.objects.values_list("pk", flat=True)
    }


@pytest.mark.parametrize("model", [Support, Contribution, Moment, Notice])
def test_a_row_that_is_gone(proposal, unguarded, model):
    last = model.objects.order_by("-pk").first()
    gone(model.objects.filter(pk=last.pk))
    assert f"{last.pk} was sealed, and is gone" in found_faults()[0]


def test_a_signature_under_the_founding_act_that_is_gone(proposal, unguarded):
    signed = Signature.objects.order_by("-pk").first()
    gone(Signature.objects.filter(pk=signed.pk))
    assert found_faults() == [f"bylaws.signatures {signed.pk} was sealed, and is gone"]


def test_a_row_that_was_given_another_day(proposal, unguarded, at):
    said = Contribution.objects.get()
    Contribution.objects.update(said_at=at - timedelta(hours=3))
    assert found_faults() == [f"proposals.contributions {said.pk} is not what was sealed"]
    Contribution.objects.update(said_at=at + timedelta(days=3))
    assert found_faults() == [f"proposals.contributions {said.pk} was sealed, and is gone"]


def test_a_row_between_two_seals_that_changes_its_place(proposal, job, worker, unguarded, at):
    services.seal(by=job, at=at + timedelta(days=2))
    Contribution.objects.update(said_at=at + timedelta(days=1))
    assert found_faults() == [f"proposals.contributions {Contribution.objects.get().pk} was sealed, and is dated otherwise now"]


def test_a_name_or_a_delegation_that_was_put_in_afterwards(proposal, at):
    giver, receiver = join(2)
    Support.objects.create(
        proposal=proposal, membership=giver, person=giver.person, name="x", member_class="worker", at=at
    )  # fmt: skip
    Delegation.objects.create(giver=giver, receiver=receiver, given_at=at)
    faults = found_faults()
    assert len(faults) == 2 and all("was put in afterwards" in fault for fault in faults)
    assert faults[0].startswith("ballots.delegations") and faults[1].startswith("proposals.supports")


def test_what_comes_after_the_seal_is_no_fault(proposal, worker, at):
    proposals.say(proposal=proposal, side="against", text="And who pays it?", by=worker, at=at + timedelta(hours=1))
    assert not found_faults()


def test_a_seal_that_was_rewritten(proposal, unguarded):
    part = SealedPart.objects.get(source="proposals.contributions")
    pk, _digest = part.lines()[0]
    SealedPart.objects.filter(pk=part.pk).update(digests=f"{pk} {'0' * registry.LENGTH}")
    assert any("does not stand for the digests" in fault for fault in found_faults())


def test_a_seal_made_anew_without_the_key(proposal, unguarded):
    seal = RecordSeal.objects.get()
    seal.parts = {**seal.parts, "proposals.contributions": {"count": 0, "root": ""}}
    RecordSeal.objects.filter(pk=seal.pk).update(parts=seal.parts, hash=canonical.digest(seal.contents()))
    assert "seal 1 of the records is not signed by a key of this server" in found_faults()


def test_a_seal_that_is_gone_from_the_middle(proposal, job, unguarded, at):
    services.seal(by=job, at=at + timedelta(days=2))
    SealedPart.objects.filter(seal__number=1)._raw_delete("default")
    RecordSeal.objects.filter(number=1)._raw_delete("default")
    assert "seal 2 of the records is not what it was, or one before it is gone" in found_faults()


def test_the_database_keeps_a_seal_as_it_is(proposal):
    for sentence in ("UPDATE sealing_recordseal SET until = until", "DELETE FROM sealing_sealedpart"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sentence)


def test_another_co_op_is_sealed_by_itself(proposal, wheels):
    with scope(wheels.pk):
        assert not RecordSeal.objects.exists() and not found_faults()


def test_an_office_a_delegate_or_a_class_that_was_rewritten_is_named(proposal, job, unguarded, at):
    house = join(1, "co_op")[0]
    Membership.objects.filter(pk=house.pk).update(accepted_at=at)
    office = Office.objects.create(person=house.person, office="board", since=at.date(), named_by="2027-1")
    delegate = Delegate.objects.create(membership=house, person=house.person, since=at.date())
    services.seal(by=job, at=at + timedelta(days=3))
    Office.objects.filter(pk=office.pk).update(ended_on=(at + timedelta(days=3)).date())
    Delegate.objects.filter(pk=delegate.pk).update(ended_on=(at + timedelta(days=3)).date())
    services.seal(by=job, at=at + timedelta(days=6))
    assert not [fault for fault in found_faults() if "members.agreed" not in fault], "an end is no change of what was"
    Office.objects.filter(pk=office.pk).update(office="treasurer")
    Delegate.objects.filter(pk=delegate.pk).update(ended_on=None)
    Membership.objects.filter(pk=house.pk).update(member_class="worker")
    faults = " ".join(found_faults())
    assert f"members.offices {office.pk} is not what was sealed" in faults
    assert f"members.delegates_ended {delegate.pk} was sealed, and is gone" in faults
    assert f"members.agreed {house.pk}" in faults


def test_a_day_is_sealed_only_once_it_is_over_everywhere(proposal, job, at):
    known = set(SealedPart.objects.filter(source="members.offices").values_list("digests", flat=True))
    assert known == {""}, "the day on which the founders were named is not over"
    services.seal(by=job, at=at + timedelta(days=1))
    Office.objects.create(person=join(1)[0].person, office="mediator", since=at.date(), named_by="2027-1")
    services.seal(by=job, at=at + timedelta(days=3))
    assert not found_faults()


def test_what_the_software_learns_to_seal_is_sealed_from_its_beginning_and_is_no_fault_before(
    proposal, job, unguarded, at, monkeypatch
):
    new = registry.Source("members.learned", Office, ("office",), Value(at, output_field=DateTimeField()), Q())
    monkeypatch.setitem(registry._sources, "members.learned", new)
    assert not found_faults(), "nothing of it was sealed, and nothing is said of it"
    services.seal(by=job, at=at + timedelta(hours=3))
    assert not found_faults() and SealedPart.objects.get(source="members.learned").seal.number == 2
    Office.objects.update(office="king")
    assert found_faults()


@pytest.fixture
def remembered(django_capture_on_commit_callbacks, inside):
    """Let seals be remembered beside the keys, as they are once they are committed, and forget them in the end."""
    yield lambda: django_capture_on_commit_callbacks(execute=True)
    queries.heads_file(inside.pk).unlink(missing_ok=True)


def test_the_last_seals_cannot_be_taken_away_unseen(inside, worker, job, unguarded, at, remembered):
    with remembered():
        for hours in (1, 30, 60):
            services.seal(by=job, at=at + timedelta(hours=hours))
    assert not found_faults()
    for number in (3, 2, 1):
        gone(SealedPart.objects.filter(seal__number=number))
        gone(RecordSeal.objects.filter(number=number))
        assert any("seal 3 of the records is gone, and all that came after it" in fault for fault in found_faults()), number
    # What is sealed anew, by the server itself and with its key, does not make it forget.
    with remembered():
        services.seal(by=job, at=at + timedelta(hours=90))
    assert any("seal 3 of the records is gone" in fault for fault in found_faults())


def test_a_seal_that_was_not_remembered_yet_is_no_fault(inside, worker, job, at, remembered):
    with remembered():
        services.seal(by=job, at=at + timedelta(hours=1))
    services.seal(by=job, at=at + timedelta(hours=30))
    assert RecordSeal.objects.count() == 2 and not found_faults()


# --------------------------------------------------------------------------------------------------- who may vote on what


REGISTER, COUNTS = "members.register_holds", "meetings.who_counts_was_written_down"


def faults_of(name):
    return invariants.verify_coop()[name].faults


@pytest.mark.parametrize(
    "altered", ["number = 900", "joined_on = '2020-01-01'", "standing = 'suspended'", "member_class = 'investor'",
                "in_arrears_since = '2020-01-01'"]
)  # fmt: skip
def test_a_member_altered_in_the_database_is_found(inside, worker, at, unguarded, altered):
    assert not faults_of(REGISTER)
    [pk] = worker.memberships
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE members_membership SET {altered} WHERE id = {pk}")
    [fault] = faults_of(REGISTER)
    assert f"membership {pk} is not what its last line in the register says: {altered.partition(' ')[0]}" == fault


def test_a_line_of_the_register_that_was_altered_as_well_or_put_in_before_is_found(inside, worker, job, at, unguarded):
    services.seal(by=job, at=at + timedelta(hours=1))
    [pk] = worker.memberships
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE members_membership SET joined_on = '2020-01-01' WHERE id = {pk}")
        cursor.execute(f"UPDATE members_registerline SET joined_on = '2020-01-01' WHERE membership_id = {pk}")
    assert not faults_of(REGISTER) and any("members.register" in fault for fault in found_faults())


def test_a_line_of_the_register_that_is_put_in_before_the_last_seal_is_found(inside, worker, job, at):
    services.seal(by=job, at=at + timedelta(hours=1))
    [pk] = worker.memberships
    line = RegisterLine.objects.get(membership_id=pk)
    line.pk, line.joined_on, line.at = None, line.joined_on - timedelta(days=900), at
    line.save(force_insert=True)
    Membership.objects.filter(pk=pk).update(joined_on=line.joined_on)
    assert not faults_of(REGISTER)
    assert any("members.register" in fault and "afterwards" in fault for fault in found_faults())


def test_the_register_goes_along_with_whatever_happens_to_a_member(inside, worker, board, job, at):
    mine = Membership.objects.get(pk=next(iter(worker.memberships)))
    membership.note_arrears(membership=mine, since=at.date(), by=job, at=at)
    membership.note_arrears(membership=mine, since=at.date(), by=job, at=at)
    membership.suspend(membership=mine, reason="Sold the van.", by=board, at=at)
    membership.lift_suspension(membership=mine, by=board, at=at)
    membership.give_notice(membership=mine, by=worker, at=at)
    lines = list(RegisterLine.objects.filter(membership=mine).order_by("pk"))
    assert [(one.standing, one.in_arrears_since is not None) for one in lines] == [
        ("active", False), ("active", True), ("suspended", True), ("active", True), ("exiting", True),
    ]  # fmt: skip
    assert not faults_of(REGISTER)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterLine.objects.filter(membership=mine).update(number=4)


@pytest.mark.parametrize("column", ["person_id", "weight", "college"])
def test_a_roll_altered_in_the_database_is_found(inside, worker, bob, job, at, unguarded, column):
    proposal = propose(Membership.objects.get(pk=next(iter(worker.memberships))), at)
    run_jobs()
    ballots.open_ballot(proposal=proposal, by=job, at=at)
    services.seal(by=job, at=at + timedelta(hours=1))
    assert not found_faults()
    value = {"person_id": bob.pk, "weight": 9, "college": "'board'"}[column]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE ballots_rollentry SET {column} = {value} WHERE person_id = {worker.person_id}")
    [fault] = found_faults()
    assert fault.startswith("ballots.roll ") and fault.endswith("is not what was sealed")


def test_in_which_class_somebody_votes_is_kept_line_by_line(inside, worker, at, job):
    for _twice in (1, 2):
        ballots.vote_as(member_class="worker", by=worker, at=at)
    assert VotesAs.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        VotesAs.objects.update(member_class="client")
    services.seal(by=job, at=at + timedelta(hours=1))
    VotesAs.objects.create(person_id=worker.person_id, member_class="client", chosen_at=at)
    assert any("ballots.votes_as" in fault for fault in found_faults())

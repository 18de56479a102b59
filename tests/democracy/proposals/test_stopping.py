"""A decision on its way can be stopped: by members who ask for a new vote, and by the one whom it is about."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.proposals.test_support import crowd
from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.models import Appeal, Enactment, Stage
from toadlane.democracy.proposals.queries import stories
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.members import queries as members
from toadlane.society.members import services as membership
from toadlane.society.members.models import Membership
from toadlane.society.messaging.models import Announcement
from toadlane.society.people.models import Person

SECOND = timedelta(seconds=1)


# ------------------------------------------------------------------------------------------- the members' suspension


@pytest.fixture
def forty(inside, at):
    """With Bob and Alice there are 40 workers: a twentieth of them is two."""
    return crowd(38, "worker", at, 100)


@pytest.fixture
def decision(forty, idea, decided, board, at):
    """Bring the fee to its vote: four of forty support it."""
    proposal = idea()
    for by in (board, *forty[:2]):
        services.support(proposal=proposal, by=by, at=at)
    return decided(proposal)


def test_one_in_twenty_suspends_it_and_everybody_votes_again(decision, forty, job):
    at = decision.decided_at
    services.demand_suspension(decision=decision, by=forty[5], at=at)
    decision.enactment.refresh_from_db()
    assert decision.enactment.state == "scheduled", "one of forty is less than a twentieth"
    services.demand_suspension(decision=decision, by=forty[6], at=at)
    decision.enactment.refresh_from_db()
    again = queries.find(2)
    assert decision.enactment.state == "halted" and again.about_decision == "2027-1" and again.stage == Stage.DISCUSSION
    assert again.procedure == decision.procedure and again.contents == decision.contents
    assert bylaws.coming() == [] and services.enact_due(by=job, at=decision.enactment.due_at + timedelta(days=9)) == 0
    run_jobs()
    assert Announcement.objects.get(template="proposals/suspended").context["again"] == 2
    assert [one.deed for one in decision.proposal.moments.all()][-2:] == ["suspension_asked", "suspended"]


@pytest.mark.parametrize(("state", "versions"), [("passed", 2), ("rejected", 1)])
def test_the_new_vote_counts_whatever_came_of_it(decision, forty, job, decided, state, versions):
    for by in forty[5:7]:
        services.demand_suspension(decision=decision, by=by, at=decision.decided_at)
    again = decided(queries.find(2), state=state)
    first = Enactment.objects.get(decision=decision)
    assert first.state == "annulled" and "2027-2" in first.error
    services.enact_due(by=job, at=decision.decided_at + timedelta(days=99))
    assert bylaws.book().number == versions
    if state == "passed":
        assert bylaws.book().decided("fees.commission").decision == again.name


def test_once_has_to_be_enough(decision, forty, decided):
    for by in forty[5:7]:
        services.demand_suspension(decision=decision, by=by, at=decision.decided_at)
    again = decided(queries.find(2))
    with pytest.raises(services.NotNow, match="once"):
        services.demand_suspension(decision=again, by=forty[8], at=again.decided_at)


def test_until_the_last_second_before_it_takes_effect(decision, forty):
    due = decision.enactment.due_at
    services.demand_suspension(decision=decision, by=forty[5], at=due - SECOND)
    with pytest.raises(services.NotNow):
        services.demand_suspension(decision=decision, by=forty[6], at=due)


def test_one_name_each_and_only_whoever_may_vote(decision, forty, inside):
    services.demand_suspension(decision=decision, by=forty[5], at=decision.decided_at)
    with pytest.raises(services.AlreadySigned):
        services.demand_suspension(decision=decision, by=forty[5], at=decision.decided_at)
    guest = Principal(coop_id=inside.pk, channel=Channel.WEB, person_id=1, roles=frozenset({"member"}))
    with pytest.raises(Refused):
        services.demand_suspension(decision=decision, by=guest, at=decision.decided_at)


def test_what_did_not_pass_cannot_be_stopped(inside, idea, decided, worker):
    lost = decided(idea(), state="rejected")
    with pytest.raises(services.NotNow):
        services.demand_suspension(decision=lost, by=worker, at=lost.decided_at)


# -------------------------------------------------------------------------------------------------------- the appeal


@pytest.fixture
def excluded(inside, alice, board, bob, decided, at):
    """The members put Alice out. Bob brought it; Dora sits in the appeals committee."""
    alices = members.of_person(alice.pk).get()
    hearing = membership.open_hearing(membership=alices, charges="Took the keys of a client home.", by=board, at=at)
    heard = at + timedelta(days=20)
    contents = [{"kind": "exclude", "payload": {"hearing": hearing.pk}}]
    return decided(services.propose(title="Exclude Alice", contents=contents, by=board, at=heard))


@pytest.fixture
def dora(inside, board, at):
    person = Person.objects.create(email="dora@sparkle.test", name="Dora")
    membership.admit(person=person, member_class="worker", by=board, at=at)
    act = Principal.job(inside.pk, "enactment")
    membership.appoint(person=person, office="appeals", decision="2026-1", by=act, at=at)
    return members.principal(person_id=person.pk, channel=Channel.WEB)


def test_whoever_it_is_about_has_no_vote_on_it_and_may_appeal(excluded, worker, board):
    assert queries.excluded(excluded.proposal) == {worker.membership_id}
    assert (excluded.enactment.effective_on - excluded.decided_at.date()).days == 20
    with pytest.raises(Refused):
        services.appeal(decision=excluded, text="I do not like it.", by=board, at=excluded.decided_at)


def test_an_appeal_in_time_holds_it_until_the_committee_has_decided(excluded, worker, dora, job, alice):
    until = excluded.enactment.appeal_until
    services.appeal(decision=excluded, text="I gave them back.", by=worker, at=until - SECOND)
    assert services.enact_due(by=job, at=until + timedelta(days=30)) == 0
    row = Enactment.objects.get()
    assert row.state == "halted" and members.of_person(alice.pk).get().standing == "active"


def test_a_second_too_late_is_too_late(excluded, worker):
    with pytest.raises(services.NotNow):
        services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.enactment.appeal_until)


def test_an_upheld_appeal_annuls_it_for_good(excluded, worker, dora, job, alice):
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    services.judge(appeal=one, upheld=True, reasons="She did.", by=dora, at=excluded.decided_at + timedelta(days=2))
    row = Enactment.objects.get()
    assert (row.state, row.decision.proposal.stage) == ("annulled", Stage.ANNULLED) and "She did." in row.error
    assert services.enact_due(by=job, at=excluded.decided_at + timedelta(days=99)) == 0
    assert members.of_person(alice.pk).get().standing == "active"


def test_a_dismissed_one_lets_it_take_effect(excluded, worker, dora, job, alice):
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    late = excluded.enactment.due_at + timedelta(days=3)
    services.judge(appeal=one, upheld=False, reasons="The client says otherwise.", by=dora, at=late)
    assert Enactment.objects.get().due_at == late
    assert services.enact_due(by=job, at=late) == 1
    assert Membership.objects.get(person=alice).standing == "expelled"


def test_nobody_decides_in_their_own_case_and_the_board_in_none(excluded, worker, dora, board, inside, alice, at):
    act = Principal.job(inside.pk, "enactment")
    membership.appoint(person=alice, office="appeals", decision="2026-1", by=act, at=at)
    herself = members.principal(person_id=alice.pk, channel=Channel.WEB)
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    for by in (herself, board):
        with pytest.raises(Refused):
            services.judge(appeal=one, upheld=True, reasons="x", by=by, at=excluded.decided_at)
    with pytest.raises(services.SayMore):
        services.judge(appeal=one, upheld=True, reasons=" ", by=dora, at=excluded.decided_at)
    services.judge(appeal=one, upheld=True, reasons="She did.", by=dora, at=excluded.decided_at)
    with pytest.raises(services.NotNow):
        services.judge(appeal=one, upheld=False, reasons="x", by=dora, at=excluded.decided_at)


def test_one_appeal_each(excluded, worker):
    services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    with pytest.raises(services.AlreadySigned):
        services.appeal(decision=excluded, text="Again.", by=worker, at=excluded.decided_at)


def test_the_pages_of_an_appeal(excluded, alice, dora, client):
    run_jobs()
    ana, dory = browser(alice), browser(Person.objects.get(name="Dora"))
    where = f"/c/sparkle/decisions/{excluded.name}/"
    with outside(), clock.telling(excluded.decided_at):
        assert "This is about you" in ana.get(where).content.decode()
        assert "I gave them" not in client.get(where).content.decode()
        ana.post(f"{where}appeal/", {"text": "I gave them back."})
        assert "I gave them back." not in client.get(where).content.decode()
        one = Appeal.objects.all
    with scope(excluded.coop_id):
        pk = one().get().pk
    with outside(), clock.telling(excluded.decided_at):
        assert (
            "Dora" not in client.get(where).content.decode()
            and "appeals" in dory.get("/c/sparkle/members/desk/").content.decode()
        )
        assert "I gave them back." in dory.get(f"{where}appeals/{pk}/").content.decode()
        dory.post(f"{where}appeals/{pk}/", {"text": "She did.", "deed": "uphold"})
        page = client.get(where).content.decode()
    assert "Annulled" in page


def test_charlie_appeals_nothing(excluded, wheels, charlie):
    with scope(wheels.pk):
        by = members.principal(person_id=charlie.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.appeal(decision=excluded, text="x", by=by, at=excluded.decided_at)
    assert browser(charlie).post(f"/c/sparkle/decisions/{excluded.name}/appeal/", {"text": "x"}).status_code == 404


# -------------------------------------------------------------------------------------- the committee's own deadline


def silence(at, says):
    last = bylaws.version(bylaws.book().number)
    known = {name: dict(one) for name, one in last.document["rules"].items()}
    known["gov.appeal_silence"]["value"] = says
    rules._append(document={**last.document, "rules": known}, changed=["gov.appeal_silence"], decision="2026-9", at=at,
                  previous=last)  # fmt: skip


def test_the_committee_decides_within_its_time_and_everybody_concerned_sees_it(excluded, worker, dora, alice):
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    assert (one.decide_by.date() - excluded.decided_at.date()).days == 31 and one.on_silence == "falls"
    where = f"/c/sparkle/decisions/{excluded.name}/"
    with outside(), clock.telling(excluded.decided_at):
        page = browser(alice).get(where).content.decode()
        assert "The committee decides until" in page and "If it has not by then, the decision falls." in page
        told = browser(alice).get(f"/api/v1/coops/sparkle/decisions/{excluded.name}/appeals").json()["items"]
    assert told[0]["on_silence"] == "falls" and told[0]["decide_by"]


@pytest.mark.parametrize(("says", "state"), [("falls", "annulled"), ("stands", "scheduled")])
def test_when_it_does_not_the_decision_falls_or_stands_as_the_bylaws_said_when_it_was_made(
    excluded, worker, dora, job, at, says, state
):
    silence(at, says)
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    assert services.lapse_appeals(by=job, at=one.decide_by - SECOND) == 0
    assert services.lapse_appeals(by=job, at=one.decide_by) == 1
    one.refresh_from_db()
    row = Enactment.objects.get()
    assert (row.state, one.state) == (state, "lapsed") and "did not decide in time" in one.reasons
    lines = [str(line.text) for line in stories.timeline(excluded.proposal)]
    assert "The appeals committee did not decide in time." in lines
    assert not any("upheld" in line or "dismissed" in line for line in lines), "the committee did neither"
    assert ("Annulled. It never takes effect." in lines) == (says == "falls") and "Upheld" not in row.error
    assert services.lapse_appeals(by=job, at=one.decide_by + SECOND) == 0
    with pytest.raises(services.NotNow):
        services.judge(appeal=one, upheld=False, reasons="x", by=dora, at=one.decide_by)


def test_what_was_decided_in_time_does_not_lapse(excluded, worker, dora, job):
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    services.judge(appeal=one, upheld=False, reasons="No.", by=dora, at=one.decide_by - SECOND)
    assert services.lapse_appeals(by=job, at=one.decide_by + timedelta(days=9)) == 0


def test_nobody_lets_an_appeal_lapse_by_hand(excluded, worker, board):
    one = services.appeal(decision=excluded, text="I gave them back.", by=worker, at=excluded.decided_at)
    with pytest.raises(Refused):
        services.lapse_appeals(by=board, at=one.decide_by)

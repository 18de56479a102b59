"""Guardians: several of them, for 72 hours, with reasons at once, once for each cause, and never what is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.democracy.proposals.conftest import change
from toadlane.democracy.ballots import services as ballots
from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Enactment, Pause
from toadlane.democracy.proposals.queries import procedures
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import queries as members
from toadlane.society.members import services as membership
from toadlane.society.people.models import Person

WHY = {"action": "bylaws.enact", "cause": "decision:2027-1", "reasons": "The notice never reached the night shift."}


def guardian(name, inside, board, at, office="guardian"):
    person = Person.objects.create(email=f"{name}@sparkle.test", name=name)
    membership.admit(person=person, member_class="worker", by=board, at=at)
    act = Principal.job(inside.pk, "enactment")
    membership.appoint(person=person, office=office, decision="2026-1", by=act, at=at)
    return members.principal(person_id=person.pk, channel=Channel.WEB)


@pytest.fixture
def three(inside, board, at):
    return [guardian(name, inside, board, at) for name in ("Gita", "Hugo", "Ines")]


@pytest.fixture
def decision(three, idea, decided, board, at):
    return decided(idea())


def test_one_guardian_pauses_nothing_and_two_do_it_at_once(decision, three, job):
    due = decision.enactment.due_at
    pause = services.ask_pause(**WHY, by=three[0], at=due - timedelta(hours=1))
    assert pause.put_on_at is None and bylaws.halted("bylaws.enact", due) is None
    services.sign_pause(pause=pause, by=three[1], at=due - timedelta(hours=1))
    halt = bylaws.halted("bylaws.enact", due)
    assert halt.reasons == WHY["reasons"] and halt.signed_by == sorted(one.person_id for one in three[:2])
    services.enact_due(by=job, at=due)
    assert bylaws.book().number == 1
    assert {one.deed for one in decision.proposal.moments.all()} >= {"pause_put_on", "paused"}
    assert services.enact_due(by=job, at=halt.until) == 1


def test_nobody_signs_twice_and_nobody_who_is_no_guardian(decision, three, worker, board):
    at = decision.decided_at
    pause = services.ask_pause(**WHY, by=three[0], at=at)
    with pytest.raises(services.AlreadySigned):
        services.sign_pause(pause=pause, by=three[0], at=at)
    for by in (worker, board):
        with pytest.raises(Refused):
            services.sign_pause(pause=pause, by=by, at=at)
        with pytest.raises(Refused):
            services.ask_pause(**{**WHY, "cause": "x"}, by=by, at=at)


def test_whoever_sits_on_the_board_is_no_guardian(inside, board, bob, at):
    membership.appoint(person=bob, office="guardian", decision="2026-1", by=Principal.job(inside.pk, "enactment"), at=at)
    both = members.principal(person_id=bob.pk, channel=Channel.WEB)
    with pytest.raises(Refused, match="board"):
        services.ask_pause(**WHY, by=both, at=at)


def test_once_for_each_cause(decision, three):
    at = decision.decided_at
    services.sign_pause(pause=services.ask_pause(**WHY, by=three[0], at=at), by=three[1], at=at)
    with pytest.raises(rules.HaltedBefore):
        services.ask_pause(**WHY, by=three[2], at=at + timedelta(days=9))
    other = services.ask_pause(**{**WHY, "cause": "decision:2027-2"}, by=three[2], at=at)
    assert services.sign_pause(pause=other, by=three[0], at=at).put_on_at == at


@pytest.mark.parametrize("action", ["votes.cast", "members.exit", "data.request", "guardians.recall", "pay.due"])
def test_what_is_nobodys_to_pause(three, action, at):
    with pytest.raises(rules.CannotBeHalted):
        services.ask_pause(**{**WHY, "action": action}, by=three[0], at=at)


def test_reasons_are_owed(three, at):
    with pytest.raises(services.SayMore):
        services.ask_pause(**{**WHY, "reasons": " "}, by=three[0], at=at)


def test_a_lifted_pause_lets_it_take_effect_at_once(decision, three, job):
    due = decision.enactment.due_at
    pause = services.sign_pause(pause=services.ask_pause(**WHY, by=three[0], at=due), by=three[1], at=due)
    services.enact_due(by=job, at=due)
    later = due + timedelta(hours=5)
    services.drop_pause(pause=pause, because="It has reached them now.", by=three[2], at=later)
    assert Enactment.objects.get().due_at == later and bylaws.coming()[0].due_at == later
    assert services.enact_due(by=job, at=later) == 1 and bylaws.book().number == 2


def test_the_page_of_guardians(decision, three, client):
    gita, hugo = (browser(Person.objects.get(name=name)) for name in ("Gita", "Hugo"))
    with outside(), clock.telling(decision.decided_at):
        page = gita.get("/c/sparkle/guardians/").content.decode()
        assert "Ask for a pause" in page and "2027-1" in page
        gita.post("/c/sparkle/guardians/", WHY)
        assert "sign a pause" in hugo.get("/c/sparkle/members/desk/").content.decode()
    with scope(decision.coop_id):
        pk = Pause.objects.get().pk
    with outside(), clock.telling(decision.decided_at):
        hugo.post(f"/c/sparkle/guardians/{pk}/sign/")
        page = client.get("/c/sparkle/guardians/").content.decode()
        assert "Gita, Hugo" in page and WHY["reasons"] in page and "holds" in page and "Ask for a pause" not in page
        assert "Paused by guardians" in client.get("/c/sparkle/decisions/2027-1/").content.decode()


def test_charlies_guardian_pauses_nothing_here(inside, wheels, charlie, at):
    with scope(wheels.pk):
        membership.appoint(person=charlie, office="guardian", decision="x", by=Principal.job(wheels.pk, "enactment"), at=at)
        by = members.principal(person_id=charlie.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.ask_pause(**WHY, by=by, at=at)


# ------------------------------------------------------------------------------------------- longer, by the members


@pytest.fixture
def paused(decision, three, job):
    """The change of the fee is paused an hour before its day."""
    at = decision.enactment.due_at - timedelta(hours=1)
    pause = services.sign_pause(pause=services.ask_pause(**WHY, by=three[0], at=at), by=three[1], at=at)
    services.enact_due(by=job, at=decision.enactment.due_at)
    return pause


def longer(pause, by, at, days=10):
    contents = [{"kind": "longer_pause", "payload": {"pause": str(pause.pk), "days": days}}]
    return services.propose(title="Longer", contents=contents, by=by, at=at)


@pytest.mark.parametrize("law", ["", "sce"])
def test_the_members_make_it_longer_by_a_vote_that_is_over_before_it_ends(decision, paused, three, job, inside, monkeypatch, law):
    if law:  # Thirty days' notice of an assembly.
        real = packs.load
        monkeypatch.setattr(packs, "load", lambda name: replace(real(name), deadlines=real(law).deadlines))
    at = paused.put_on_at
    proposal = longer(paused, three[2], at)
    services.support(proposal=proposal, by=three[1], at=at) if proposal.stage == "idea" else None
    services.advance(by=job, at=at)
    proposal.refresh_from_db()
    assert proposal.vote_from == at, "no days of talk, and no notice: that of the law calls an assembly"
    run_jobs()
    ballot = ballots.open_ballot(proposal=proposal, by=job, at=at)
    assert ballot.closes_at < paused.put_on_at + timedelta(hours=72)
    run_jobs()
    made = services.decide(proposal=proposal, outcome={"state": "passed", "figures": {}}, by=job, at=ballot.closes_at)
    assert services.enact_due(by=job, at=ballot.closes_at) == 1
    halt = bylaws.halted("bylaws.enact", at + timedelta(days=9))
    assert halt.extended_by == made.name and halt.until == at + timedelta(days=10)
    assert services.enact_due(by=job, at=at + timedelta(days=9)) == 0 and bylaws.book().number == 1
    assert "pause_extended" in {one.deed for one in decision.proposal.moments.all()}
    assert services.enact_due(by=job, at=halt.until) == 1 and bylaws.book().number == 2


@pytest.mark.parametrize("days", [3, 15, True, "10"])
def test_longer_than_three_days_and_fourteen_at_the_most(paused, three, days):
    with pytest.raises(services.CannotBeDecided) as refused:
        longer(paused, three[2], paused.put_on_at, days)
    assert refused.value.code_of_fault == "beyond_maximum"


def test_what_is_over_or_was_made_longer_once_is_not_made_longer(paused, three, inside):
    with pytest.raises(services.CannotBeDecided):
        longer(paused, three[2], paused.put_on_at + timedelta(hours=72))
    act, halt = Principal.job(inside.pk, "enactment"), bylaws.halts().get()
    rules.extend(halt=halt, hours=240, decision="2027-9", by=act, at=paused.put_on_at)
    assert rules.extend(halt=halt, hours=240, decision="2027-9", by=act, at=paused.put_on_at).hours == 240
    with pytest.raises(rules.NotHalted):
        rules.extend(halt=halt, hours=336, decision="2027-10", by=act, at=paused.put_on_at)
    with pytest.raises(services.CannotBeDecided):
        longer(paused, three[2], paused.put_on_at)


def test_nobody_makes_it_longer_by_hand(paused, three, board):
    for by in (board, three[0]):
        with pytest.raises(Refused):
            rules.extend(halt=bylaws.halts().get(), hours=240, decision="x", by=by, at=paused.put_on_at)


def test_nothing_else_comes_to_a_quick_vote_with_it(paused, three):
    contents = [{"kind": "longer_pause", "payload": {"pause": str(paused.pk), "days": 10}}, change(set="0.07")]
    proposal = services.propose(title="Both", contents=contents, by=three[2], at=paused.put_on_at)
    assert procedures.procedure_of(proposal).min_days == 7


def test_from_a_decision_guardians_come_to_a_form_that_knows_what_it_is_about(inside, three, decided, idea, at):
    decision = decided(idea())
    gita = browser(Person.objects.get(pk=three[0].person_id))
    link = f"/c/sparkle/guardians/?cause=decision:{decision.name}"
    with outside(), clock.telling(decision.decided_at):
        assert link in gita.get(f"/c/sparkle/decisions/{decision.name}/").content.decode()
        page = gita.get(link).content.decode()
    assert f'<option value="decision:{decision.name}" selected>' in page
    assert 'value="bylaws.enact"' in page.partition(" checked")[0].rpartition("<input")[2]


def test_until_when_it_is_paused_is_told_as_people_write_it(paused, decision, alice, client):
    with outside(), clock.telling(decision.enactment.due_at):
        page = " ".join(client.get(f"/c/sparkle/decisions/{decision.name}/").content.decode().split())
    notice = page.partition("Guardians have paused it until ")[2].partition("Then it takes effect by itself.")
    assert notice[1] and "+00:00" not in notice[0] and notice[0].count(":") == 1

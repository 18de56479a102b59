"""Only a decision of the members changes a rule: once, as they saw it, within the law, and not while it is paused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import handlers, queries, services
from toadlane.society.bylaws.models import BylawsVersion, Halt
from toadlane.society.bylaws.rules import decisions, packs
from toadlane.society.bylaws.rules.patches import Conflict, NotAllowed, Op, Patch

FEE = "fees.commission"


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


def to_six(base=1, **more):
    return Patch(base, (Op(FEE, "0.05", "0.06", **more),))


def enact(act, at, patch=None, decision="2027-1", passed_by="simple"):
    return services.enact(patch=patch or to_six(), decision=decision, passed_by=passed_by, by=act, at=at)


def test_a_decision_makes_one_version_however_often_it_is_tried(inside, act, at):
    first, again = enact(act, at), enact(act, at + timedelta(hours=1))
    assert first.pk == again.pk and queries.book().number == 2
    decided = queries.book().decided(FEE)
    assert (decided.version, decided.decision) == (2, "2027-1")
    assert queries.first_broken_link() is None


def test_the_database_refuses_a_second_version_of_one_decision(inside, act, at):
    first = enact(act, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        services._append(document=first.document, changed=[FEE], decision="2027-1", at=at, previous=first)


def test_a_rule_that_moved_is_a_conflict_and_a_moved_version_is_none(inside, act, at):
    enact(act, at, patch=Patch(1, (Op("members.notice_days", 30, 60),)), decision="2027-1")
    assert enact(act, at, decision="2027-2").number == 3
    with pytest.raises(Conflict):
        enact(act, at, decision="2027-3")


def test_a_procedure_that_is_too_weak_changes_nothing(inside, act, at):
    with pytest.raises(NotAllowed):
        enact(act, at, passed_by="coordinators")
    assert queries.book().number == 1


@pytest.mark.parametrize("who", ["board", "worker"])
def test_nobody_enacts_by_hand_and_is_shown_the_door(request, inside, at, who):
    with pytest.raises(Refused, match="Propose the change"):
        enact(request.getfixturevalue(who), at)


def test_charlie_enacts_nothing_here(inside, wheels, at):
    with pytest.raises(Refused):
        enact(Principal.job(wheels.pk, "enactment"), at)


def halt(inside, at, **more):
    by = Principal.job(inside.pk, "guardians")
    about = {"action": "bylaws.enact", "cause": "decision:2027-1", "reasons": "The notice was not sent.", "signed_by": [1, 2]}
    return services.halt(**{**about, **more}, by=by, at=at)


def test_a_pause_holds_for_72_hours_and_not_a_second_longer(inside, act, at):
    halt(inside, at)
    with pytest.raises(services.Halted, match="paused"):
        enact(act, at + timedelta(hours=72, seconds=-1))
    assert enact(act, at + timedelta(hours=72)).number == 2


def test_a_lifted_pause_holds_no_more(inside, act, at):
    services.lift(halt=halt(inside, at), because="It was sent.", by=act, at=at)
    assert enact(act, at).number == 2


def test_one_cause_is_paused_once(inside, at):
    halt(inside, at)
    with pytest.raises(services.HaltedBefore):
        halt(inside, at + timedelta(days=9))


@pytest.mark.parametrize("action", ["votes.cast", "members.exit", "data.request", "guardians.recall"])
def test_what_nobody_may_pause(inside, at, action):
    with pytest.raises(services.CannotBeHalted):
        halt(inside, at, action=action)
    with pytest.raises(DatabaseError), transaction.atomic():
        Halt.objects.create(action=action, cause="x", reasons="x", signed_by=[], started_at=at, hours=1)


def test_a_pause_needs_reasons_and_cannot_be_made_longer_by_hand(inside, at):
    with pytest.raises(services.ReasonsNeeded):
        halt(inside, at, reasons=" ")
    one = halt(inside, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Halt.objects.filter(pk=one.pk).update(hours=100)
    with pytest.raises(DatabaseError), transaction.atomic():
        Halt.objects.filter(pk=one.pk).update(reasons="Other ones.")


def test_the_board_pauses_nothing(inside, board, at):
    with pytest.raises(Refused):
        services.halt(action="bylaws.enact", cause="x", reasons="x", signed_by=[], by=board, at=at)


def test_what_is_coming_is_read_with_the_co_op_until_it_is_in_force(inside, act, at):
    due = at + timedelta(days=15)
    services.announce(patch=to_six(), decision="2027-1", due_at=due, by=act, at=at)
    assert [one.due_at for one in queries.coming()] == [due]
    enact(act, due)
    assert queries.coming() == []


def test_words_that_would_say_another_number_stop_the_change(inside, act, at):
    with pytest.raises(NotAllowed):
        enact(act, at, patch=to_six(text={"en": "The platform keeps 7 per cent."}))
    enact(act, at, patch=to_six(text={"en": "The platform keeps 6 per cent."}))
    assert "6 per cent" in queries.book().reads(FEE, "en")


def test_the_kind_says_what_is_wrong_before_anybody_votes(inside, at):
    book, check = queries.book(), handlers.check

    def codes(*ops):
        return [fault.code for fault in check({"base": 1, "ops": list(ops)}, book, at)]

    assert codes({"rule": FEE, "expect": "0.05", "set": "0.06"}) == []
    assert codes({"rule": FEE, "expect": "0.04", "set": "0.06"}) == ["conflict"]
    assert codes({"rule": "no.such", "expect": 1, "set": 2}) == ["unknown_rule"]
    assert codes({"rule": "surplus.asset_lock", "expect": True, "set": False}) == ["not_allowed"]
    assert codes({"rule": FEE, "expect": "0.05", "set": "many"}) == ["wrong_type"]
    assert codes({"rule": FEE, "expect": "0.05"}) == ["empty"] and codes() == ["empty"]
    assert codes({"rule": FEE, "expect": "0.05", "set": "0.05"}) == ["empty"]
    assert [fault.code for fault in check({"ops": 3}, book, at)] == ["unreadable"]


def test_the_kind_names_the_procedure_and_the_delay_of_the_strictest_part(inside):
    kind, book = decisions.kind("patch"), queries.book()
    own = book.rule(FEE)
    fee = {"rule": FEE, "expect": "0.05", "set": "0.06"}
    classes = {"rule": "members.classes", "expect": book.rule("members.classes")["value"], "set": []}
    assert kind.procedure({"base": 1, "ops": [fee]}, book) == own["procedure"]
    assert kind.procedure({"base": 1, "ops": [fee, classes]}, book) == book.rule("members.classes")["procedure"]
    assert kind.delay_days({"base": 1, "ops": [fee, classes]}, book) == 30
    assert kind.procedure({"base": 1, "ops": [{**fee, "procedure": "coordinators"}]}, book) == "special"


def test_the_law_of_today_is_asked_again(inside, act, at, monkeypatch):
    law = packs.load("none")
    monkeypatch.setattr(packs, "load", lambda _name: replace(law, bounds={FEE: {"cap": {"law": "art. 1", "max": "0.05"}}}))
    with pytest.raises(NotAllowed, match="law"):
        enact(act, at)
    assert BylawsVersion.objects.count() == 1


def test_an_enactment_that_comes_late_is_not_called_retroactive(inside, act, at):
    named = to_six(effective=at.date())
    assert enact(act, at + timedelta(days=2), patch=named).number == 2


def test_another_co_ops_rules_stay_as_they_are(inside, wheels, act, at):
    enact(act, at)
    with scope(wheels.pk):
        assert queries.book().number == 1

"""Whoever takes the database's refusals down and rewrites an enactment is found by `toadlane verify`."""

from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db.models import F

from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Contribution, Decision, Enactment, Moment, Proposal, Revision
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.models import BylawsVersion, Coming


@contextmanager
def unguarded():
    refusals.remove()
    try:
        yield
    finally:
        refusals.install()


def found(name="enactments_follow"):
    return invariants.verify_coop()[f"proposals.{name}"].faults


@pytest.fixture
def enacted(decided, idea, job):
    decision = decided(idea())
    assert not found()
    services.enact_due(by=job, at=Enactment.objects.get().due_at)
    assert not found()
    return decision


def gone():
    Enactment.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bylaws_version": 1}, "is in force, and the rules have no version that it made then"),
        ({"enacted_at": F("enacted_at") + timedelta(seconds=1)}, "is in force, and the rules have no version that it made then"),
        ({"state": "scheduled", "enacted_at": None}, "is scheduled, and made version 2 of the rules"),
        ({"state": "annulled"}, "is annulled, and made version 2 of the rules"),
        ({"effective_on": F("effective_on") - timedelta(days=1)}, "was to take effect before the"),
        ({"due_at": F("due_at") - timedelta(days=1)}, "was to take effect before the"),
        ({"due_at": F("due_at") + timedelta(days=1)}, "took effect before its day"),
        (None, "has 0 enactments"),
    ],
)
def test_an_enactment_that_is_rewritten(enacted, change, says):
    with unguarded():
        if change is None:
            gone()
        else:
            Enactment.objects.update(**change)
        assert len(found()) == 1 and says in found()[0] and enacted.name in found()[0]


def test_a_decision_that_passed_no_more(enacted):
    with unguarded():
        type(enacted).objects.update(outcome="rejected")
        assert found() == [f"decision {enacted.name} has 1 enactments"]


def test_other_words_than_those_that_were_hashed(enacted):
    number = enacted.proposal.number
    with unguarded():
        Proposal.objects.update(text="I never wrote this.")
        assert found("texts_are_what_was_hashed") == [f"proposal {number} is not what its hash was taken over"]
        Revision.objects.update(title="Nor this")
        assert f"proposal {number} in version 1 is not what its hash was taken over" in found("texts_are_what_was_hashed")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"noticed_at": F("noticed_at") - timedelta(days=20)}, "has another day than its story says it was announced"),
        ({"opened_at": F("opened_at") - timedelta(days=20)}, "has another day than its story says it was opened"),
        ({"voting_until": F("voting_until") + timedelta(days=1)}, "has another end of its vote than its story says"),
        ({"summary": "Something else"}, "does not read as its version 1"),
        ({"revision": 2}, "has no version 2"),
        ({"procedure": "special"}, "names another way of deciding than decision"),
        ({"stage": "rejected"}, "is rejected, and decision"),
        ({"author_name": "Nobody"}, "is not by whom it says"),
    ],
)
def test_a_proposal_that_is_not_what_its_story_made_of_it(enacted, change, says):
    assert not found("stories_hold")
    with unguarded():
        Proposal.objects.update(**change)
        assert len(found("stories_hold")) == 1 and says in found("stories_hold")[0]


def test_a_line_of_the_story_that_is_gone(enacted):
    with unguarded():
        Moment.objects.filter(deed="announced")._raw_delete("default")
        assert "has another day than its story says it was announced" in found("stories_hold")[0]


def test_a_contribution_that_was_taken_down_without_a_word(inside, idea, worker, at):
    proposal = idea()
    said = services.say(proposal=proposal, side="against", text="It comes out of our pay.", by=worker, at=at)
    assert not found("stories_hold")
    Contribution.objects.filter(pk=said.pk).update(hidden_because="Not nice.")
    assert f"has a contribution ({said.pk}) taken down" in found("stories_hold")[0]


@pytest.mark.parametrize("change", [{"due_at": F("due_at") + timedelta(days=9)}, {"ops": []}, {"settled_at": F("due_at")}])
def test_a_change_that_is_announced_as_another(decided, idea, change):
    decision = decided(idea())
    assert not found("coming_is_what_was_decided")
    Coming.objects.update(**change)
    assert found("coming_is_what_was_decided") == [
        f"decision {decision.name} will change the rules, and they do not say so, or say something else"
    ]


def test_a_change_that_nobody_decided(enacted, at):
    Coming.objects.create(decision="2027-9", ops=[], due_at=at)
    assert found("coming_is_what_was_decided") == ["the rules say that decision 2027-9 changes them, and it does not"]


def test_rules_that_somebody_wrote_without_a_decision(enacted, at):
    """Chained and hashed as the software would, by whoever has the database: no decision stands behind it."""
    assert not found("rules_follow_decisions")
    last = BylawsVersion.objects.order_by("-number")[0]
    document = deepcopy(last.document)
    document["rules"]["fees.commission"]["value"] = "0.50"
    rules._append(document=document, changed=["fees.commission"], decision="2027-9", at=at, previous=last)
    faults = found("rules_follow_decisions")
    assert faults == [f"version {last.number + 1} names the decision 2027-9, and there is none that changes rules"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"outcome": "rejected"}, ["version 2 rests on the decision 2027-1, which did not pass"]),
        ({"procedure": "coordinators"}, ["version 2: 2027-1 could not make it: wrong_procedure"]),
        ({"contents": []}, ["version 2 names the decision 2027-1, and there is none that changes rules"]),
    ],
)
def test_rules_whose_decision_says_something_else(enacted, change, says):
    with unguarded():
        Decision.objects.update(**change)
        assert found("rules_follow_decisions") == says


def test_rules_that_say_more_than_was_decided(enacted):
    row = BylawsVersion.objects.get(number=2)
    row.document["rules"]["fees.commission"]["value"] = "0.50"
    with unguarded():
        BylawsVersion.objects.filter(number=2).update(document=row.document, changed=[])
        BylawsVersion.objects.filter(number=1).update(decision="2026-1")
        assert found("rules_follow_decisions") == [
            "the first version is not the founding act", "version 2 is not version 1 with the patch of 2027-1",
            "version 2 does not name the rules it changed",
        ]  # fmt: skip

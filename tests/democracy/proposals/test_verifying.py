"""Whoever takes the database's refusals down and rewrites an enactment is found by `toadlane verify`."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F

from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.models import Enactment, Proposal, Revision
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals


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

"""The law moves: what it forbids by now is put to the members, with the nearest value that it allows."""

from dataclasses import replace

import pytest
from django.utils import translation

from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import queries, services
from toadlane.democracy.proposals.models import Proposal, Stage
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs

FEE, FLOOR = "fees.commission", "pay.floor_hour"


@pytest.fixture
def law(monkeypatch):
    """A new version of the law, of which the co-op's bylaws know nothing."""
    real = packs.load

    def say(**bounds):
        known = {rule.replace("__", "."): one for rule, one in bounds.items()}
        monkeypatch.setattr(packs, "load", lambda name: replace(real(name), bounds=known))

    return say


def test_a_rule_that_the_law_forbids_by_now_is_put_to_the_members(inside, law, job, decided, at):
    assert services.look_at_law(by=job, at=at) is None
    law(
        fees__commission={"cap": {"law": "Act of 2027, art. 4", "max": "0.04"}},
        pay__floor_hour={"floor": {"law": "art. 9", "min": 1700}},
    )
    proposal = services.look_at_law(by=job, at=at)
    ops = {op["rule"]: op["set"] for op in proposal.contents[0]["payload"]["ops"]}
    assert ops == {FEE: "0.04", FLOOR: 1700} and proposal.stage == Stage.DISCUSSION and "art. 4" in proposal.summary
    assert services.look_at_law(by=job, at=at) is None, "one is enough"
    decision = decided(proposal)
    services.enact_due(by=job, at=decision.enactment.due_at)
    assert bylaws.outside_the_law(bylaws.book().document) == {}


def test_what_the_law_asks_for_is_written_in_the_language_of_the_co_op(inside, sparkle, law, job, at):
    type(sparkle).objects.filter(pk=sparkle.pk).update(language="es")
    law(fees__commission={"cap": {"law": "Ley 3/2027", "max": "0.04"}})
    proposal = services.look_at_law(by=job, at=at)
    with translation.override("es"):
        assert proposal.title == translation.gettext("What the law asks for") != "What the law asks for"
    assert "Ley 3/2027" in proposal.summary and "The law" not in proposal.summary


def test_what_the_new_law_forbids_cannot_be_proposed(inside, law, idea):
    law(fees__commission={"cap": {"law": "art. 4", "max": "0.055"}})
    with pytest.raises(services.CannotBeDecided) as refused:
        idea()
    assert refused.value.code_of_fault == "above_legal_cap"
    assert idea(change(set="0.055"), title="As far as the law goes").number == 1


def test_a_law_that_came_after_the_vote_stops_it_in_sight(inside, law, idea, decided, job):
    decision = decided(idea())
    law(fees__commission={"cap": {"law": "art. 4", "max": "0.055"}})
    services.enact_due(by=job, at=decision.enactment.due_at)
    decision.enactment.refresh_from_db()
    assert (decision.enactment.state, decision.enactment.error_code) == ("failed", "above_legal_cap")


def test_a_rule_that_waits_to_be_mended_keeps_no_other_from_changing(inside, law, idea, decided, job):
    decision = decided(idea())
    law(pay__floor_hour={"floor": {"law": "art. 9", "min": 1700}})
    assert services.enact_due(by=job, at=decision.enactment.due_at) == 1


def test_what_was_voted_down_is_not_put_to_them_every_day(inside, law, job, decided, at):
    law(fees__commission={"cap": {"law": "art. 4", "max": "0.04"}})
    decided(services.look_at_law(by=job, at=at), state="rejected")
    assert services.look_at_law(by=job, at=at) is None and Proposal.objects.count() == 1


def test_charlies_rules_are_charlies(inside, wheels, law, job, at):
    law(fees__commission={"cap": {"law": "art. 4", "max": "0.06"}})  # Wheels keep 8 %, Sparkle 5 %.
    assert services.look_at_law(by=job, at=at) is None and queries.find(1) is None

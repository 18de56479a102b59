"""A vote cannot pass a way of deciding by which nobody could count: looked at when it is proposed, and when it is judged."""

import pytest

from tests.democracy.proposals.conftest import change
from toadlane.democracy.proposals import services
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules import countable
from toadlane.society.bylaws.rules.patches import Op, Patch

WEIGHTS = "votes.weights"


def rewrite(at, **more):
    """Have bylaws that say more than the blueprint's: a procedure, and a rule that it takes its figures from."""
    last = bylaws.version(bylaws.book().number)
    procedures = {**last.document["procedures"], **more.get("procedures", {})}
    document = {**last.document, "procedures": procedures, "rules": {**last.document["rules"], **more.get("rules", {})}}
    rules._append(document=document, changed=sorted(more.get("rules", {})), decision="2026-9", at=at, previous=last)


@pytest.fixture
def colleges(inside, at):
    """Votes by colleges, whose parts stand in a rule."""
    weights = {
        "type": "weights", "value": {"worker": "1/2", "client": "1/2"}, "unit": "", "tier": "constitutional", "text": {},
        "procedure": "special", "delay_days": 0, "applies_from": "at_once",
    }  # fmt: skip
    simple = bylaws.book().document["procedures"]["simple"]
    chambers = {"mode": "proportional", "weights_rule": WEIGHTS}
    rewrite(at, procedures={"colleges": {**simple, "chambers": chambers}}, rules={WEIGHTS: weights})


def test_a_rule_from_which_a_procedure_takes_its_figures_stays_one_that_counts(colleges, idea):
    halves = {"worker": "1/2", "client": "1/2"}
    fine = idea(change(WEIGHTS, halves, base=2, set={"worker": "2/3", "client": "1/3"}))
    assert fine.number == 1
    with pytest.raises(services.CannotBeDecided) as refused:
        idea(change(WEIGHTS, halves, base=2, set={}), title="No colleges")
    assert refused.value.code_of_fault == "uncountable" and "colleges" in str(refused.value)


def test_it_is_read_again_when_it_is_judged(colleges, inside, at):
    patch = Patch(2, (Op(WEIGHTS, {"worker": "1/2", "client": "1/2"}, set={}),))
    act = Principal.job(inside.pk, "enactment")
    with pytest.raises(rules.CannotBeCounted, match="could not be counted"):
        rules.enact(patch=patch, decision="2027-1", passed_by="special", by=act, at=at)
    assert bylaws.book().number == 2


@pytest.mark.parametrize("rule", ["circles.elect_by", "officers.spending_by"])
def test_a_rule_that_names_a_way_of_deciding_names_one_there_is(inside, idea, at, rule):
    entry = dict(bylaws.book().rules[rule])
    entry["options"] = [*entry["options"], "whim", "never"]
    rewrite(at, rules={rule: entry})
    for name in ("whim", "never"):
        with pytest.raises(services.CannotBeDecided) as refused:
            idea(change(rule, "simple", base=2, set=name), title=name)
        assert refused.value.code_of_fault == "uncountable"
    assert idea(change(rule, "simple", base=2, set="special"), title="special").number == 1


def test_what_was_wrong_before_keeps_no_other_change_away(inside, idea, at):
    rewrite(at, procedures={"odd": {"kind": "majority", "rank": 2, "roll": "members", "threshold": "1/2", "of": "whom"}})
    assert set(countable.faults(bylaws.book().document)) == {"odd"}
    assert idea(change(base=2, set="0.06")).number == 1


def test_nothing_a_blueprint_founds_is_uncountable(inside, wheels):
    assert countable.faults(bylaws.book().document) == {}

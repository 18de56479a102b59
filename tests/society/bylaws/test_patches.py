"""What may not happen to the rules, whatever is proposed and whoever passes it."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toadlane.kernel import canonical
from toadlane.society.bylaws.rules import NotARule, patches, ways
from toadlane.society.bylaws.rules.patches import Conflict, Op, Patch

PROCEDURES = {
    "light": {"kind": "consent", "threshold": "1/2", "op": "gt", "rank": 1},
    "simple": {"kind": "majority", "threshold": "1/2", "op": "gt", "rank": 2},
    "special": {"kind": "majority", "threshold": "2/3", "op": "ge", "rank": 3},
    "overwhelming": {"kind": "majority", "threshold": "4/5", "op": "ge", "rank": 4},
    "never": {"kind": "never", "rank": 9},
}
PASSED = date(2027, 3, 1)
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
GUARDS = ["light", "simple", "special", "overwhelming"]
hundredths = st.integers(0, 100).map(lambda n: str(Fraction(n, 100)))


@st.composite
def documents(draw):
    rules = {}
    for number in range(draw(st.integers(1, 5))):
        entry = {"type": "rate", "value": draw(hundredths), "tier": "policy", "procedure": draw(st.sampled_from(GUARDS)),
                 "delay_days": draw(st.integers(0, 60)), "minimum": "0", "maximum": "1"}  # fmt: skip
        if draw(st.booleans()):
            entry["floor"] = {"min": str(Fraction(entry["value"]) / 2), "law": "art. 1"}
        rules[f"r.{number}"] = entry
    rules["surplus.asset_lock"] = {"type": "flag", "value": True, "tier": "entrenched", "procedure": "never", "delay_days": 0}
    return {"rules": rules, "procedures": PROCEDURES}


@st.composite
def changes(draw, document):
    ids = draw(st.lists(st.sampled_from(sorted(document["rules"])), min_size=1, max_size=3, unique=True))
    ops = []
    for rule in ids:
        entry = document["rules"][rule]
        new = {"set": draw(hundredths) if entry["type"] == "rate" else False}
        if draw(st.booleans()):
            new["procedure"] = draw(st.sampled_from(GUARDS))
        ops.append(Op(rule, entry["value"], **new))
    return Patch(1, tuple(ops))


def judge(document, patch, by):
    return patches.judge(document, patch, version=1, passed_by=by, passed_on=PASSED)


@given(st.data())
def test_nothing_passes_below_the_guards_it_would_change(data):
    document = data.draw(documents())
    patch, by = data.draw(changes(document)), data.draw(st.sampled_from(GUARDS))
    if judge(document, patch, by).state == "scheduled":
        for op in patch.ops:
            own = PROCEDURES[document["rules"][op.rule]["procedure"]]["rank"]
            new = PROCEDURES[op.procedure]["rank"] if op.procedure else own
            assert PROCEDURES[by]["rank"] >= max(own, new)
            if new < own:
                assert PROCEDURES[by]["rank"] > own


@given(st.data())
def test_what_is_scheduled_applies_and_stays_within_the_law(data):
    document = data.draw(documents())
    before, patch = deepcopy(document), data.draw(changes(document))
    assume(judge(document, patch, "overwhelming").state == "scheduled")
    after = patches.apply(document, patch)
    assert document == before
    assert after["rules"]["surplus.asset_lock"] == before["rules"]["surplus.asset_lock"]
    for rule, entry in after["rules"].items():
        if "floor" in entry:
            assert Fraction(entry["value"]) >= Fraction(entry["floor"]["min"])
        if rule not in {op.rule for op in patch.ops}:
            assert entry == before["rules"][rule]
    assert not ways.unreachable(after)


@given(st.data())
def test_nothing_takes_effect_before_the_longest_delay(data):
    document = data.draw(documents())
    patch = data.draw(changes(document))
    verdict = judge(document, patch, "overwhelming")
    assume(verdict.effective)
    longest = max(document["rules"][op.rule]["delay_days"] for op in patch.ops)
    assert verdict.effective == PASSED + timedelta(days=longest)


@given(st.data())
def test_history_replays_byte_for_byte(data):
    founding = data.draw(documents())
    current, history = founding, []
    for _ in range(4):
        patch = data.draw(changes(current))
        if judge(current, patch, "overwhelming").state == "scheduled":
            current = patches.apply(current, patch)
            history.append(patch)
    replayed = founding
    for patch in history:
        replayed = patches.apply(replayed, patch)
    assert canonical.text(replayed) == canonical.text(current)


@given(st.data(), hundredths)
def test_a_rule_that_moved_is_a_conflict_and_one_that_did_not_rebases(data, other):
    document = data.draw(documents())
    value = document["rules"]["r.0"]["value"]
    if other == value:
        patches.apply(document, Patch(0, (Op("r.0", value, value),)))  # An older base is no conflict by itself.
    else:
        assert judge(document, Patch(1, (Op("r.0", other, value),)), "overwhelming").why == "conflict"
        with pytest.raises(Conflict):
            patches.apply(document, Patch(1, (Op("r.0", other, value),)))


@pytest.mark.parametrize(
    ("ops", "why"),
    [
        ((Op("r.0", "1/2", "1/4"), Op("r.0", "1/2", "1/5")), "rule_twice"),
        ((Op("r.0", "1/2", 0.25),), "wrong_type"),
        ((Op("r.0", "1/2", "5/4"),), "beyond_maximum"),
        ((Op("r.0", "1/2", procedure="nobody"),), "unknown_procedure"),
        ((Op("surplus.asset_lock", True, False),), "entrenched"),
        ((Op("surplus.asset_lock", 1, False),), "entrenched"),
        ((), "empty"),
    ],
)
def test_faults_are_named(ops, why):
    rule = {"type": "rate", "value": "1/2", "tier": "policy", "procedure": "simple", "delay_days": 15, "maximum": "1"}
    lock = {"type": "flag", "value": True, "tier": "entrenched", "procedure": "never", "delay_days": 0}
    document = {"rules": {"r.0": rule, "surplus.asset_lock": lock}, "procedures": PROCEDURES}
    assert judge(document, Patch(1, ops), "overwhelming").why == why


@pytest.mark.parametrize(
    ("expect", "holds"), [("0.5", True), ("1/2", True), ("0.50", True), ("0.51", False), (1, False), ("x", False)]
)
def test_a_rate_is_expected_as_a_number_however_it_is_written(expect, holds):
    rule = {"type": "rate", "value": "1/2", "tier": "policy", "procedure": "simple", "delay_days": 15}
    document, patch = {"rules": {"r.0": rule}, "procedures": PROCEDURES}, Patch(1, (Op("r.0", expect, "1/4"),))
    assert (judge(document, patch, "overwhelming").why == "conflict") is not holds
    if holds:
        assert patches.apply(document, patch)["rules"]["r.0"]["value"] == "1/4"
    else:
        with pytest.raises(Conflict):
            patches.apply(document, patch)


def test_applying_refuses_a_value_beyond_the_law():
    rule = {"type": "rate", "value": "1/2", "tier": "policy", "procedure": "simple", "delay_days": 0,
            "floor": {"min": "1/5", "law": "art. 58"}}  # fmt: skip
    with pytest.raises(NotARule, match="below_legal_floor"):
        patches.apply({"rules": {"r.0": rule}, "procedures": PROCEDURES}, Patch(1, (Op("r.0", "1/2", "1/10"),)))


def guarded(quorum="1/3", named="special"):
    """A document whose special vote takes its quorum from a rule, and a rule that names how something is decided."""
    special = {"type": "rate", "value": quorum, "tier": "constitutional", "procedure": "special", "delay_days": 30}
    spending = {
        "type": "enum",
        "value": named,
        "options": GUARDS,
        "tier": "constitutional",
        "procedure": "special",
        "delay_days": 0,
    }
    procedures = {**PROCEDURES, "special": {**PROCEDURES["special"], "quorum_rule": "gov.special.quorum"}}
    return {"rules": {"gov.special.quorum": special, "officers.spending_by": spending}, "procedures": procedures}


@pytest.mark.parametrize(
    ("rule", "expect", "new", "by"),
    [
        ("gov.special.quorum", "1/3", "0", "overwhelming"),
        ("gov.special.quorum", "1/3", "0.3333", "overwhelming"),
        ("gov.special.quorum", "1/3", "0.3334", "special"),
        ("gov.special.quorum", "1/3", "2/6", "special"),
        ("officers.spending_by", "special", "simple", "overwhelming"),
        ("officers.spending_by", "special", "overwhelming", "special"),
    ],
)
def test_weakening_a_guard_by_a_value_takes_more_than_the_guard(rule, expect, new, by):
    document, patch = guarded(), Patch(1, (Op(rule, expect, set=new),))
    assert patches.procedure_for(document, patch) == by
    below = GUARDS[GUARDS.index(by) - 1]
    assert judge(document, patch, by).state == "scheduled" and judge(document, patch, below).why == "wrong_procedure"


def test_a_weaker_way_is_named_by_a_vote_one_rank_above_it():
    """From the simple vote to a lighter way, the special one that guards the rule is enough."""
    assert (
        patches.procedure_for(guarded(named="simple"), Patch(1, (Op("officers.spending_by", "simple", set="light"),)))
        == "special"
    )


@given(old=hundredths, new=hundredths)
def test_no_quorum_is_lowered_by_the_vote_that_it_guards(old, new):
    document, patch = guarded(quorum=old), Patch(1, (Op("gov.special.quorum", old, set=new),))
    scheduled = judge(document, patch, "special").state == "scheduled"
    assert scheduled == (Fraction(new) >= Fraction(old))


@pytest.mark.parametrize(
    "action", ["votes.cast", "ballots", "recalls.open", "guardians.elect", "data.requests.answer", "payouts.due"]
)
def test_no_list_makes_pausable_what_nobody_may_pause(action):
    terms = {"signers": 5, "needed": 2, "started": AT, "now": AT}
    assert patches.standing(action=action, pausable=[action], **terms) == "running"
    assert patches.standing(action="payouts.batch", **terms) == "paused"
    assert patches.standing(action="votesy", pausable=["votesy"], **terms) == "paused", "only what is part of it"


def test_all_that_is_wrong_is_told_the_gravest_first():
    document = {
        "rules": {"a": {"type": "rate", "value": "0.1", "tier": "entrenched", "procedure": "never", "delay_days": 0}},
        "procedures": PROCEDURES,
    }
    about = {"passed_by": "special", "passed_on": PASSED}
    assert patches.faults(document, Patch(1, ()), **about) == ["empty"]
    assert patches.faults(document, Patch(1, (Op("a", "0.1", set="0.2"),)), **about) == ["entrenched", "wrong_procedure"]

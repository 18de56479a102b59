"""Majorities, quorums, blocks, and when a vote may close: on both sides of every edge."""

from fractions import Fraction

import pytest

from toadlane.democracy.counting.policies import majorities, plural
from toadlane.democracy.counting.policies.majorities import FactMissing, Majority
from toadlane.democracy.counting.policies.reading import BadProcedure, Written
from toadlane.democracy.counting.policies.tallies import Roll, Tally
from toadlane.society.bylaws.rules import packs

# The rules of a members' server, as its members wrote them: an ordinary decision and a change of the bylaws.
ORDINARY = {"threshold": "1/2", "op": "ge", "of": "present", "block": {"override": "9/10"}}
BYLAWS = {"threshold": "3/4", "op": "ge", "of": "present", "block": {"override": "19/20"}}


def rule(**table) -> Majority:
    written = Written("rule", table)
    found = Majority.read(written)
    written.done()
    return found


def judged(table, *, eligible=None, present=None, everyone=None, **votes):
    tally = Tally.read({key.rstrip("_"): count for key, count in votes.items()})
    return majorities.judge(rule(**table), tally, Roll(eligible=eligible, present=present, everyone=everyone))


def test_abstentions_count_where_the_share_is_of_those_present():
    """22 agree, 5 abstain, 1 disagrees and nobody blocks, of 111 members."""
    result = judged(ORDINARY, eligible=111, for_=22, abstain=5, against=1)
    assert result.passed and result.share == Fraction(22, 28) and round(float(result.share) * 100, 1) == 78.6
    assert judged(BYLAWS, eligible=111, for_=22, abstain=5, against=1).passed
    assert judged({**ORDINARY, "of": "eligible"}, eligible=111, for_=22, abstain=5, against=1).why == "threshold"


@pytest.mark.parametrize(("for_", "against", "passed"), [(89, 10, False), (90, 9, True)])
def test_one_block_stands_at_89_percent_and_is_overridden_at_90(for_, against, passed):
    result = judged(ORDINARY, for_=for_, against=against, block=1)
    assert (result.passed, result.why) == (passed, "" if passed else "blocked")


def test_without_a_veto_a_block_is_a_vote_against():
    assert judged({"threshold": "1/2"}, for_=2, against=1, block=1).why == "threshold"
    assert judged({"threshold": "1/2"}, for_=3, against=1, block=1).passed


def test_a_veto_without_an_override_always_stands():
    assert judged({"threshold": "1/2", "block": {}}, for_=1000, block=1).why == "blocked"
    assert judged({"threshold": "1/2", "block": {}}, for_=1000).passed


@pytest.mark.parametrize("of", majorities.BASES)
@pytest.mark.parametrize("op", majorities.OPS)
def test_nothing_passes_without_a_vote_for_it(of, op):
    for votes in ({}, {"abstain": 7}):
        result = judged({"threshold": "1/3", "op": op, "of": of}, eligible=10, present=7, **votes)
        assert not result.passed and result.why == "threshold"
    assert not judged({"max_opposed": 1}, against=1).passed


def test_the_same_votes_pass_under_one_law_and_fail_under_another():
    votes = {"for_": 59, "against": 10, "abstain": 21}
    assert not judged({"threshold": "2/3", "op": "ge", "of": "present"}, present=90, **votes).passed
    assert judged({"threshold": "2/3", "op": "ge", "of": "cast"}, present=90, **votes).passed


def test_members_who_are_not_on_the_roll_count_where_the_rule_says_all():
    assert judged({"threshold": "1/2", "of": "all"}, eligible=10, everyone=12, for_=7).passed
    assert not judged({"threshold": "1/2", "of": "all"}, eligible=10, everyone=14, for_=7).passed


@pytest.mark.parametrize(("counts", "reached"), [("present", True), ("cast_all", True), ("cast", False), ("for_abstain", False)])
def test_what_counts_for_a_quorum_is_said(counts, reached):
    quorum = {"number": 20, "counts": counts}
    assert judged({"threshold": "1/2", "quorum": quorum}, for_=8, against=5, abstain=7).passed == reached


def test_whoever_blocks_takes_part():
    for counts, reached in (("cast", True), ("for_abstain", False)):
        table = {"threshold": "1/2", "quorum": {"number": 10, "counts": counts}, "block": {"override": "1/2"}}
        assert judged(table, for_=8, block=2).passed == reached


def test_a_quorum_of_half_is_reached_or_exceeded_as_it_says():
    for op, passed in (("ge", True), ("gt", False)):
        assert judged({"threshold": "1/2", "quorum": {"fraction": "1/2", "op": op}}, eligible=10, for_=5).passed == passed


def test_of_a_fraction_and_a_number_the_smaller_is_enough():
    """Ley 27/1999, art. 25, second call: ten percent, or a hundred votes."""
    second = {"threshold": "1/2", "quorum": {"fraction": "1/10", "number": 100}}
    assert judged(second, eligible=5000, for_=100).passed and not judged(second, eligible=5000, for_=99).passed
    assert judged(second, eligible=50, for_=5).passed and not judged(second, eligible=50, for_=4).passed


def test_each_class_has_its_quorum_where_the_rule_is_about_classes():
    """Regulation 1435/2003, art. 61(3): a special quorum of members who are not investors."""
    of_users = rule(threshold="1/2", quorum={"fraction": "1/2", "of": "class", "classes": ["users"]})
    roll = Roll(eligible=14, colleges={"users": Roll(eligible=10), "investors": Roll(eligible=4)})
    users = Tally.of_colleges({"users": Tally(for_=5), "investors": Tally(against=4)})
    assert majorities.judge(of_users, users, roll).passed
    few = Tally.of_colleges({"users": Tally(for_=4), "investors": Tally(for_=4)})
    assert majorities.judge(of_users, few, roll).why == "quorum"
    each = rule(threshold="1/2", quorum={"fraction": "1/2", "of": "class"})
    assert [found.of_class for found in majorities.judge(each, few, roll).quorums] == ["users", "investors"]
    assert not majorities.judge(each, Tally.of_colleges({"users": Tally(for_=9)}), roll).passed
    with pytest.raises(FactMissing):
        majorities.judge(of_users, few, Roll(eligible=14))


def test_heads_count_for_a_quorum_of_members_and_votes_for_one_of_votes():
    weighted = plural.tally(packs.load("sce"), [(5, "for"), (5, "for"), (1, "against")])
    assert (weighted.for_, weighted.against, weighted.voters) == (10, 1, 3)
    roll = Roll(eligible=6, votes=20)
    assert not majorities.judge(rule(threshold="1/2", quorum={"number": 4}), weighted, roll).passed
    assert majorities.judge(rule(threshold="1/2", quorum={"fraction": "1/2", "of": "votes"}), weighted, roll).passed
    # Ten votes of twenty are not more than half of them, though two thirds of the six members are.
    assert majorities.judge(rule(threshold="1/2", of="eligible"), weighted, roll).why == "threshold"


def test_whoever_votes_from_afar_is_present_whatever_the_door_counted():
    assert judged({"threshold": "1/2", "of": "present"}, present=3, for_=3, abstain=1).base == 4


def test_consensus_minus_one():
    assert judged({"max_opposed": 1}, for_=11, against=1).passed
    assert judged({"max_opposed": 1}, for_=11, against=2).why == "opposed"
    assert judged({"max_opposed": 1}, for_=11, against=1, block=1).why == "opposed"
    fallback = {"max_opposed": 2, "max_opposed_fraction": "1/4", "of": "eligible"}
    assert judged(fallback, eligible=4, for_=1, against=2).passed, "the number, where it is more than the share"
    assert judged(fallback, eligible=20, for_=1, against=5).passed, "the share, where it is more than the number"
    assert judged(fallback, eligible=20, for_=14, against=6).why == "opposed"


def test_a_number_that_nobody_gave_stops_the_count():
    with pytest.raises(FactMissing):
        judged({"threshold": "1/2", "of": "eligible"}, for_=5)
    with pytest.raises(ValueError, match="fewer than no votes"):
        Tally(for_=-1)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({}, "threshold"),
        ({"threshold": "0"}, "threshold"),
        ({"threshold": "1", "op": "gt"}, "threshold"),
        ({"threshold": "3/2"}, "threshold"),
        ({"threshold": 0.5}, "threshold"),
        ({"threshold": "1e999999999"}, "threshold"),
        ({"threshold": "1/0"}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"threshold": "1/2", "op": ">"}, "op"),
        ({"threshold": "1/2", "of": "everybody"}, "of"),
        ({"threshold": "1/2", "quorum": {}}, "quorum.fraction"),
        ({"threshold": "1/2", "quorum": {"fraction": "1", "op": "gt"}}, "quorum.fraction"),
        ({"threshold": "1/2", "quorum": {"number": 4, "classes": ["users"]}}, "quorum.classes"),
        ({"threshold": "1/2", "quorum": {"number": -4}}, "quorum.number"),
        ({"threshold": "1/2", "quorum": {"number": 4, "off": "all"}}, "quorum.off"),
        ({"threshold": "1/2", "block": {"override": "9/10", "by": "two"}}, "block.by"),
        ({"threshold": "1/2", "max_oposed": 1}, "max_oposed"),
    ],
)
def test_what_a_rule_cannot_say_is_refused_by_name(table, key):
    with pytest.raises(BadProcedure) as error:
        rule(**table)
    assert error.value.field == f"rule.{key}"


def settled(table, *, eligible, **votes):
    found = rule(**table)
    tally = Tally.read({key.rstrip("_"): count for key, count in votes.items()})
    roll = Roll(eligible=eligible)
    return majorities.is_settled(lambda one: majorities.judge(found, one, roll).passed, tally, roll)


@pytest.mark.parametrize(
    ("table", "votes", "expected"),
    [
        ({"threshold": "1/2"}, {"for_": 51}, True),
        ({"threshold": "1/2"}, {"for_": 50}, False),
        ({"threshold": "1/2"}, {"against": 50}, True),  # Fifty against leave fifty at most: never more than half.
        ({"threshold": "1/2"}, {"against": 49}, False),
        ({"threshold": "1/2", "op": "ge"}, {"for_": 50}, True),
        ({"threshold": "2/3", "op": "ge"}, {"for_": 66}, False),
        ({"threshold": "2/3", "op": "ge"}, {"for_": 67}, True),
        ({"threshold": "1/2", "of": "eligible"}, {"for_": 40, "against": 5, "abstain": 45}, True),
        ({"threshold": "1/2", "of": "present"}, {"for_": 40, "abstain": 50}, True),
        # A block may still come, and ninety percent override it only when they are sure.
        ({"threshold": "1/2", "block": {"override": "9/10"}}, {"for_": 89}, False),
        ({"threshold": "1/2", "block": {"override": "9/10"}}, {"for_": 90}, True),
        ({"max_opposed": 1}, {"for_": 98, "against": 1}, False),
        ({"max_opposed": 1}, {"for_": 99, "against": 1}, True),
        ({"max_opposed": 1}, {"against": 2}, True),
        ({"threshold": "1/2", "quorum": {"number": 60}}, {"for_": 55}, False),
        ({"threshold": "1/2", "quorum": {"number": 60}}, {"for_": 55, "abstain": 5}, True),
    ],
)
def test_a_vote_is_settled_when_nothing_to_come_can_change_it(table, votes, expected):
    assert settled(table, eligible=100, **votes) == expected


@pytest.mark.parametrize(
    ("quorum_at", "closes"), [(None, 1000), (900, 1000), (950, 1000), (951, 1001), (1000, 1050), (1001, 1000)]
)  # fmt: skip
def test_a_quorum_reached_late_leaves_time_to_answer(quorum_at, closes):
    assert majorities.closing(1000, quorum_at, 50) == closes


def test_plural_votes_lapse_where_the_law_says_so():
    ballots = [(3, "for"), (1, "against"), (1, "against")]
    assert plural.tally(packs.load("de-eg"), ballots, mandatory_majority="2/3").for_ == 3
    assert plural.tally(packs.load("de-eg"), ballots, mandatory_majority="9/10").for_ == 1
    assert plural.tally(packs.load("de-eg"), ballots, about_plural_votes=True).for_ == 1
    assert plural.tally(packs.load("sce"), ballots, mandatory_majority="3/4").for_ == 3, "only German law lets them lapse"
    assert plural.tally(packs.load("de-eg"), [(7, "for")]).for_ == 3, "nobody has more than the law allows"


@pytest.mark.parametrize(
    ("pack", "whose", "votes", "total", "lawful"),
    [
        ("sce", "member", 5, 17, True),
        ("sce", "member", 5, 16, False),
        ("sce", "member", 6, 100, False),
        ("sce", "investors", 25, 100, True),
        ("sce", "investors", 26, 100, False),
        ("sce", "employees", 15, 100, True),
        ("sce", "employees", 16, 100, False),
        ("es-27-1999", "collaborators", 30, 100, True),
        ("es-27-1999", "collaborators", 31, 100, False),
        ("es-27-1999", "member", 5, 15, True),
        ("es-27-1999", "member", 5, 14, False),
        ("de-eg", "member", 3, 5, True),
        ("de-eg", "member", 4, 500, False),
        ("de-eg", "investors", 24, 100, True),
        ("de-eg", "investors", 25, 100, False),
        ("uk-society", "member", 2, 100, False),
        ("none", "member", 99, 100, True),
    ],
)
def test_the_law_caps_votes(pack, whose, votes, total, lawful):
    if lawful:
        plural.check(packs.load(pack), whose, votes, total)
    else:
        with pytest.raises(plural.TooManyVotes):
            plural.check(packs.load(pack), whose, votes, total)

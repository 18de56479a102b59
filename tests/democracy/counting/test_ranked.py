"""Instant runoff and the single transferable vote: the rules one by one, and the ends of the scale."""

from fractions import Fraction

import pytest

from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.profiles import OVERVOTE, SKIPPED, BadWeight, TooHeavy, collect
from toadlane.democracy.counting.policies.results import Result
from toadlane.democracy.counting.policies.ties import LotNamesStranger, LotNamesTwice

RANKED = ["irv", "stv", "scottish-stv", "schulze", "ranked-pairs"]


def count(method: str, *ballots: tuple[int, str], options: str = "abcd", lot: str = "", **params: object) -> Result:
    """Count ballots such as (3, "abc"): three who put a before b before c."""
    return METHODS[method].count([(list(ranking), weight) for weight, ranking in ballots], list(options), params, list(lot))


# --- instant runoff


def test_more_than_half_is_needed_and_half_is_not_enough():
    assert count("irv", (51, "a"), (49, "b")).stages[0].needed == 51 and len(count("irv", (51, "a"), (49, "b")).stages) == 1
    half = count("irv", (50, "a"), (26, "b"), (24, "c"), options="abc")
    assert len(half.stages) == 2 and half.winners == ["a"]
    assert [dict(stage.totals) for stage in half.stages] == [{"a": 50, "b": 26, "c": 24}, {"a": 50, "b": 26}]
    assert half.stages[1].needed == 39 and half.stages[1].non_transferable == 24, "half of what still counts"


def test_an_earlier_stage_tells_equals_apart_and_the_most_recent_first():
    votes = ((10, "a"), (6, "b"), (4, "cb"), (5, "d"), (1, "ed"))
    result = count("irv", *votes, options="abcde")
    assert result.extra["eliminated"] == ["e", "c", "d", "b"], "b drew level with a, and had fewer before"
    equal = count("irv", (5, "a"), (3, "b"), (2, "cb"), (5, "d"), (9, "e"), options="abcde")
    assert equal.ties[0].candidates == ("a", "b", "d") and equal.ties[0].by == "earlier_stage"
    assert (equal.ties[0].chosen, equal.ties[0].at_stage) == ("b", 1), "b had fewer before c went"


def test_the_lot_falls_on_who_is_drawn_first_and_is_told():
    votes = ((4, "ab"), (2, "b"), (2, "cb"))
    drawn = count("irv", *votes, options="abc", lot="cba")
    assert (drawn.extra["eliminated"], drawn.tie, drawn.ties[0].by) == (["c", "b"], True, "lot")
    assert count("irv", *votes, options="abc", lot="bca").extra["eliminated"][0] == "b"
    assert count("irv", *votes, options="abc").ties[0].by == "order", "no lot was published"
    assert count("irv", *votes, options="abc", lot="c").ties[0].by == "lot"
    assert count("irv", *votes, options="abc", lot="a").ties[0].by == "order", "a lot about somebody else"


@pytest.mark.parametrize(("lot", "error"), [("ax", LotNamesStranger), ("aa", LotNamesTwice)])
def test_a_lot_that_cannot_be_is_refused(lot, error):
    with pytest.raises(error):
        count("irv", (1, "a"), lot=lot)


@pytest.mark.parametrize(("ballot", "params", "first"), [
    ([SKIPPED, "a"], {}, "a"), ([SKIPPED, SKIPPED, "a"], {}, None), ([SKIPPED, SKIPPED, "a"], {"max_skipped": 2}, "a"),
    ([SKIPPED, SKIPPED, SKIPPED, "a"], {"max_skipped": None}, "a"), ([SKIPPED, "a"], {"max_skipped": 0}, None),
    ([OVERVOTE, "a"], {}, "a"), ([OVERVOTE, "a"], {"overvote": "exhaust"}, None), ([["b", "c"], "a"], {}, "a"),
    ([["b", "c"], "a"], {"overvote": "exhaust"}, None), ([SKIPPED, OVERVOTE, SKIPPED, "a"], {}, "a"),
])  # fmt: skip
def test_empty_and_doubled_ranks_are_read_as_the_rules_say(ballot, params, first):
    result = METHODS["irv"].count([(ballot, 3), (["d"], 1)], list("abcd"), params)
    assert result.stages[0].totals["a"] == (3 if first else 0)
    assert result.stages[0].non_transferable == (0 if first else 3) and result.valid == 4


def test_ranks_left_empty_at_the_end_say_nothing():
    result = METHODS["irv"].count([(["a", SKIPPED, SKIPPED, SKIPPED], 1), ([SKIPPED, SKIPPED], 2), ([], 3)], ["a", "b"], {})
    assert (result.valid, result.blank) == (1, 5)


@pytest.mark.parametrize(("repeats", "after"), [("skip", {"b": 5, "c": 4}), ("exhaust", {"b": 3, "c": 4})])
def test_an_option_named_again_is_passed_over_or_ends_the_ballot(repeats, after):
    result = METHODS["irv"].count([(["a", "a", "b"], 2), (["b"], 3), (["c"], 4)], list("abc"), {"repeats": repeats})
    assert dict(result.stages[1].totals) == after


def test_those_who_cannot_catch_up_go_together_only_where_that_is_asked():
    votes = ((40, "a"), (38, "b"), (5, "cb"), (4, "db"), (3, "eb"))
    one_by_one, batch = count("irv", *votes, options="abcde"), count("irv", *votes, options="abcde", batch=True)
    assert [stage.candidates for stage in batch.stages] == [(), ("c", "d", "e")]
    assert [stage.candidates for stage in one_by_one.stages] == [(), ("e",), ("d",), ("c",)]
    assert one_by_one.winners == batch.winners == ["b"]


def test_those_listed_to_go_first_go_first():
    result = count("irv", (4, "a"), (3, "bd"), (2, "c"), options="abcd", first_out=["b"])
    assert result.stages[1].candidates == ("b",)


def test_counting_on_until_two_are_left():
    votes = ((60, "a"), (25, "b"), (15, "cb"))
    assert len(count("irv", *votes, options="abc").stages) == 1
    assert dict(count("irv", *votes, options="abc", until="two").stages[-1].totals) == {"a": 60, "b": 40}


# --- the single transferable vote


@pytest.mark.parametrize(("valid", "seats", "kind", "votes"), [
    (100, 3, "droop", 26), (99, 3, "droop", 25), (1, 1, "droop", 1), (14207, 4, "droop", 2842),
    (100, 3, "hagenbach-bischoff", 25), (90, 4, "hare", Fraction(45, 2)),
])  # fmt: skip
def test_the_quota(valid, seats, kind, votes):
    assert count("stv", (valid, "a"), options="abcdef", seats=seats, quota=kind).quota == votes


def test_a_surplus_goes_on_in_part_and_what_is_cut_off_is_told():
    votes = ((33, "ab"), (20, "c"), (18, "d"), (10, "e"))
    exact = count("stv", *votes, options="abcde", seats=2)
    assert exact.quota == 28 and exact.stages[1].transfers == {"b": 5}
    cut = count("scottish-stv", *votes, options="abcde", seats=2)
    assert cut.stages[1].transfers == {"b": Fraction(33 * 15151, 100_000)}, "5/33 cut to 0.15151"
    assert cut.stages[1].non_transferable == 5 - Fraction(33 * 15151, 100_000)
    assert cut.as_json()["stages"][1]["totals"]["b"] == "4.99983"


def test_papers_that_were_passed_on_keep_their_part_when_passed_on_again():
    result = count("stv", (40, "abc"), (30, "ba"), (10, "c"), (10, "d"), options="abcd", seats=2)
    assert result.quota == 31
    assert result.stages[1].transfers == {"b": 9} and result.stages[1].elected == ("b",)
    assert len(result.stages) == 2, "both seats are filled: nothing more is passed on"


def test_the_largest_surplus_goes_first_and_equal_ones_by_lot():
    votes = ((40, "ac"), (36, "bd"), (5, "c"), (4, "d"), (5, "e"))
    assert [stage.candidates for stage in count("stv", *votes, options="abcde", seats=3).stages[:3]] == [(), ("a",), ("b",)]
    equal = ((40, "ac"), (40, "bd"), (5, "c"), (4, "d"), (5, "e"))
    assert count("stv", *equal, options="abcde", seats=3, lot="b").stages[1].candidates == ("b",)


def test_who_is_left_when_seats_are_left_for_all_is_elected_without_the_quota():
    result = count("scottish-stv", (5, "a"), (3, "b"), options="ab", seats=3)
    assert [(one.candidate, one.stage, one.how) for one in result.elected] == [("a", 1, "quota"), ("b", 1, "quota")]
    result = count("scottish-stv", (9, "a"), (3, "b"), (1, "c"), options="abc", seats=2)
    assert result.elected[-1].how == "remaining"
    assert count("scottish-stv", (5, "a"), options="abc", seats=5).extra["vacant"] == 2


def test_scottish_papers_end_at_a_gap_or_a_doubled_rank():
    votes = [(["a", SKIPPED, "b"], 3), (["a", ["b", "c"], "d"], 2), (["b"], 6), (["c"], 7)]
    gone = METHODS["scottish-stv"].count(votes, list("abcd"), {"seats": 1}).stages[2]
    assert (gone.candidates, gone.transfers, gone.non_transferable) == (("a",), {}, 5)
    gone = METHODS["stv"].count(votes, list("abcd"), {"seats": 1}).stages[2]
    assert (gone.candidates, gone.transfers) == (("a",), {"b": 3}), "elsewhere one empty rank may be passed over"


def test_scottish_papers_without_a_first_choice_are_rejected_not_counted():
    votes = [([SKIPPED, "a"], 3), ([["a", "b"]], 2), (["b"], 5), ([], 1)]
    result = METHODS["scottish-stv"].count(votes, list("abc"), {"seats": 1})
    assert (result.valid, result.rejected, result.blank, result.quota) == (5, 5, 1, 3)


# --- the ends of the scale, for all of them


@pytest.mark.parametrize("method", RANKED)
def test_nobody_is_elected_where_nobody_voted(method):
    for votes in ([], [([], 5)], [(["a"], 0)]):
        result = METHODS[method].count(votes, ["a", "b"], {})
        assert result.winners == [] and result.valid == 0 and set(result.ranking) == {"a", "b"}


@pytest.mark.parametrize("method", RANKED)
def test_a_ballot_without_options_elects_nobody(method):
    assert METHODS[method].count([([], 3)], [], {}).winners == []
    withdrawn = collect([(["a", "b"], 3)], ["a", "b"]).without(["a", "b"])
    assert METHODS[method].rank(withdrawn, {}).winners == [] and withdrawn.blank == 3


@pytest.mark.parametrize("method", RANKED)
def test_who_has_withdrawn_was_never_there(method):
    profile = collect([(["a", "c", "b"], 3), ([["a", "b"], "c"], 2), (["c"], 4), (["a"], 1)], list("abc"))
    plain = collect([(["c", "b"], 3), (["b", "c"], 2), (["c"], 4), ([], 1)], list("bc"))
    assert METHODS[method].rank(profile.without("a"), {}) == METHODS[method].rank(plain, {})


@pytest.mark.parametrize("method", RANKED)
def test_one_option_is_elected_by_one_vote(method):
    assert METHODS[method].count([(["a"], 1)], ["a"], {}).winners == ["a"]


@pytest.mark.parametrize("method", ["stv", "scottish-stv", "schulze", "ranked-pairs"])
def test_more_seats_than_candidates_elects_them_all(method):
    result = METHODS[method].count([(["a", "b"], 2), (["b"], 1)], ["a", "b", "c"], {"seats": 7})
    assert sorted(result.winners) == ["a", "b", "c"]


@pytest.mark.parametrize("method", RANKED)
def test_where_all_are_equal_the_lot_alone_decides(method):
    votes = [([name], 1) for name in "abc"]
    result = METHODS[method].count(votes, list("abc"), {}, list("bca"))
    assert result.tie and result.winners == (["b"] if method in ("schulze", "ranked-pairs") else ["a"])


@pytest.mark.parametrize("method", RANKED)
def test_weights_count_exactly_as_so_many_votes_and_may_be_fractions(method):
    many = [(["a", "b"], 1)] * 3 + [(["b", "a"], 1)] * 2 + [(["c", "b"], 1)]
    few = [(["a", "b"], 3), (["b", "a"], 2), (["c", "b"], 1)]
    assert METHODS[method].count(many, list("abc"), {}) == METHODS[method].count(few, list("abc"), {})
    halves = METHODS[method].count([(choice, Fraction(weight, 2)) for choice, weight in few], list("abc"), {})
    assert halves.valid == 3 and halves.winners == METHODS[method].count(few, list("abc"), {}).winners


@pytest.mark.parametrize("weight", [-1, 0.5, "3", True, None])
def test_a_weight_that_is_no_exact_number_is_refused(weight):
    with pytest.raises(BadWeight):
        collect([(["a"], weight)], ["a"])


def test_weights_past_all_counting_are_refused_and_large_ones_are_exact():
    with pytest.raises(TooHeavy):
        collect([(["a"], 1 << 62)], ["a"])
    huge = (1 << 60) + 1
    result = METHODS["stv"].count([(["a", "b"], huge), (["b", "a"], 3), (["c"], 2)], list("abc"), {"seats": 2})
    assert result.stages[0].totals == {"a": huge, "b": 3, "c": 2}
    assert sum(result.stages[1].totals.values()) + result.stages[1].non_transferable == huge + 5


def test_three_hundred_options_and_a_ballot_that_names_them_all():
    options = [f"option {number}" for number in range(300)]
    result = METHODS["irv"].count([(options, 2), (options[::-1], 1)], options, {})
    assert result.winners == ["option 0"]
    assert METHODS["schulze"].count([(options, 2)], options, {}).ranking == tuple(options)

"""Approval, scores, dots, quadratic votes, matched gifts and shared budgets."""

from fractions import Fraction
from itertools import pairwise

import pytest

from toadlane.democracy.counting.policies.funding import ideal_match, match
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.opinions import MoreAgreeThanSaw, group_aware_consensus
from toadlane.democracy.counting.policies.results import Result

ABC = ["a", "b", "c"]


def count(method: str, votes: list, options: list[str] = ABC, lot: str = "", **params: object) -> Result:
    weighed = [vote if isinstance(vote, tuple) else (vote, 1) for vote in votes]
    return METHODS[method].count(weighed, options, params, list(lot))


# --- adding up


def test_the_most_approved_are_elected_and_a_tie_for_the_last_seat_is_told():
    votes = [(["a", "b"], 3), (["b"], 2), (["c"], 3), ([], 4)]
    one = count("approval", votes)
    assert (one.winners, one.valid, one.blank, one.tie) == (["b"], 8, 4, False)
    two = count("approval", votes, lot="ca", seats=2)
    assert (two.winners, two.tie, two.ties[0].candidates, two.ties[0].by) == (["b", "c"], True, ("c", "a"), "lot")
    assert not count("approval", votes, seats=3).tie, "nobody goes without a seat"
    assert count("approval", votes, seats=2).winners == ["b", "a"] and count("approval", votes, seats=2).ties[0].by == "order"


@pytest.mark.parametrize(("numbers", "mean", "median"), [
    ([0, 1, 5], "2", "1"), ([1, 2], "1.5", "1.5"), ([1, 1, 2], "4/3", "1"), ([3], "3", "3"), ([0, 5, 5, 5], "3.75", "5"),
    ([0, 0, 5, 5], "2.5", "2.5"),
])  # fmt: skip
def test_means_and_medians_are_exact(numbers, mean, median):
    told = count("score", [{"a": number} for number in numbers]).as_json()["extra"]
    assert (told["means"]["a"], told["medians"]["a"], told["means"]["b"]) == (mean, median, None)


def test_blanks_are_left_out_of_a_mean_or_count_as_the_lowest():
    votes = [{"a": 5}, {"a": 1, "b": 4}, {"b": 4}, {}]
    left_out = count("score", votes)
    assert left_out.winners == ["b"] and left_out.extra["means"] == {"a": 3, "b": 4, "c": None} and left_out.blank == 1
    assert left_out.extra["scored_by"] == {"a": 2, "b": 2, "c": 0} and left_out.ranking[-1] == "c"
    assert count("score", votes, blank="lowest").extra["means"] == {"a": 2, "b": Fraction(8, 3), "c": 0}
    assert count("score", votes, blank="lowest", min=-3).extra["means"]["c"] == -3


def test_equal_medians_are_told_apart_by_the_mean_and_equal_means_by_lot():
    votes = [{"a": 3, "b": 3}, {"a": 3, "b": 3}, {"a": 4, "b": 5}]
    assert count("score", votes, measure="median").winners == ["b"] and not count("score", votes, measure="median").tie
    level = [{"a": 3, "b": 2}, {"a": 2, "b": 3}]
    assert count("score", level, lot="ba").winners == ["b"] and count("score", level, lot="ba").tie


def test_weights_count_in_means_and_medians():
    assert count("score", [({"a": 0}, 3), ({"a": 5}, 2)]).extra["medians"]["a"] == 0
    assert count("score", [({"a": 0}, Fraction(1, 2)), ({"a": 5}, Fraction(3, 2))]).extra["means"]["a"] == Fraction(15, 4)


def test_votes_against_count_against():
    result = count("quadratic", [{"a": 9, "b": 4}, {"a": -3, "b": 9}, {"b": -10}])
    assert dict(result.stages[0].totals) == {"a": 6, "b": 3, "c": 0} and result.winners == ["a"]


# --- matched gifts


@pytest.mark.parametrize(("gifts", "ideal"), [
    ([400], 0), ([], 0), ([100] * 4, 1200), ([100, 400], 400), ([5, 5], 10), ([2, 8], 8), ([(100, 4)], 1200), ([0, 9], 0),
])  # fmt: skip
def test_many_small_gifts_are_matched_more_than_one_large(gifts, ideal):
    assert ideal_match(gifts) == ideal


def test_the_pool_is_shared_to_the_last_unit():
    ideal, matched = match({"p": [2, 3], "q": [7, 11], "r": [9]}, 1001)
    assert sum(matched.values()) == 1001 and matched["r"] == ideal["r"] == 0 and ideal == {"p": 5, "q": 18, "r": 0}
    assert match({"p": [400]}, 1000) == ({"p": 0}, {"p": 0})


def test_gifts_are_gathered_by_project_however_they_were_given():
    result = count("quadratic-funding", [({"a": 100, "b": 0}, 4), {"b": 400}, {}], pool=10_000)
    assert result.extra["match"] == {"a": 10_000, "b": 0, "c": 0} and result.winners == ["a"]
    assert (result.extra["givers"], result.valid, result.blank) == ({"a": 4, "b": 1, "c": 0}, 5, 1)


@pytest.mark.parametrize("groups", [[(11, 10)], [(-1, 10)]])
def test_no_more_can_agree_than_saw(groups):
    with pytest.raises(MoreAgreeThanSaw):
        group_aware_consensus(groups)


# --- budgets

COSTS = {"park": 60_000, "bikes": 50_000, "trees": 30_000, "bench": 10_000}
VOTES = [(["park"], 120), (["bikes"], 110), (["trees"], 40), (["bench"], 40)]


def test_most_votes_first_passes_over_what_no_longer_fits():
    result = count("knapsack", VOTES, list(COSTS), budget=100_000, costs=COSTS)
    assert result.winners == ["park", "trees", "bench"] and (result.extra["spent"], result.extra["left"]) == (100_000, 0)
    assert [stage.action for stage in result.stages] == ["fund", "skip", "fund", "fund"] and not result.tie


def test_equals_that_do_not_all_fit_are_told_apart_by_lot():
    params = {"budget": 90_000, "costs": COSTS}
    result = METHODS["knapsack"].count(VOTES, list(COSTS), params, ["bench"])
    assert result.winners == ["park", "bench"] and result.ties[0].candidates == ("bench", "trees") and result.ties[0].by == "lot"
    assert METHODS["knapsack"].count(VOTES, list(COSTS), params, ["trees"]).winners == ["park", "trees"]


def test_what_nobody_wants_is_not_funded_however_much_is_left():
    for method in ("knapsack", "equal-shares"):
        result = count(method, [["a"]], budget=100, costs={"a": 1, "b": 1, "c": 0})
        assert result.winners == ["a"] and result.extra["left"] == 99


def shares(votes: list, budget: int, costs: dict[str, int], **params: object) -> Result:
    return count("equal-shares", votes, list(costs), budget=budget, costs=costs, completion="none", **params)


def test_a_minority_gets_its_part_of_the_budget():
    votes = [(["a", "b"], 6), (["c"], 4)]
    costs = {"a": 50, "b": 50, "c": 40}
    assert count("knapsack", votes, list(costs), budget=100, costs=costs).winners == ["a", "b"]
    result = shares(votes, 100, costs)
    assert sorted(result.winners) == ["a", "c"] and result.extra["left"] == 10


def test_who_holds_less_gives_all_and_the_others_pay_the_rest_alike():
    """10 each. p takes 4 from 1 and 2, who then hold 6; q costs 25: they give 6 each, 3 pays 13 of 10: not affordable."""
    costs = {"p": 8, "q": 22, "r": 23}
    votes = [["p", "q", "r"], ["p", "q", "r"], ["q", "r"]]
    result = shares(votes, 30, costs, satisfaction="count")
    prices = {stage.candidates[0]: stage.notes["price"] for stage in result.stages}
    assert prices == {"p": 4, "q": 10} and result.winners == ["p", "q"], "6 + 6 + 10 pays q exactly; nothing is left for r"


def test_prices_are_exact_where_doubles_are_not():
    costs = {"p": 10, "q": 10, "r": 10}
    votes = [(["p"], 1), (["q"], 1), (["p", "q", "r"], 1)]
    result = shares(votes, 30, costs, satisfaction="count")
    assert [stage.notes["price"] for stage in result.stages] == [Fraction(5), Fraction(5), Fraction(0)][:2]
    third = shares([(["p"], 3), (["q"], 3), (["r"], 1)], 7, {"p": 1, "q": 2, "r": 1})
    assert [stage.notes["price"] for stage in third.stages] == [Fraction(1, 3), Fraction(2, 3), 1]


def test_what_is_left_goes_to_most_votes_where_that_is_the_rule():
    votes = [(["a"], 6), (["b"], 4)]
    costs = {"a": 60, "b": 40, "c": 10}
    assert count("equal-shares", votes, list(costs), budget=100, costs=costs).winners == ["a", "b"]
    dear = {"a": 70, "b": 40, "c": 10}
    result = count("equal-shares", votes, list(dear), budget=100, costs=dear)
    assert result.extra["by_shares"] == ["b"] and result.winners == ["b"] and result.stages[-1].action == "skip"
    result = count("equal-shares", [(["a"], 6), (["b"], 4)], list(dear), budget=115, costs=dear)
    assert result.extra["by_shares"] == ["b"] and result.winners == ["b", "a"] and result.stages[-1].action == "complete"


def test_a_weight_is_so_many_people():
    votes = [(["a", "b"], 3), (["b", "c"], 2), (["c"], 4)]
    single = [(choice, 1) for choice, weight in votes for _ in range(weight)]
    costs = {"a": 31, "b": 37, "c": 41}
    assert shares(votes, 100, costs) == shares(single, 100, costs)


def by_the_book(votes: list[list[str]], budget: int, costs: dict[str, int], satisfaction: str) -> list[str]:
    """Equal shares as the paper has it, in fractions and without any thought of speed."""
    purse = [Fraction(budget, len(votes))] * len(votes)
    left, funded = dict(costs), []
    while True:
        best: tuple | None = None
        for name, cost in left.items():
            fans = [n for n, vote in enumerate(votes) if name in vote]
            if not fans or sum(purse[n] for n in fans) < cost:
                continue
            held, price = sorted(purse[n] for n in fans), Fraction(0)
            missing, heads = Fraction(cost), len(fans)
            for purse_of_one in held:
                if purse_of_one * heads >= missing:
                    price = missing / heads
                    break
                missing, heads = missing - purse_of_one, heads - 1
            key = (price / (max(cost, 1) if satisfaction == "cost" else 1), -len(fans), list(costs).index(name))
            if best is None or key < best[0]:
                best = (key, name, price, fans)
        if best is None:
            return funded
        for n in best[3]:
            purse[n] = max(purse[n] - best[2], Fraction(0))
        funded.append(best[1])
        del left[best[1]]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("satisfaction", ["cost", "count"])
def test_equal_shares_are_those_of_the_paper(seed, satisfaction):
    import random

    chance = random.Random(seed)
    options = [f"p{n}" for n in range(chance.randint(2, 9))]
    costs = {name: chance.choice([7, 10, 10, 13, 30, 33, 50]) for name in options}
    votes = [chance.sample(options, chance.randint(1, len(options))) for _ in range(chance.randint(1, 25))]
    budget = chance.choice([20, 60, 99, 100])
    result = shares([(vote, 1) for vote in votes], budget, costs, satisfaction=satisfaction)
    assert result.winners == by_the_book(votes, budget, costs, satisfaction)
    assert sum(costs[name] for name in result.winners) <= budget
    prices = [stage.notes["price"] / (stage.notes["cost"] if satisfaction == "cost" else 1) for stage in result.stages]
    assert all(one <= other for one, other in pairwise(prices)), "later projects never cost less"

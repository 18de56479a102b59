"""One vote, checked before it is cast: each limit on both of its sides, each refusal by its name."""

import pytest

from toadlane.democracy.counting.policies import choices
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.params import BadParameter, UnknownParameter

ABC = ["a", "b", "c"]
MONEY = {"budget": 100, "costs": {"a": 60, "b": 50, "c": 10}}


def reason(method: str, choice: object, **params: object) -> str | None:
    try:
        METHODS[method].check(choice, ABC, params)
    except choices.BadChoice as refused:
        assert str(refused)
        return refused.code
    return None


@pytest.mark.parametrize(("method", "choice", "params", "code"), [
    ("irv", ["a", "b"], {}, None), ("irv", [], {}, None), ("irv", ["a", "d"], {}, "unknown_option"),
    ("irv", ["a", "a"], {}, "repeated_option"), ("irv", [["a", "b"], "c"], {}, "equal_ranks"), ("irv", "abc", {}, "not_a_vote"),
    ("irv", ["a", None, "b"], {}, "skipped_rank"), ("irv", ["a", [], "b"], {}, "skipped_rank"),
    ("irv", {"a": 1}, {}, "not_a_vote"),
    ("irv", [1], {}, "not_a_vote"), ("scottish-stv", [["a", "b"]], {}, "equal_ranks"),
    ("schulze", [["a", "b"], "c"], {}, None), ("ranked-pairs", [["a", "b"], "b"], {}, "repeated_option"),
    ("approval", ["a", "b"], {"most": 2}, None), ("approval", ABC, {"most": 2}, "too_many_options"),
    ("approval", ["a"], {"least": 2}, "too_few_options"), ("approval", [], {"least": 2}, None),
    ("approval", ["x"], {}, "unknown_option"), ("approval", ["a", "a"], {}, "repeated_option"),
    ("score", {"a": 5, "b": 0}, {}, None), ("score", {"a": 6}, {}, "score_out_of_range"),
    ("score", {"a": -1}, {}, "score_out_of_range"), ("score", {"a": -1}, {"min": -1}, None),
    ("score", {"a": 2.5}, {}, "not_whole"), ("score", {"a": True}, {}, "not_whole"), ("score", ["a"], {}, "not_a_vote"),
    ("score", {"x": 1}, {}, "unknown_option"), ("score", {"a": None}, {}, None),
    ("dot", {"a": 5, "b": 3}, {}, None), ("dot", {"a": 5, "b": 4}, {}, "too_many_dots"),
    ("dot", {"a": 9, "b": -1}, {}, "negative_dots"),
    ("dot", {"a": 3}, {"most_on_one": 3}, None), ("dot", {"a": 4}, {"most_on_one": 3}, "too_many_on_one"),
    ("quadratic", {"b": -10}, {}, None), ("quadratic", {"a": 10, "b": 1}, {}, "over_budget"),
    ("quadratic", {"a": 6, "b": -8}, {}, None),
    ("quadratic-funding", {"a": 100}, {"pool": 10}, None), ("quadratic-funding", {"a": -1}, {"pool": 10}, "negative_amount"),
    ("knapsack", ["a", "c"], MONEY, None), ("knapsack", ["a", "b"], MONEY, "over_budget"),
    ("knapsack", ["b"], {**MONEY, "min_spend_rate": "0.5"}, None),
    ("knapsack", ["b"], {**MONEY, "min_spend_rate": "0.51"}, "under_minimum"),
    ("knapsack", [], {**MONEY, "min_spend_rate": "0.51"}, None), ("knapsack", ["a"], {**MONEY, "least": 2}, "too_few_options"),
    ("knapsack", ["a", "c"], {**MONEY, "most": 1}, "too_many_options"), ("equal-shares", ["a", "b", "c"], MONEY, None),
    ("equal-shares", ["a", "b"], {**MONEY, "within": True}, "over_budget"), ("equal-shares", ["d"], MONEY, "unknown_option"),
])  # fmt: skip
def test_a_vote_is_taken_or_refused_by_name(method, choice, params, code):
    assert reason(method, choice, **params) == code


@pytest.mark.parametrize(("method", "choice", "code"), [
    ("score", {"a": 6}, "score_out_of_range"), ("dot", {"a": 9}, "too_many_dots"), ("approval", ["x"], "unknown_option"),
    ("irv", ["x"], "unknown_option"), ("irv", "a", "not_a_vote"), ("irv", {"a": 1}, "not_a_vote"), ("irv", None, "not_a_vote"),
])  # fmt: skip
def test_a_vote_that_could_not_be_cast_stops_the_count(method, choice, code):
    with pytest.raises(choices.BadChoice) as refused:
        METHODS[method].count([(["a"] if method in ("irv", "approval") else {"a": 1}, 1), (choice, 1)], ABC, {})
    assert refused.value.code == code


def test_two_options_of_one_name_are_no_ballot():
    with pytest.raises(choices.RepeatedOption):
        METHODS["approval"].count([], ["a", "a"], {})


@pytest.mark.parametrize("name", METHODS)
def test_every_method_says_what_it_is_and_what_it_can_be_told(name):
    method = METHODS[name]
    assert method.name == name and str(method.label) and str(method.about)
    assert method.kind in ("ranking", "approval", "scores", "dots", "credits", "amounts", "budget")
    needed = {"budget": 10, "costs": dict.fromkeys(ABC, 1), "pool": 10}
    said = {param.name: needed[param.name] for param in method.params if param.name in needed}
    settled = method.settled(said, ABC)
    assert set(settled) == {param.name for param in method.params} and all(str(param.label) for param in method.params)
    result = method.count([], ABC, said)
    assert not result.elected and result.valid == 0 and not result.tie, "what nobody voted on is not decided"
    with pytest.raises(UnknownParameter):
        method.settled({"colour": "red"}, ABC)


@pytest.mark.parametrize(("method", "params"), [
    ("irv", {"seats": 2}), ("stv", {"seats": 0}), ("stv", {"seats": True}), ("stv", {"quota": "large"}), ("stv", {"places": 10}),
    ("stv", {"seats": None}), ("irv", {"max_skipped": -1}), ("irv", {"first_out": ["x"]}), ("irv", {"batch": "yes"}),
    ("schulze", {"default": "x"}), ("knapsack", {"budget": 1}), ("knapsack", {"budget": -1, "costs": {}}),
    ("knapsack", {**MONEY, "costs": {"a": -1}}), ("knapsack", {**MONEY, "costs": {"x": 1}}),
    ("knapsack", {**MONEY, "min_spend_rate": "1.1"}),
    ("knapsack", {**MONEY, "min_spend_rate": "much"}), ("knapsack", {**MONEY, "min_spend_rate": 0.5}), ("score", {"min": "0"}),
])  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_refused(method, params):
    with pytest.raises(BadParameter):
        METHODS[method].settled(params, ABC)

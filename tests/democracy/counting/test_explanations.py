"""A result in plain words: every method has some, and they say what the numbers say."""

import pytest

from toadlane.democracy.counting.policies.explanations import METHODS as EXPLAINED
from toadlane.democracy.counting.policies.explanations import explain
from toadlane.democracy.counting.policies.methods import METHODS

SETTINGS = {
    "scottish-stv": {"seats": 2}, "stv": {"seats": 2}, "knapsack": {"budget": 100, "costs": {"a": 60, "b": 50, "c": 30}},
    "equal-shares": {"budget": 100, "costs": {"a": 60, "b": 50, "c": 30}}, "quadratic-funding": {"pool": 1000},
}  # fmt: skip
VOTES = {
    "ranking": [(["a", "b", "c"], 40), (["b", "c"], 30), (["c", "b"], 25), ([], 5)],
    "approval": [(["a", "b"], 40), (["b"], 30), ([], 5)], "budget": [(["a"], 40), (["b"], 30), (["c"], 5)],
}  # fmt: skip
NUMBERS = [({"a": 3, "b": 1}, 40), ({"b": 4}, 30), ({}, 5)]


def words(method: str, votes: list | None = None, lot: str = "", **params: object) -> str:
    kind = METHODS[method].kind
    result = METHODS[method].count(
        votes or VOTES.get(kind, NUMBERS), list("abc"), {**SETTINGS.get(method, {}), **params}, list(lot)
    )
    return "\n".join(explain(result, names={"a": "Ann", "b": "Ben", "c": "Cleo"}, money=lambda minor: f"{minor} €"))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_explains_itself_and_an_empty_vote(method):
    assert set(EXPLAINED) == set(METHODS)
    assert "Ann" in words(method) and "%" not in words(method)
    assert "Nobody cast a vote" in words(method, [([] if METHODS[method].kind in VOTES else {}, 3)])


def test_a_runoff_says_who_drops_out_where_votes_go_and_who_wins():
    said = words("irv")
    assert "95 votes count and 5 are blank." in said
    assert "Stage 2: Cleo has the fewest votes and drops out; its votes go on: 25 to Ben." in said
    assert said.endswith("Ben has 55 of the 95 votes that still count, and is elected.")
    lost = words("irv", [(["a"], 4), (["b"], 3), (["c"], 2)])
    assert "2 to nobody who is left" in lost
    assert "Cleo is counted out first" in words("irv", [(["a"], 4), (["b"], 4), (["c"], 5)], first_out=["c"])


def test_a_tie_says_what_decided_it():
    equal = [(["a"], 4), (["b"], 2), (["c"], 2)]
    assert "Ben and Cleo stand equal; the lot that was published falls on Cleo." in words("irv", equal, lot="cab")
    assert "no lot was published" in words("irv", equal)
    assert "at stage 1 they did not, and that decides: Ben" in words("irv", [(["a"], 5), (["b"], 3), (["c", "b"], 2)])


def test_a_transferable_vote_says_the_quota_each_surplus_and_the_last_seats():
    said = words("scottish-stv")
    assert "2 are to be elected. The quota, so many votes as secure a seat, is 32." in said
    assert "Ann reaches the quota with 40, and is elected." in said
    assert "Stage 2: Ann has 8 more than needed; so much goes on, a part of every paper: 8 to Ben." in said
    assert "Cleo is elected with" not in said and "Ben reaches the quota with 38" in said
    assert "there are as many left as seats" in words("stv", [(["a"], 9), (["b"], 1)], seats=3)
    assert "for want of candidates: 1" in words("stv", seats=4)


def test_condorcet_methods_say_who_is_before_whom():
    said, pair = words("schulze"), [(["b", "a", "c"], 55), (["a", "b"], 40)]
    assert "Ben is put before every other option" in said and "Ben before Ann: 55 votes to 40." in words("schulze", pair)
    circle = [(["a", "b", "c"], 4), (["b", "c", "a"], 3), (["c", "a", "b"], 2)]
    assert "No option is put before every other one" in words("ranked-pairs", circle)
    assert "Stage 3: Cleo over Ann, 5 to 4, would close a circle and is left out." in words("ranked-pairs", circle)
    assert "Cleo did not beat “Ann”" in words("schulze", [(["b", "a", "c"], 5)], default="a")
    assert words("schulze", [(["a", "b", "c"], 5)], default="a").endswith("Nobody is elected.")


def test_budgets_say_what_is_paid_and_by_whom():
    said = words("knapsack")
    assert "Stage 1: Ann has 40 votes, costs 60 €, and is funded." in said
    assert "Stage 2: Ben (30 votes) costs 50 €, more than what is left, 40 €." in said and said.endswith("What is left: 10 €.")
    shared = words("equal-shares", [(["a"], 1), (["b"], 40)])
    assert "Ben costs 50 €. Its 40 supporters pay it from their shares, at most 2 € each." in shared
    assert "Stage 2: Ann (1 vote) costs 60 €, more than what is left, 50 €." in shared


def test_equal_medians_are_told_apart_by_means_and_it_is_said():
    votes = [({"a": 3, "b": 1}, 1), ({"a": 3, "b": 5}, 1), ({"a": 3, "b": 3}, 1), ({"a": 2, "b": 3}, 1)]
    assert "Where these are equal, the means decide: Ben 3, Ann 2.75." in words("score", votes, measure="median")
    apart = words("score", [({"a": 3, "b": 1, "c": 0}, 1)], measure="median")
    assert "the means decide" not in apart


@pytest.mark.parametrize(
    ("papers", "says"),
    [
        ([(["a"], 1)], "1 vote counts and 0 are blank."),
        ([(["a"], 3), ([], 1)], "3 votes count and 1 is blank."),
    ],
)
def test_one_vote_is_spoken_of_as_one(papers, says):
    assert says in words("irv", papers)


def test_one_of_anything_is_spoken_of_as_one():
    one = words("irv", [(["a"], 1)])
    assert "Ann has 1 of the 1 vote that still counts, and is elected." in one
    assert "1 is to be elected." in words("stv", [(["a"], 3)], seats=1)
    assert "Ann before Ben: 1 vote to 0." in words("schulze", [(["a"], 1)])

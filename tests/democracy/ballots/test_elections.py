"""Elections and choices between many: ranked, approved, scored, dotted, bought and funded, from the paper to the result."""

import pytest

from toadlane.democracy.ballots.models import Rounds
from toadlane.democracy.ballots.policies import recounting
from toadlane.democracy.counting.policies.choices import BadChoice
from toadlane.democracy.proposals.models import Decision
from toadlane.kernel import canonical

CANDIDATES = [{"person": n, "name": name, "statement": ""} for n, name in enumerate(("Ana", "Ben", "Chi"), 1)]


@pytest.fixture
def election(poll, monkeypatch):
    """Return a maker of ballots among candidates. What an election does when it has passed is another room's."""
    from toadlane.democracy.proposals.queries import procedures

    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])

    def make(method, count=5, *, secrecy="open", seats=1, **params):
        # Who is elected to an office is decided in secret; a choice among other things need not be.
        kind = "elect" if secrecy == "secret" else "choice"
        contents = [{"kind": kind, "payload": {"office": "board", "seats": seats, "method": method, "candidates": CANDIDATES}}]
        terms = {"kind": "election", "method": method, "secrecy": secrecy, "threshold": None, "op": None, "of": None}
        return poll(count, contents=contents, params=params, **terms)

    return make


@pytest.mark.parametrize("secrecy", ["open", "secret"])
@pytest.mark.parametrize("method", ["irv", "scottish-stv", "stv", "schulze", "ranked-pairs"])
def test_a_ranked_election(election, method, secrecy):
    vote = election(method, secrecy=secrecy)
    for n, ranking in enumerate([["1", "2"], ["1", "3", "2"], ["1"], ["2", "3"], []]):
        vote.vote(n, ranking)
    ballot = vote.close()
    assert ballot.result["elected"] == ["1"] and ballot.result["outcome"] == "passed"
    assert Decision.objects.get().result["elected"] == ["1"]
    log = Rounds.objects.get(ballot=ballot).log
    assert log["elected"][0]["candidate"] == "1" and canonical.digest(log) == ballot.result["rounds"]
    assert (ballot.result["counted"]["valid"], ballot.result["counted"]["blank"]) == (4, 1)


@pytest.mark.parametrize(
    ("method", "params", "choices", "winner"),
    [
        ("approval", {}, [["1", "2"], ["2"], ["2", "3"], ["3"], []], "2"),
        ("score", {"max": 5}, [{"1": 5, "2": 0}, {"1": 1, "2": 3}, {"2": 5}, {"3": 1}, {}], "1"),
        ("dot", {"dots": 8}, [{"1": 5, "2": 3}, {"3": 8}, {"2": 8}, {"2": 1}, {}], "2"),
        ("quadratic", {"credits": 100}, [{"1": 9, "2": 4}, {"1": -3, "2": 9}, {"2": -10}, {}, {}], "1"),
    ],
)
def test_marks_of_other_kinds(election, method, params, choices, winner):
    vote = election(method, **params)
    for n, choice in enumerate(choices):
        vote.vote(n, choice)
    assert vote.close().result["elected"] == [winner]


def test_a_paper_over_its_budget_is_refused_when_it_is_cast(election):
    vote = election("quadratic", credits=100)
    with pytest.raises(BadChoice):
        vote.vote(0, {"1": 10, "2": 1})


def test_nobody_voted_so_nobody_is_elected(election):
    ballot = election("approval").close()
    assert ballot.result["outcome"] == "expired" and ballot.result["elected"] == []


def test_a_tie_between_candidates_falls_by_the_lot_that_anybody_can_draw(election):
    vote = election("approval", 2)
    vote.vote(0, ["1"])
    vote.vote(1, ["2"])
    ballot = vote.close()
    lot = recounting.drawn(ballot, ballot.board.root, ["1", "2", "3"])
    assert ballot.result["lot"] == lot and ballot.result["counted"]["tie"]
    assert ballot.result["elected"] == [next(name for name in lot if name in ("1", "2"))]

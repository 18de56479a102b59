"""One spelling for each paper, and rankings gathered without a step for each mark are those gathered one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.counting.policies import profiles
from toadlane.democracy.counting.policies.choices import BadChoice

OPTIONS = [{"id": one, "label": one.upper()} for one in ("ana", "ben", "chi", "dee")]
IDS = [option["id"] for option in OPTIONS]


@pytest.mark.parametrize(
    ("shape", "choice", "text"),
    [
        ("one", "ben", "2"), ("names", ["chi", "ana"], "1 3"), ("names", [], ""), ("ranking", ["chi", "ana"], "3 1"),
        ("ranking", ["chi", ["ben", "ana"], "dee"], "3 1=2 4"), ("numbers", {"ana": 5, "chi": -2}, "5 . -2 ."),
        ("numbers", {}, ""),
    ],
)  # fmt: skip
def test_a_paper_and_its_spelling(shape, choice, text):
    assert papers.write(choice, OPTIONS, shape) == text
    read = papers.read(text, OPTIONS, shape)
    assert papers.write(read, OPTIONS, shape) == text and len(text.encode()) <= papers.longest(OPTIONS, shape)


@pytest.mark.parametrize(
    ("shape", "choice"),
    [("one", "zoe"), ("one", ["ana"]), ("one", None), ("names", ["ana", "ana"]), ("names", "ana"), ("ranking", [["ana", "ana"]]),
     ("ranking", [3]), ("numbers", {"ana": True}), ("numbers", {"zoe": 1}), ("numbers", ["ana"]), ("numbers", {"ana": 1.5})],
)  # fmt: skip
def test_what_is_not_on_the_paper_is_refused(shape, choice):
    with pytest.raises(papers.SpoiltPaper):
        papers.write(choice, OPTIONS, shape)


@pytest.mark.parametrize(("shape", "text"), [("one", "0"), ("one", "-1"), ("one", "5"), ("names", "1 0"), ("ranking", "2=0 1")])
def test_a_number_that_is_no_options_is_not_taken_for_the_last(shape, text):
    with pytest.raises(IndexError):
        papers.read(text, OPTIONS, shape)


def test_the_method_says_what_it_cannot_count():
    with pytest.raises(BadChoice):
        papers.check({"ana": 9}, method="score", options=OPTIONS, params={"max": 5})


@given(st.lists(st.tuples(st.lists(st.sampled_from(IDS), unique=True), st.integers(1, 5)), max_size=30))
def test_rankings_are_gathered_as_one_by_one(found):
    texts = [(papers.write(ranking, OPTIONS, "ranking"), weight) for ranking, weight in found]
    fast, slow = papers.profile(texts, OPTIONS), profiles.collect(found, IDS)
    assert (fast.options, fast.blank, fast.total, fast.unit) == (slow.options, slow.blank, slow.total, slow.unit)
    if slow.total:
        width = max(fast.cells.shape[1], slow.cells.shape[1])

        def rows(profile):
            cells = np.pad(profile.cells, ((0, 0), (0, width - profile.cells.shape[1])), constant_values=profile.end)
            return sorted((row.tolist(), int(weight)) for row, weight in zip(cells, profile.weights, strict=True))

        assert rows(fast) == rows(slow)

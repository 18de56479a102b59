"""Colleges and chambers: what the law asks of them, how they speak, and in which one somebody votes."""

from fractions import Fraction

import pytest

from toadlane.democracy.counting.policies import chambers
from toadlane.democracy.counting.policies.chambers import Chambers
from toadlane.democracy.counting.policies.reading import Written
from toadlane.democracy.counting.policies.tallies import Roll, Tally
from toadlane.society.bylaws.rules import packs

FOUR = {"workers": "40", "users": "30", "supporters": "20", "municipality": "10"}


def read(**table) -> Chambers:
    return Chambers.read(Written("chambers", table))


def votes(**colleges):
    return {name: Tally(for_=for_, against=against) for name, (for_, against) in colleges.items()}


@pytest.mark.parametrize(
    ("colleges", "categories", "faults"),
    [
        ({"workers": "50", "users": "40", "towns": "10"}, ["workers", "users", "towns"], []),
        ({"workers": "50.5", "users": "39.5", "towns": "10"}, ["workers", "users", "towns"], ["college_above_50"]),
        ({"workers": "50", "users": "41", "towns": "9"}, ["workers", "users", "towns"], ["college_below_10"]),
        ({"workers": "50", "users": "50"}, ["workers", "users"], ["fewer_than_3_categories"]),
        ({"users": "50", "friends": "50"}, ["users", "friends", "towns"], ["missing_category_workers"]),
        ({"workers": "50", "friends": "50"}, ["workers", "friends", "towns"], ["missing_category_users"]),
        ({"producers": "50", "users": "50"}, ["producers", "users", "towns"], []),
        (
            {"workers": "1/3", "users": "1/3", "towns": "1/3"},
            ["workers", "users", "towns"],
            ["college_below_10", "weights_not_100"],
        ),
        ({"workers": "100/3", "users": "100/3", "towns": "100/3"}, ["workers", "users", "towns"], []),
    ],
)
def test_the_law_of_colleges(colleges, categories, faults):
    assert chambers.faults(colleges, categories, packs.load("fr-scic")) == faults
    assert set(chambers.faults(colleges, categories, packs.load("sce"))) <= {"weights_not_100"}


def test_a_college_without_votes_leaves_its_part_to_the_others():
    cast = votes(workers=(6, 4), users=(30, 60), supporters=(5, 0))
    found = chambers.weigh(read(mode="proportional", weights=FOUR), cast)
    # 40 x 6/10 + 30 x 30/90 + 20 of the 90 that are left.
    assert (found.for_, found.against, found.empty) == (Fraction(54, 90), Fraction(36, 90), ("municipality",))
    assert [part.weight for part in found.parts.values()] == [Fraction(4, 9), Fraction(3, 9), Fraction(2, 9), 0]
    nobody = chambers.weigh(read(mode="proportional", weights=FOUR), {})
    assert (nobody.for_, nobody.against) == (0, 0)


def test_an_even_college_is_divided_evenly_however_colleges_speak():
    for mode in chambers.WEIGHTED:
        found = chambers.weigh(read(mode=mode, weights={"workers": "1", "users": "1"}), votes(workers=(2, 2), users=(1, 0)))
        assert (found.for_, found.against) == (Fraction(3, 4), Fraction(1, 4))


def test_a_college_speaks_as_its_members_voted_or_as_most_of_them_did():
    cast = votes(workers=(6, 4), users=(0, 1))
    weights = {"workers": "60", "users": "40"}
    assert chambers.weigh(read(mode="proportional", weights=weights), cast).for_ == Fraction(36, 100)
    assert chambers.weigh(read(mode="winner_takes_college", weights=weights), cast).for_ == Fraction(60, 100)


def test_both_chambers_have_to_agree_each_by_its_own_rule():
    each = {"workers": {"threshold": "2/3", "op": "ge"}, "users": {"threshold": "1/2", "quorum": "1/10"}}
    rule, roll = read(mode="double_majority", each=each), Roll(colleges={"users": Roll(eligible=1000)})

    def agrees(**colleges):
        parts = chambers.double(rule, Tally.of_colleges(votes(**colleges)), roll)
        return {name: part.result.why for name, part in parts.items()}

    assert agrees(workers=(60, 30), users=(51, 49)) == {"workers": "", "users": ""}
    assert agrees(workers=(59, 30), users=(900, 10)) == {"workers": "threshold", "users": ""}
    assert agrees(workers=(60, 30), users=(60, 39)) == {"workers": "", "users": "quorum"}
    assert agrees(workers=(60, 30)) == {"workers": "", "users": "quorum"}
    lenient = read(mode="double_majority", each=each, empty="rescale")
    assert set(chambers.double(lenient, Tally.of_colleges(votes(workers=(60, 30))), roll)) == {"workers"}


def test_everybody_votes_in_one_college():
    memberships = {"zoe": ["workers", "users"], "abe": ["users"], "kim": ["users", "supporters"], "lou": []}
    found = chambers.one_college_each(memberships, declared={"zoe": "towns"}, precedence=["workers", "supporters"])
    # A declaration for a college of others is none; the order of precedence decides.
    assert found == {"workers": ["zoe"], "users": ["abe"], "supporters": ["kim"]}
    chosen = chambers.one_college_each(memberships, declared={"zoe": "users", "kim": "users"}, precedence=["workers"])
    assert chosen == {"workers": [], "users": ["zoe", "abe", "kim"], "supporters": []}
    assert chambers.one_college_each({"kim": ["users", "workers"]}, declared={}) == {"users": ["kim"], "workers": []}

"""Whatever is shared, among whomever: nothing is lost, nothing is made up, and nobody is short by a unit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toadlane.kernel.money import Money
from toadlane.kernel.rounding import (
    ExceedsRemaining,
    NegativeWeight,
    NoBasis,
    largest_remainder,
    largest_remainder_capped,
    remaining_balance,
)

totals = st.integers(-(10**18), 10**18)
fractions = st.fractions(0, 10_000, max_denominator=1000)
weights = st.lists(fractions, min_size=1, max_size=12).filter(any)
named = st.dictionaries(st.sampled_from("abcdefgh"), fractions, min_size=1).filter(lambda w: any(w.values()))


@given(totals, weights)
def test_allocating_loses_nothing_and_a_refund_undoes_a_charge(minor, weights):
    shares = Money(minor, "EUR").allocate(weights)
    assert sum(share.minor for share in shares) == minor
    assert [-share for share in shares] == Money(-minor, "EUR").allocate(weights)


@given(st.integers(0, 10**18), weights)
def test_nobody_is_a_unit_away_from_the_exact_share(total, weights):
    for share, weight in zip(largest_remainder(total, weights), weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1


@given(totals, named)
def test_names_change_nothing(total, named):
    assert list(largest_remainder(total, named).values()) == largest_remainder(total, list(named.values()))
    assert largest_remainder(total, {name: str(weight) for name, weight in named.items()}) == largest_remainder(total, named)


@given(totals, named, st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**18)))
def test_nobody_gets_more_than_their_cap_and_the_rest_is_named(total, named, caps):
    shares, left = largest_remainder_capped(total, named, caps)
    assert sum(shares.values()) + left == total
    assert all(abs(shares[name]) <= caps[name] for name in shares.keys() & caps.keys())
    if left:
        assert all(not named[name] or abs(shares[name]) == caps.get(name) for name in shares)


@given(totals, named)
def test_without_caps_it_is_the_plain_method(total, named):
    assert largest_remainder_capped(total, named, {}) == (largest_remainder(total, named), 0)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**12), min_size=1), st.lists(fractions, max_size=5))
def test_taking_back_in_parts_ends_exactly_where_taking_back_at_once_does(splits, parts):
    left = dict(splits)
    for fraction in [*(part / 10_000 for part in parts), 1]:
        take = int(sum(left.values()) * fraction)
        part = remaining_balance(left, take)
        assert sum(part.values()) == take and all(0 <= part[name] <= left[name] for name in left)
        left = {name: left[name] - part[name] for name in left}
    assert not any(left.values())
    with pytest.raises(ExceedsRemaining):
        remaining_balance(left, 1)


def test_there_is_no_sharing_by_nothing_or_by_less():
    with pytest.raises(NoBasis):
        largest_remainder(1, ["0", "0"])
    with pytest.raises(NoBasis):
        largest_remainder(1, [])
    with pytest.raises(NegativeWeight):
        largest_remainder(1, [Fraction(-1), 2])
    with pytest.raises(NegativeWeight):
        largest_remainder_capped(1, {"a": "-1", "b": "2"}, {})
    assert largest_remainder(0, ["0", "0"]) == [0, 0]

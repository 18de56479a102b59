"""How much is due, from when on somebody is late, and what a payment pays. Pure."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toadlane.ownership.dues import policies

AMOUNTS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("period", "name", "first", "last"),
    [
        ("month", "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", "2028-Q1", date(2028, 1, 1), date(2028, 3, 31)),
        ("year", "2028", date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_period_is_one_of_the_calendar(period, name, first, last):
    span = policies.span_of(date(2028, 2, 17), period)
    assert (span.name, span.first, span.last) == (name, first, last)


@settings(deadline=None)
@given(day=st.dates(date(1990, 1, 1), date(2190, 1, 1)), period=st.sampled_from(["month", "quarter", "year"]))
def test_every_day_lies_in_one_period_and_the_next_begins_the_day_after(day, period):
    span = policies.span_of(day, period)
    assert span.first <= day <= span.last
    assert policies.span_of(span.first, period) == policies.span_of(span.last, period) == span
    following = policies.span_of(date.fromordinal(span.last.toordinal() + 1), period)
    assert following.first == date.fromordinal(span.last.toordinal() + 1) and following.name != span.name


@pytest.mark.parametrize(("joined", "how", "is_asked"), [
    (date(2028, 1, 1), "next", 12_000), (date(2028, 1, 2), "next", 0), (date(2028, 1, 31), "months", 12_000),
    (date(2028, 2, 1), "months", 11_000), (date(2028, 12, 31), "months", 1000), (date(2028, 12, 31), "whole", 12_000),
])  # fmt: skip
def test_who_joins_in_the_middle_pays_for_the_months_that_are_left(joined, how, is_asked):
    assert policies.for_joiner(12_000, policies.span_of(joined, "year"), joined, how) == is_asked


@settings(deadline=None)
@given(amount=AMOUNTS, least=AMOUNTS, most=AMOUNTS, chosen=st.none() | AMOUNTS, part=st.fractions(0, 3, max_denominator=50))
def test_what_is_charged_lies_on_the_scale_whatever_was_chosen(amount, least, most, chosen, part):
    terms = policies.terms(amount=amount, least=least, most=most, is_sliding=True, part=part)
    assert terms.least <= terms.amount <= terms.most
    assert terms.least <= terms.within(chosen) <= terms.most
    fixed = policies.terms(amount=amount, least=least, most=most, is_sliding=False, part=part)
    assert fixed.within(chosen) == fixed.amount and not fixed.is_sliding


def test_where_there_are_no_dues_there_is_nothing_to_choose():
    assert not policies.terms(amount=0, least=0, most=5000, is_sliding=True).is_sliding
    assert policies.part_of({"supporter": Fraction(1, 2)}, "worker") == 1


def test_the_last_day_of_grace_is_not_late_and_the_next_one_is():
    assert policies.late_from(date(2028, 1, 15), 10) == date(2028, 1, 26)
    assert policies.late_from(date(2028, 1, 15), 0) == date(2028, 1, 16)


def test_nobody_is_asked_before_they_joined():
    span = policies.span_of(date(2028, 1, 1), "month")
    assert policies.due_on(span, 15, date(2027, 5, 1)) == date(2028, 1, 15)
    assert policies.due_on(span, 15, date(2028, 1, 20)) == date(2028, 1, 20)


@settings(deadline=None)
@given(paid=AMOUNTS, owed=st.lists(st.integers(0, 10**6), max_size=12))
def test_a_payment_pays_the_oldest_first_and_nothing_is_lost(paid, owed):
    parts, over = policies.allot(paid, list(enumerate(owed)))
    assert sum(parts.values()) + over == paid
    assert all(0 < part <= owed[n] for n, part in parts.items())
    if over:
        assert sum(parts.values()) == sum(owed)
    for n in parts:
        assert all(parts.get(earlier, 0) == owed[earlier] for earlier in range(n))

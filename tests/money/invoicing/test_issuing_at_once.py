"""Some who issue at the same moment, with real threads: numbers leave no gap, and each intent is issued once."""

from datetime import date
from fractions import Fraction

import pytest

from tests.money.payments.test_races import at_once
from toadlane.money.invoicing import queries, services
from toadlane.money.invoicing.models import Invoice
from toadlane.money.invoicing.policies.documents import Line, Party, Tax
from toadlane.plumbing.access.principals import Principal

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6
FIFTH = Fraction(1, 5)


def deal(subject):
    buyer, day = Party(name="Nuala", country="IE"), date(2027, 2, 28)
    return queries.Deal(subject=subject, role="supply", seller=None, buyer=buyer, currency="EUR", supplied_on=day)


@pytest.fixture
def job(inside, at):
    said = services.Said(name="Market eG", street="1 Quay", city="Cork", country="IE", vat_number="IE6388047V")
    services.give(membership=None, said=said, by=Principal.job(inside.pk, "board"), at=at)
    return Principal.job(inside.pk)


def issue(subject, job, at):
    lines, taxes = [Line(name="x", net=1000, category="S", rate=FIFTH)], [Tax(category="S", rate=FIFTH, basis=1000, tax=200)]
    return services.issue(deal=deal(subject), lines=lines, taxes=taxes, by=job, at=at)


def test_a_crowd_that_issues_at_once_gets_numbers_without_a_gap(job, at):
    made = at_once(*(lambda n=n: issue(f"order:{n}", job, at) for n in range(CROWD)))
    assert sorted(one.sequence for one in made) == list(range(1, CROWD + 1)), made
    assert not queries.numbers_leave_no_gap().faults


def test_one_intent_from_many_sides_is_one_invoice(job, at):
    made = at_once(*(lambda: issue("order:1", job, at) for _ in range(CROWD)))
    assert len({one.pk for one in made}) == 1 and Invoice.objects.count() == 1, made


def test_of_credit_notes_at_once_no_more_is_credited_than_was_invoiced(job, at):
    whole = issue("order:1", job, at)

    def credit():
        lines = [Line(name="x", net=600, category="S", rate=FIFTH)]
        taxes = [Tax(category="S", rate=FIFTH, basis=600, tax=120)]
        return services.credit(deal=deal("order:1"), invoice=whole, lines=lines, taxes=taxes, by=job, at=at)

    made = at_once(*(credit for _ in range(CROWD)))
    assert sum(isinstance(one, Invoice) for one in made) == 1
    assert sum(isinstance(one, services.MoreThanInvoiced) for one in made) == CROWD - 1, made


def test_each_year_begins_with_one(job, at):
    issue("order:1", job, at)
    later = at.replace(year=at.year + 1)
    assert [issue(f"order:{n}", job, later).number for n in (2, 3)] == [f"{later.year}-00001", f"{later.year}-00002"]

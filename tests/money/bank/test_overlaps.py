"""Exports of a bank overlap: each movement counts once, and none is lost, whatever the bank calls it or does not."""

import pytest

from tests.money.bank.test_bank import camt, promised, read  # noqa: F401
from tests.money.payments.cards import euro
from toadlane.money.bank import services
from toadlane.money.bank.models import Line
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payment

NOTHING = ("NONREF", "NOTPROVIDED", "n/a")
FEB, MARCH = "2027-02-28", "2027-03-02"


def came(data, board, at):
    done = read(data, board, at)
    return done.known, done.matched, done.doubtful


def line(minor, text="", **more):
    return {"minor": minor, "text": text, "ref": "NONREF", **more}


@pytest.mark.parametrize("ref", [*NOTHING, ""])
def test_a_line_without_a_reference_counts_once_in_overlapping_exports(promised, board, at, ref):  # noqa: F811
    payment = promised(12_345)
    paid = line(12_345, payment.reference, ref=ref)
    assert came(camt(line(100, "before", on=FEB), paid, number="M1"), board, at) == (0, 1, 1)
    assert came(camt(paid, line(200, "after"), opening=100, number="M2"), board, at) == (1, 0, 1)
    assert books.balance("2100", "EUR") == euro(-12_345)


@pytest.mark.parametrize("first", [0, 1])
def test_numbers_that_only_count_the_lines_of_a_statement_name_none(promised, board, at, first):  # noqa: F811
    payment = promised(12_345)
    before, paid = {"minor": 100, "text": "before", "on": FEB}, {"minor": 12_345, "text": payment.reference}
    assert came(camt(before | {"ref": first}, paid | {"ref": first + 1}, number="M1"), board, at) == (0, 1, 1)
    assert came(camt(paid | {"ref": first}, opening=100, number="M2"), board, at) == (1, 0, 0)


def test_equal_transfers_of_a_day_are_as_many_as_there_are(promised, board, at):  # noqa: F811
    """The morning's export has one of two, the evening's both, and neither a reference."""
    one, two = promised(5_000), promised(5_000, key="b")
    Payment.objects.filter(pk=two.pk).update(reference=one.reference)
    gift = line(5_000, one.reference)
    assert came(camt(gift, number="A"), board, at) == (0, 1, 0)
    assert came(camt(gift, gift, number="B"), board, at) == (1, 1, 0)
    assert came(camt(gift, gift, gift, number="C"), board, at) == (2, 0, 1), "a third is money too, and nobody's yet"
    assert came(camt(gift, gift, gift, number="D"), board, at) == (3, 0, 0)
    assert books.balance("2100", "EUR") == euro(-10_000)


def test_the_same_amount_from_somebody_else_is_another_line(promised, board, at):  # noqa: F811
    assert came(camt(line(5_000, "hello", name="Ann"), number="A"), board, at) == (0, 0, 1)
    assert came(camt(line(5_000, "hello", name="Ben"), number="B"), board, at) == (0, 0, 1)


def test_the_banks_own_reference_goes_before_all(promised, board, at):  # noqa: F811
    """Two with one text and two references are two; one with another text and the same reference is one."""
    assert came(camt(line(5_000, "hello", own="T1"), number="A"), board, at) == (0, 0, 1)
    assert came(camt(line(5_000, "hello", own="T2"), number="B"), board, at) == (0, 0, 1)
    assert came(camt(line(5_000, "HELLO AGAIN", own="T2"), number="C"), board, at) == (1, 0, 0)


def test_a_reference_that_a_bank_uses_twice_in_a_day_loses_no_line(promised, board, at):  # noqa: F811
    assert came(camt(line(5_000, "a", own="BATCH7"), line(5_000, "b", own="BATCH7"), number="A"), board, at) == (0, 0, 2)
    assert came(camt(line(5_000, "a", own="BATCH7"), line(5_000, "b", own="BATCH7"), number="B"), board, at) == (2, 0, 0)


@pytest.fixture
def two_parts_of_a_day(promised, board, at):  # noqa: F811
    """A bank that makes two statements a day, and gives no references: an equal transfer is in both."""
    one, two = promised(5_000), promised(5_000, key="b")
    Payment.objects.filter(pk=two.pk).update(reference=one.reference)
    gift = line(5_000, one.reference)
    assert came(camt(gift, opening=900, number="morning"), board, at) == (0, 1, 0)
    afternoon = camt(gift, opening=5_900, number="afternoon")
    assert came(afternoon, board, at) == (0, 0, 1), "neither booked nor lost: somebody looks"
    assert came(afternoon + b" ", board, at) == (1, 0, 0)
    booked = Line.objects.get(state="matched").subject
    return gift, Line.objects.get(state="doubtful"), *sorted((one, two), key=lambda payment: booked.endswith(str(payment.pk)))


def test_a_statement_that_begins_within_a_day_loses_nothing(two_parts_of_a_day, board, at):
    gift, waits, payment, paid = two_parts_of_a_day
    assert "same money" in waits.why
    with pytest.raises(services.Doubtful):  # It was read before the bank paid it, as a page that lay open would have.
        services.settle(line=waits, payment=paid, by=board, at=at)
    services.settle(line=waits, payment=payment, by=board, at=at)
    assert came(camt(gift, gift, opening=900, number="whole day"), board, at) == (2, 0, 0)
    assert came(camt(gift, gift, gift, opening=900, number="whole day, later"), board, at) == (2, 0, 1)
    assert books.balance("2100", "EUR") == euro(-10_000)


def test_what_a_person_has_not_decided_is_not_booked_by_another_export(two_parts_of_a_day, board, at):
    gift, *_ = two_parts_of_a_day
    assert came(camt(gift, gift, opening=900, number="whole day"), board, at) == (1, 0, 1)
    assert books.balance("2100", "EUR") == euro(-5_000)


def test_what_a_person_said_was_the_same_leaves_room_for_the_real_second(two_parts_of_a_day, board, at):
    gift, waits, *_ = two_parts_of_a_day
    services.ignore(line=waits, why="the same", by=board, at=at)
    assert came(camt(gift, gift, opening=900, number="whole day"), board, at) == (1, 1, 0)

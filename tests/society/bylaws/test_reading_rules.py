"""A room reads the rules in force, or as they stood when the work began."""

from fractions import Fraction

import pytest

from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import RuleFailed
from toadlane.society.bylaws.rules.values import parse, shown


def test_a_rule_says_its_value_and_who_decided_it(inside, at):
    book = bylaws.book()
    assert book.value("members.probation_days") == 90
    decided = book.decided("members.probation_days")
    assert (decided.version, decided.decision, decided.decided_on) == (1, "founding", at)
    assert "90 days" in decided.reads


def test_a_rule_that_the_members_never_had_stops_the_action(inside):
    with pytest.raises(RuleFailed):
        bylaws.book().value("fees.invented_later")
    assert bylaws.book().maybe("fees.invented_later") is None


def test_the_current_version_costs_one_statement(inside, django_assert_num_queries):
    bylaws.book()
    with django_assert_num_queries(1):
        bylaws.book().value("members.notice_days")


def test_another_coop_has_its_own_rules(inside, wheels):
    assert bylaws.book().value("members.classes")[0]["id"] == "co_op"


def test_there_is_no_version_that_was_never_adopted(inside):
    with pytest.raises(RuleFailed):
        bylaws.book(version=2)


@pytest.mark.parametrize(
    ("kind", "value", "unit", "language", "reads"),
    [
        ("rate", "0.05", "", "en", "5%"),
        ("rate", "0.135", "", "es", "13,5\xa0%"),
        ("rate", "2/3", "", "en", "2/3"),
        ("money", 1540, "EUR", "en", "€15.40"),
        ("money", 1500, "JPY", "en", "¥1,500"),
        ("int", 90, "days", "fr", "90"),
    ],
)
def test_a_value_reads_as_its_readers_write_it(kind, value, unit, language, reads):
    assert shown({"type": kind, "value": value, "unit": unit}, language) == reads


@pytest.mark.parametrize(("kind", "value"), [("rate", 0.1), ("int", "x"), ("flag", 1), ("money", "15"), ("rate", "1/0")])
def test_a_value_of_the_wrong_kind_raises(kind, value):
    with pytest.raises(RuleFailed):
        parse({"type": kind, "value": value, "unit": "EUR"})


def test_a_rate_is_exact():
    assert parse({"type": "rate", "value": "0.135"}) == Fraction(27, 200)

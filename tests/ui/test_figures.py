"""Figures and dates as people in each language write them."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils import timezone, translation

from toadlane.kernel.currencies import EXPONENTS
from toadlane.kernel.money import Money
from toadlane.ui import formats


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "€146.42"), ("es", "146,42\u00a0€"), ("fr", "146,42\u00a0€"), ("ar", "\u2068\u200f146.42\u00a0€\u2069")],
)
def test_an_amount_is_written_as_the_reader_does(language, written):
    with translation.override(language):
        assert formats.money(Money(14642, "EUR")) == written


def test_an_amount_has_as_many_digits_as_its_currency():
    with translation.override("en"):
        assert formats.money(Money(98000, "JPY")) == "¥98,000"
        assert formats.money(Money(1234567, "KWD")).endswith("1,234.567")
        assert formats.money(Money(-5, "EUR")) == "−€0.05"


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(12_345, "RSD", "RSD\u00a0123.45"), (12_345, "IQD", "IQD\u00a012.345"), (12_345, "LBP", "LBP\u00a0123.45"),
     (12_345, "CHF", "CHF\u00a0123.45"), (-12_345, "KWD", "−KWD\u00a012.345"), (12_345, "JPY", "¥12,345"), (12_345, "UYW", None)],
)  # fmt: skip
def test_an_amount_is_what_the_books_say_in_every_currency(minor, currency, written):
    """Everyday life leaves out the cents of some currencies; figures that leave them out are a hundred times too large."""
    with translation.override("en"):
        said = formats.money(Money(minor, currency))
        assert written is None or said == written
        digits = "".join(letter for letter in said if letter.isdigit())
        assert int(digits) == abs(minor)


def test_every_currency_of_the_world_is_written_with_its_own_digits():
    with translation.override("fr"):
        for currency, digits in EXPONENTS.items():
            minor = 7 * 10**digits + 1
            assert "".join(c for c in formats.money(Money(minor, currency)) if c.isdigit()).endswith(str(minor)), currency


def test_cents_are_left_out_only_where_there_are_none():
    with translation.override("en"):
        assert formats.money(Money(2700, "EUR"), short=True) == "€27"
        assert formats.money(Money(2701, "EUR"), short=True) == "€27.01"
    with translation.override("fr"):
        assert formats.money(Money(2700, "EUR"), short=True) == "27\u00a0€"


def test_large_sums_are_short_and_small_ones_whole():
    with translation.override("en"):
        assert formats.money_compact(Money(340_000_000, "EUR")) == "€3.4M"
        assert formats.money_compact(Money(999_949, "EUR")) == "€9,999"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 11, 10), date(2026, 11, 10), "10 November 2026"),
        (date(2026, 11, 10), date(2026, 11, 12), "10–12 November 2026"),
        (date(2026, 6, 27), date(2026, 7, 2), "27 June – 2 July 2026"),
        (date(2025, 12, 31), date(2026, 1, 1), "31 December 2025 – 1 January 2026"),
    ],
)
def test_days_say_once_what_they_share(first, last, written):
    with translation.override("en"):
        assert formats.days(first, last) == written
    with translation.override("es"):
        assert formats.days(date(2026, 6, 27), date(2026, 7, 2)) == "27 de junio – 2 de julio de 2026"


@pytest.mark.parametrize(
    ("name", "written"), [("2026", "2026"), ("2026-Q4", "4th quarter of 2026"), ("2026-11", "November 2026")]
)
def test_a_period_is_written_in_words(name, written):
    with translation.override("en"):
        assert formats.period(name) == written


@pytest.mark.parametrize(
    ("rate", "written"), [("0.05", "5%"), ("0.135", "13.5%"), (Fraction(1, 3), "33.3333%"), ("0", "0%"), ("1", "100%")]
)
def test_a_rate_is_written_exactly(rate, written):
    with translation.override("en"):
        assert formats.percent(rate) == written


def test_days_are_written_day_first_and_without_the_year_where_it_is_clear():
    with translation.override("en"):
        assert formats.day(date(2026, 11, 3)) == "3 November 2026"
        assert formats.day(date(2026, 11, 3), "day") == "Tue 3 Nov"
    with translation.override("es"):
        assert formats.day(date(2026, 11, 3)) == "3 de noviembre de 2026"


def test_an_instant_is_told_in_the_time_of_the_place():
    with translation.override("en"), timezone.override("Europe/Madrid"):
        assert formats.moment(datetime(2026, 11, 3, 19, 14, tzinfo=UTC)) == "Tue 3 Nov, 20:14"
    with translation.override("ar"), timezone.override("Europe/Madrid"):
        assert formats.moment(datetime(2026, 11, 3, 19, 14, tzinfo=UTC)).endswith("نوفمبر، 20:14\u2069")


def test_a_minus_stands_before_its_figure_in_a_line_from_right_to_left():
    with translation.override("ar"):
        # The mark before it keeps the minus at the left of the digits; without it it is drawn behind them.
        assert "\u200e\u2212102.00" in formats.money(Money(-10200, "EUR")) and "\u200e" not in formats.money(Money(10200, "EUR"))
    with translation.override("fr"):
        assert formats.money(Money(-10200, "EUR")) == "\u2212102,00\u00a0€"


def test_the_first_of_a_month_is_the_first_in_french():
    with translation.override("fr"):
        assert formats.day(date(2026, 1, 1)) == "1er janvier 2026"
        assert formats.day(date(2026, 11, 11)) == "11 novembre 2026" and formats.day(date(2026, 3, 21), "short") == "21 mars"
        assert formats.day(date(2026, 3, 1), "day") == "dim. 1er mars" and formats.day(date(2026, 3, 1), "month") == "mars 2026"
        assert formats.days(date(2026, 3, 1), date(2026, 3, 4)) == "1er–4 mars 2026"
        assert formats.days(date(2026, 3, 1), date(2026, 4, 1)) == "1er mars – 1er avril 2026"
    with translation.override("es"):
        assert formats.day(date(2026, 1, 1)) == "1 de enero de 2026"


@pytest.mark.parametrize(
    ("language", "minor", "written"),
    [
        ("en", 1582, "+€15.82"), ("en", -484, "−€4.84"), ("fr", 1582, "+15,82\u00a0€"), ("en", 0, "€0.00"),
        ("ar", 1582, "\u2068\u200e+"), ("ar", -484, "\u2068"),
    ],
)  # fmt: skip
def test_what_moved_has_its_sign_before_it_whichever_way_the_line_runs(language, minor, written):
    with translation.override(language):
        assert formats.moved(Money(minor, "EUR")).startswith(written)

"""Amounts as people type them, in the form of their own language, and never guessed at."""

import pytest
from django import forms
from django.utils import translation

from toadlane.kernel.money import Money, NotAnAmount
from toadlane.ui import amounts, formats
from toadlane.ui.amounts import AmountField, InCurrency, TwoReadings


class Form(InCurrency):
    amount = AmountField()
    extra = AmountField(required=False, least=0)
    side = AmountField(required=False, least=None)


@pytest.mark.parametrize(
    ("language", "text", "currency", "minor"),
    [
        ("es", "1.234,50", "EUR", 123450), ("en", "1.234,50", "EUR", 123450), ("fr", "1 234,50 €", "EUR", 123450),
        ("fr", "1\u202f234,50", "EUR", 123450), ("en", "1,234.50", "EUR", 123450), ("es", "1,234.50", "EUR", 123450),
        ("es", "1.500", "EUR", 150000), ("en", "1,500", "EUR", 150000), ("en", "12,5", "EUR", 1250), ("es", "12.50", "EUR", 1250),
        ("ar", "\u0661\u066c\u0662\u0663\u0664\u066b\u0665", "EUR", 123450), ("en", "€12", "EUR", 1200),
        ("en", "12 EUR", "EUR", 1200),
        ("en", "1.234.567", "EUR", 123456700), ("en", "\u22125", "EUR", -500), ("en", "1,500", "JPY", 1500),
        ("en", "1.000", "BHD", 1000), ("es", "1,000", "BHD", 1000), ("es", "12,5", "BHD", 12500),
        ("en", "1.234,500", "BHD", 1234500),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_the_form_of_ones_language(language, text, currency, minor):
    with translation.override(language):
        assert amounts.read(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("language", "text", "currency"),
    [
        ("en", "1.500", "EUR"), ("fr", "1.500", "EUR"), ("fr", "1,500", "EUR"), ("es", "1,500", "EUR"), ("en", "1.500", "JPY"),
        ("es", "1.000", "BHD"), ("en", "1,000", "BHD"), ("en", "-1.500", "EUR"),
    ],
)  # fmt: skip
def test_what_can_be_one_or_a_thousand_is_asked_about(language, text, currency):
    with translation.override(language), pytest.raises(TwoReadings) as said:
        amounts.read(text, currency)
    assert text in str(said.value)


@pytest.mark.parametrize(("language", "currency", "example"), [
    ("en", "EUR", "146.42."), ("es", "EUR", "146,42."), ("fr", "EUR", "146,42."), ("es", "JPY", "146."), ("en", "BHD", "14.642."),
])  # fmt: skip
def test_a_field_says_in_the_form_of_ones_language_how_an_amount_is_written(language, currency, example):
    with translation.override(language):
        [said] = Form({"amount": "1e3"}, currency=currency).errors["amount"]
    assert said.endswith(f" {example}")


def test_how_to_write_it_is_said_in_the_form_of_ones_language():
    for language, example in (("en", "1234.56"), ("es", "1234,56")):
        with translation.override(language), pytest.raises(TwoReadings, match=example):
            amounts.read("1,500" if language == "es" else "1.500", "EUR")
    with translation.override("en"), pytest.raises(TwoReadings, match=r"such as 1234\."):
        amounts.read("1.500", "JPY")


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "BHD", "JPY"])
@pytest.mark.parametrize(
    "text",
    ["12€50", "12EUR50", "12$50", "12 50", "12\u00a050", "12'50", "12\u201950", "1 5", "12 345 6",
     "1 0000", "1\u066c5", "1,5\u066b5", "1\u066b2\u066b3",
     "1 234 50", "1.000 000", "1234 567", "12.5\n0", "1 23,4"],
)  # fmt: skip
def test_what_stands_between_digits_groups_them_in_threes_or_is_no_amount(text, currency, language):
    """Twelve and a half are written 12€50 or 12'50 by many, and were once read as a hundred times as much."""
    with translation.override(language):
        said = text.replace("€", formats.symbol(currency)).replace("EUR", currency)
        with pytest.raises(NotAnAmount):
            amounts.read(said, currency)
        with pytest.raises(NotAnAmount):
            amounts.from_file(said, currency)


@pytest.mark.parametrize(
    "text",
    ["1 234", "1'234", "1’234", "€ 1 234", "€1 234 EUR", "1\u202f234 €", "\u20681 234\u2069 €", "EUR 1234", "\u0661\u066c234",
     "1234 €"],
)  # fmt: skip
def test_a_number_in_threes_is_read_with_its_currency_on_either_side(text):
    for language in ("en", "es", "fr", "ar"):
        with translation.override(language):
            assert amounts.read(text, "EUR").minor == 123400
            assert amounts.read(text.replace("1", "-1", 1).replace("\u0661", "-1"), "EUR").minor == -123400


@pytest.mark.parametrize("text", ["", "two", "1,2,3", "12.345.6", "1e3", "12,345.678", "0.001", "--1"])
def test_what_is_no_amount_stays_none(text):
    with pytest.raises(NotAnAmount) as said:
        amounts.read(text, "EUR")
    assert not isinstance(said.value, TwoReadings)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1.234,50", "EUR", 123450), ("1,234.50", "EUR", 123450), ("1234.5", "EUR", 123450), ("12,50", "EUR", 1250),
     ("1.000", "BHD", 1000)],
)  # fmt: skip
def test_a_file_is_read_the_same_whatever_the_readers_language(text, currency, minor):
    for language in ("en", "es", "fr", "ar"):
        with translation.override(language):
            assert amounts.from_file(text, currency).minor == minor


@pytest.mark.parametrize(("text", "currency"), [("1.500", "EUR"), ("1,500", "EUR"), ("1,000", "BHD")])
def test_a_file_that_can_be_read_in_two_ways_is_asked_about(text, currency):
    for language in ("en", "es", "fr", "ar"):
        with translation.override(language), pytest.raises(TwoReadings):
            amounts.from_file(text, currency)


def test_a_field_takes_from_its_least_amount_on():
    for said, is_taken in ({"amount": "0.01"}, True), ({"amount": "0"}, False), ({"amount": ""}, False):
        assert Form(said, currency="EUR").is_valid() is is_taken
    for said, is_taken in ("0", True), ("-0.01", False), ("", True):
        assert Form({"amount": "1", "extra": said}, currency="EUR").is_valid() is is_taken
    form = Form({"amount": "1.234,50", "side": "-5"}, currency="EUR")
    assert form.is_valid() and form.cleaned_data["amount"] == Money(123450, "EUR")
    assert (form.minor("side"), form.minor("extra")) == (-500, 0)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "BHD"])
@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
def test_what_a_field_shows_is_read_as_the_same_amount(language, currency):
    with translation.override(language):
        for minor in (0, 5, 1000, 1234567, 12345678):
            shown = Form(initial={"side": Money(minor, currency)}, currency=currency)["side"].value()
            assert amounts.read(shown, currency).minor == minor
    assert isinstance(Form(currency=currency)["side"].field.widget, forms.TextInput), "a browser's own number takes no 1.234,50"

# ruff: noqa: E501, RUF001 - the look-alikes are what this file is about.
"""Contacts are hidden in messages; prices, dates and times are not."""

import string
from datetime import date, time
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toadlane.society.messaging.policies import has_contacts, hide_contacts

CONTACTS = [
    "call me on 086 123 4567", "+353 86 123 4567", "0035386 1234567", "06.12.34.56.78 appelle-moi", "mi número es 612 345 678",
    "(086) 123-4567", "٠٦١٢٣٤٥٦٧٨", "０８６１２３４５６７", "0 8 6 1 2 3 4 5 6 7", "6\u200b1\u200b2\u200b345678", "555-66-1234-99",
    "write to a.b+c@mail.example.org.", "bob [at] mail (dot) com", "bob arroba gmail punto com", "ana (arobase) exemple.fr", "juan at gmail.com",
    "https://wa.me/353861234567?x=1", "wa.me/353861234567", "t.me/anita", "Telegram: anita_b", "insta: ana_b", "@anita_b on telegram", "واتساب: ana.b",
    "https://www.facebook.com/ana", "signal.me/#p/x", "skype:ana?call", "six one two three four five six seven eight",
    "seis uno dos tres cuatro cinco seis siete ocho", "six un deux trois quatre cinq six sept huit",
]  # fmt: skip
PLAIN = [
    "on 2027-03-01 at 09:30", "01/03/2027 - 05/03/2027", "10:30-12:45 or 9.30-12.45", "€1,234.56 and 1 234,56 € or 146.42 EUR", "2026-2027",
    "1.234.567,00 €", "3 h × €17.60 = €52.80", "le 1.3.2027 à 10h30", "12 March 2027, 3 rooms, 85 m2", "2027-03-01T09:30:00",
    "Room 12, floor 3, key 4512, 90 m²", "on 3/4 from 9 to 12, 2 people", "order 2291", "I live at home. Thanks", "look at example.com",
    "see you at 5.Bring 2 keys", "من 10:00 إلى 12:30", "EUR 1500 - 2000", "Ref. 2291, 14 Ropewalk", "it costs 99 €, or 180 for two",
    "https://shop.example.org/mop?size=12", "$1,250.00 on 03/14/2027 at 5:30 pm", "1 200,50 MAD le 31.12.2027", "du 12/06 au 18/06, 8h30",
]  # fmt: skip


@pytest.mark.parametrize("text", CONTACTS)
def test_a_contact_is_hidden(text):
    shown = hide_contacts(text, "hidden")
    assert "[hidden]" in shown
    assert not any(len(run) >= 5 for run in "".join(sign if sign.isdigit() else " " for sign in shown).split())


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_contact_stays(text):
    assert hide_contacts(text) == text


def grouped(digits, gaps):
    return "".join(digit + (gaps[place % len(gaps)] if place % 3 == 2 else "") for place, digit in enumerate(digits))


@given(
    st.text(string.digits, min_size=9, max_size=13), st.lists(st.sampled_from(["", " ", "-", ".", " - "]), min_size=1, max_size=4)
)
def test_a_number_with_its_country_is_hidden_however_it_is_grouped(digits, gaps):
    text = f"ring +4{grouped(digits, gaps).rstrip(' -.')} tonight"
    assert not any(sign.isdigit() for sign in hide_contacts(text))


@given(st.from_regex(r"[a-z][a-z0-9.]{0,10}[a-z0-9]@[a-z]{2,10}\.(com|org|fr|es|coop)", fullmatch=True))
def test_an_address_is_hidden(address):
    assert address not in hide_contacts(f"Hola, {address}, gracias") and "gracias" in hide_contacts(f"Hola, {address}, gracias")


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.times(),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%d-%m-%y"]),
)
def test_dates_and_times_stay(day, hour, form):
    text = f"{day.strftime(form)} {time(hour.hour, hour.minute):%H:%M}"
    assert hide_contacts(text) == text


@given(st.integers(0, 999_999_999), st.sampled_from(["€{:,.2f}", "{:,.2f} EUR", "${:,.2f}", "{:.2f} €", "MAD {:.2f}"]))
def test_prices_stay(minor, form):
    text = f"It is {form.format(minor / 100)} in all"
    assert hide_contacts(text) == text


@given(st.text(max_size=200))
def test_hiding_twice_hides_no_more(text):
    once = hide_contacts(text, "hidden")
    assert hide_contacts(once, "hidden") == once
    assert has_contacts(text) == (once != text)


@given(st.text("0123456789 .-+@abc€:/", max_size=5000))
def test_it_is_quick_on_any_text(text):
    hide_contacts(text)


def test_the_sentence_after_an_address_stays():
    text = "Write to greta@example.org. The bell is broken. Or g@x.co.uk, please. Or greta @ example . org. Thanks."
    assert hide_contacts(text, "x") == "Write to [x]. The bell is broken. Or [x], please. Or [x]. Thanks."


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "a." * 10_000, "1" * 20_000, "a." * 5_000 + "@" + "b." * 5_000 + "1", "a" * 10_000 + " " * 10_000, "signal" + " " * 20_000],
    ids=["letters", "dots", "digits", "address", "spaces", "messenger"],
)  # fmt: skip
def test_no_message_is_read_for_long(text):
    began = process_time()
    assert hide_contacts(text, "hidden") is not None
    assert process_time() - began < 3


def test_an_address_right_behind_another_is_hidden_as_well():
    shown = hide_contacts("a@b.co1@c.de, x@y.fr2 at gmail.com", "hidden")
    assert not any(part in shown for part in ("a@", "c.de", "y.fr", "gmail"))

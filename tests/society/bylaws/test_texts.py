"""No rule may say one thing in words and another in its value."""

import pytest
from django.utils import translation

from toadlane.kernel.currencies import EXPONENTS
from toadlane.society.bylaws.queries.books import worded
from toadlane.society.bylaws.rules import NotARule, compose, declared, values
from toadlane.society.bylaws.rules.documents import entry_of
from toadlane.society.bylaws.rules.texts import faults, read, unsaid
from toadlane.society.bylaws.rules.values import BARE, is_nothing

ENTRY = {"type": "rate", "value": "0.05", "unit": ""}


@pytest.mark.parametrize("rule", declared().values(), ids=lambda rule: rule.id)
def test_every_rule_reads_as_it_is_in_four_languages(rule):
    assert faults(entry_of(rule, currency="EUR")) == []
    assert set(rule.text) == {"en", "es", "fr", "ar"}
    assert unsaid(entry_of(rule, currency="EUR")) == set()
    assert rule.question and rule.why


@pytest.mark.parametrize(
    ("text", "language", "wrong"),
    [
        ("We keep 5 per cent.", "en", []),
        ("We keep {value}.", "en", []),
        ("We keep 6 per cent.", "en", ["en: 6"]),
        ("Guardamos el 5,0 por ciento.", "es", []),
        ("Guardamos el 5,5 por ciento.", "es", ["es: 5.5"]),
    ],
)
def test_a_number_in_the_text_is_the_value(text, language, wrong):
    assert faults({**ENTRY, "text": {language: text}}) == wrong


def test_money_is_compared_in_its_own_unit():
    entry = {"type": "money", "value": 154000, "unit": "EUR"}
    assert faults({**entry, "text": {"en": "Not less than €1,540.00.", "fr": "Au moins 1\u202f540,00 €."}}) == []
    assert faults({**entry, "text": {"en": "Not less than €154.00."}}) == ["en: 154"]


def test_founding_refuses_words_that_differ():
    with pytest.raises(NotARule):
        compose(values={}, currency="EUR", texts={"members.notice_days": {"en": "Say so 10 days before."}})


@pytest.mark.parametrize("rule", [r for r in declared().values() if r.type in ("flag", "enum")], ids=lambda rule: rule.id)
def test_yes_and_no_read_differently_and_no_reader_meets_a_code(rule):
    entry = entry_of(rule, currency="EUR")
    values = [True, False] if rule.type == "flag" else list(rule.options)
    labels = {key: str(label) for key, label in rule.options.items()}
    for language in ("en", "es", "fr", "ar"):
        sentences = [read({**entry, "value": value}, language, labels) for value in values]
        assert rule.tier == "entrenched" or len(set(sentences)) == len(values)
        assert not any("{" in sentence or "}" in sentence for sentence in sentences)


def test_a_text_chooses_the_sentence_of_its_value():
    entry = {"type": "enum", "options": ["a", "b", "c"], "text": {"en": "We {value, select, a {go} other {take the {value}}}."}}
    assert read({**entry, "value": "a"}, "en") == "We go."
    assert read({**entry, "value": "b"}, "en", {"b": "tram"}) == "We take the tram."
    assert unsaid(entry) == set()
    assert unsaid({**entry, "text": {"en": "{value, select, a {Yes.} b {No.}}"}}) == {"c"}


def test_a_number_in_the_sentence_of_another_value_is_no_fault():
    entry = {"type": "enum", "value": "a", "options": ["a", "b"], "text": {"en": "{value, select, a {Now.} b {In 3 days.}}"}}
    assert faults(entry) == []
    assert faults({**entry, "value": "b"}) == ["en: 3"]


SOMETHING = {
    "weights": {"worker": "0.5"}, "rates": {"picture": "0.5"}, "criteria": [{"id": "a"}], "schedule": [{"from": "2026-01-01"}],
    "rate_card": {"hourly": 100},
}  # fmt: skip


@pytest.mark.parametrize("rule", [r for r in declared().values() if r.nothing], ids=lambda rule: rule.id)
def test_nothing_is_said_as_people_say_it(rule):
    """Zero is a sentence of its own, in each language, and any other value is the text with its number."""
    entry = entry_of(rule, currency="EUR")
    is_number = rule.type in BARE
    edge = (("0", "0.01") if rule.type == "rate" else (0, 1)) if is_number else (type(rule.default)(), SOMETHING[rule.type])
    zero, one = ({**entry, "value": value} for value in edge)
    assert set(rule.nothing) == {"en", "es", "fr", "ar"}
    for language, words in rule.nothing.items():
        assert not any(character.isdigit() or character in "{}" for character in words)
        assert worded(rule.id, zero, language) == words != worded(rule.id, one, language)
    assert worded(rule.id, {**zero, "text": {"en": "It is {value}, we say."}}, "en") != rule.nothing["en"]


def test_what_rates_and_sums_are_zero():
    assert is_nothing({"type": "rate", "value": "0.00"}) and is_nothing({"type": "money", "value": 0})
    assert not is_nothing({"type": "rate", "value": "1/1000"}) and not is_nothing({"type": "flag", "value": False})
    assert not is_nothing({"type": "int", "value": None})


def test_an_empty_list_is_nothing_too():
    assert is_nothing({"type": "schedule", "value": []}) and is_nothing({"type": "weights", "value": {}})
    assert not is_nothing({"type": "schedule", "value": [{"days": 3}]}) and not is_nothing({"type": "text", "value": ""})


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_an_amount_is_typed_as_it_is_read_in_every_currency(currency):
    """A form shows an amount and reads it back: what nobody touched stays what it was."""
    minor = 15 * 10 ** EXPONENTS[currency] + 1
    assert values.read("money", values.typed("money", minor, currency), currency) == minor


@pytest.mark.parametrize("language", ["es", "fr", "ar"])
def test_what_a_rule_asks_and_why_is_read_in_the_readers_language(language):
    """A question that is worked out when the server starts stays English for everybody."""
    told = {rule.id: (str(rule.question), str(rule.why)) for rule in declared().values()}
    with translation.override(language):
        same = [
            rule.id for rule in declared().values() if str(rule.question) == told[rule.id][0] or str(rule.why) == told[rule.id][1]
        ]
    assert not same

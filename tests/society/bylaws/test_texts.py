"""No rule may say one thing in words and another in its value."""

import pytest

from toadlane.society.bylaws.rules import NotARule, compose, declared
from toadlane.society.bylaws.rules.documents import entry_of
from toadlane.society.bylaws.rules.texts import faults

ENTRY = {"type": "rate", "value": "0.05", "unit": ""}


@pytest.mark.parametrize("rule", declared().values(), ids=lambda rule: rule.id)
def test_every_rule_reads_as_it_is_in_four_languages(rule):
    assert faults(entry_of(rule, currency="EUR")) == []
    assert set(rule.text) == {"en", "es", "fr", "ar"}
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

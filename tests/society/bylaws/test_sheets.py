"""Rules that are lists: each can be filled in by somebody who cannot program, and nothing of it is lost on the way."""

import pytest
from django.utils import translation

from toadlane.blueprints import installer
from toadlane.society.bylaws.rules import declared, packs
from toadlane.society.bylaws.rules.articles import lines
from toadlane.society.bylaws.rules.sheets import context_of, sheet_of, wrong
from toadlane.society.bylaws.rules.values import BARE
from toadlane.trade.catalog.policies import parse_kinds
from toadlane.ui.sheets import Context, read, write

LISTS = sorted(rule.id for rule in declared().values() if rule.type not in (*BARE, "flag", "enum", "text"))


@pytest.mark.parametrize("rule_id", LISTS)
def test_no_rule_is_left_that_only_a_programmer_could_change(rule_id):
    assert sheet_of(rule_id) is not None, "say in the room's wiring what its rows are made of"


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
@pytest.mark.parametrize("blueprint", installer.names())
def test_what_a_blueprint_says_goes_through_the_fields_unchanged(blueprint, language):
    document = installer.document_of(blueprint, packs.load("none"), currency="EUR", values={}, guards={})
    kinds = parse_kinds(installer.configuration(blueprint).get("kinds"))
    with translation.override(language):
        for rule_id in LISTS:
            value, sheet = document["rules"][rule_id]["value"], sheet_of(rule_id)
            context = context_of(document["rules"])
            typed = write(sheet, value, context)
            found = read(sheet, typed, value, Context(currency="EUR", rules=document["rules"], typed=typed, kinds=kinds))
            assert (found.value, found.faults) == (value, {}), rule_id
            assert bool(lines(rule_id, document["rules"], language)) or not value, f"{rule_id} is not told on the page"


GOOD = {
    "fees.late_cancel": [{"hours_before_lt": "2", "rate": "1"}], "dues.class_parts": {"worker": "0.5"},
    "work.reminders": [{"days": 3}], "surplus.bases": [{"class": "", "basis": "sales"}],
    "trade.rates": {"hourly": 2700, "opens": "08:00", "closes": "18:00",
                    "sizes": [{"id": "a", "names": {"en": "A"}, "hours": "1"}]},
}  # fmt: skip
BAD = {
    "fees.late_cancel": [{"hours_before_lt": "2"}], "dues.class_parts": {"worker": "1.5"}, "work.reminders": [{"days": "soon"}],
    "surplus.bases": [{"class": "", "basis": "beauty"}], "trade.rates": {"hourly": "27", "sizes": []},
}  # fmt: skip


@pytest.mark.parametrize("rule_id", GOOD)
def test_a_value_that_came_without_a_form_is_looked_at_as_well(rule_id):
    document = installer.document_of("home_services", packs.load("none"), currency="EUR", values={}, guards={})
    assert wrong(rule_id, GOOD[rule_id], document["rules"]) == {}
    assert wrong(rule_id, BAD[rule_id], document["rules"])

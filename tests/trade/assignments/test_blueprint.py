"""A co-op is founded from the blueprint, and its rules are the ones this room obeys."""

from datetime import date

import pytest
from django.test import Client

from tests.trade.assignments.conftest import on
from toadlane.blueprints import installer
from toadlane.kernel.money import Money
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.assignments import queries, rules, services
from toadlane.trade.assignments.permissions import OPEN

pytestmark = pytest.mark.django_db


def test_it_is_offered_and_its_founders_are_asked_what_matters(house):
    assert "freelancers" in installer.names()
    assert {rules.FEE, rules.CLIENT_DAYS, rules.WAGE_DAYS, rules.CONFIRMED} <= set(
        installer.read("freelancers", "blueprint")["ask"]
    )
    offered = {one["id"]: one["name"] for one in Client().get("/api/v1/found/blueprints").json()}
    assert offered["freelancers"] == "Freelancers’ co-op"


def test_what_the_bylaws_say_is_what_is_done(house):
    assert queries.terms.employs() and str(queries.terms.fee()) == "13/200"
    assert queries.terms.reminder_days() == [3, 14, 30]
    assert queries.terms.pay_by(date(2027, 4, 29)) == date(2027, 5, 10), "1 May is a Saturday anyway"
    assert queries.terms.pay_by(date(2027, 12, 31)) == date(2028, 1, 11)
    book = bylaws.book()
    for rule_id in (rules.FLOORS, rules.CHARGES, rules.HOLIDAYS, rules.REMINDERS):
        assert queries.terms.schedule(rule_id), rule_id
        assert book.is_decided(rule_id)
    page = Client().get("/c/quill/rules/").content.decode()
    assert "Musician" in page and "€106.65" in page and "6.5%" in page


def test_its_page_and_its_calculator_are_for_everybody(house):
    assert "guarantee fund advances it" in Client().get("/c/quill/pages/how-it-works/").content.decode()
    assert Client().get("/c/quill/activities/calculator/").status_code == 200
    said = {one: dict(installer.pages_of("freelancers", one))["how-it-works"] for one in ("en", "es", "fr", "ar", "fr-BE", "de")}
    assert len({said[one] for one in ("en", "es", "fr", "ar")}) == 4 and said["fr-BE"] == said["fr"] and said["de"] == said["en"]
    assert all("(../../activities/calculator/)" in text and text.startswith("# ") for text in said.values())
    assert queries.terms.worked_out("net", Money(56_000, "EUR"), date(2027, 3, 1)).price == Money(100_000, "EUR")


def test_another_co_op_knows_of_no_activities(sparkle, alice, at):
    from toadlane.plumbing.access.principals import Channel
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.members import queries as members

    with scope(sparkle.pk):
        by = members.principal(person_id=alice.pk, channel=Channel.WEB)
        assert by.may(OPEN)
        with pytest.raises(services.NotEmploying):
            services.open_activity(name="Posters", by=by, at=at)
        with pytest.raises(services.NoCharges):
            queries.terms.charges_on(date(2027, 3, 1))
        assert on("2130") == 0

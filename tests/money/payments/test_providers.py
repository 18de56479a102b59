"""A provider is one folder. Adding one touches nothing else."""

import sys

import pytest
from django.test import override_settings

from tests.money.payments.cards import euro
from toadlane.config import environment
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.rules import known
from toadlane.money.payments.services import providers

CODE = """
from toadlane.money.payments.services.providers.port import Answer, PaymentProvider


class Seashells(PaymentProvider):
    def check(self, instrument):
        pass

    def authorise(self, *, key, amount, **more):
        return Answer("succeeded", ref=f"shell:{key[:20]}", minor=amount.minor, fee_minor=7)

    def look_up(self, *, key, charge, at):
        return None


PROVIDER = Seashells()
"""
PAPER = """
title = "Seashells"
cards = true

[settings.SEASHELLS_BEACH]
kind = "text"
required = true
meaning = "Which beach they come from."
hint = "Ask the tide."
begins = []
"""


@pytest.fixture
def seashells(tmp_path, monkeypatch):
    """A folder that somebody has put beside the others."""
    folder = tmp_path / "seashells"
    folder.mkdir()
    (folder / "__init__.py").write_text(CODE)
    (folder / "provider.toml").write_text(PAPER)
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    papers = {**known.providers()}
    monkeypatch.setattr(known, "FOLDER", tmp_path)
    read = known.providers
    read.cache_clear()
    mine = read()
    monkeypatch.setattr(known, "providers", lambda: papers | mine)
    providers.every.cache_clear()
    yield tmp_path
    read.cache_clear()
    providers.every.cache_clear()
    sys.modules.pop(f"{providers.__name__}.seashells", None)


def test_a_folder_is_found_asked_for_its_settings_and_paid_with(seashells, begin, worker, at, monkeypatch):
    assert {"manual", "mutual", "sandbox", "seashells", "stripe"} == set(providers.every())
    monkeypatch.setattr(environment, "PROVIDERS", seashells)
    assert [one.name for one in environment.of_providers()] == ["SEASHELLS_BEACH"]
    assert queries.faults_of("seashells") == ["SEASHELLS_BEACH"] and not queries.is_set_up("seashells")
    with override_settings(TOADLANE_PROVIDERS={"SEASHELLS_BEACH": "north"}):
        assert queries.is_set_up("seashells")
    payment = begin(provider="seashells", capture_at_once=True)
    payment = payments.authorise(payment=payment, instrument=payments.Card("1"), by=worker, at=at)
    assert (payment.provider, payment.state, payment.captured, payment.fee_minor) == ("seashells", "captured", euro(12_500), 7)


def test_a_setting_is_for_all_coops_or_for_the_one_it_names():
    one = known.providers()["stripe"]
    said = {"STRIPE_KEY": "sparkle=sk_test_a, wheels=sk_live_b", "STRIPE_WEBHOOK_SECRET": "whsec_c"}
    assert [one.value(said, "STRIPE_KEY", slug) for slug in ("sparkle", "wheels", "market")] == ["sk_test_a", "sk_live_b", ""]
    assert [asked.name for asked in one.missing(said, "market")] == ["STRIPE_KEY"] and not one.missing(said, "wheels")
    assert [asked.name for asked in one.missing({**said, "STRIPE_KEY": "pk_live_x"}, "wheels")] == ["STRIPE_KEY"]


def test_a_key_for_trying_does_for_a_sandbox_and_no_other(inside, wheels):
    from toadlane.plumbing.tenancy.scope import scope

    for key, fits in (("sk_test_a", True), ("sk_live_a", False)):
        with override_settings(TOADLANE_PROVIDERS={"STRIPE_KEY": key, "STRIPE_WEBHOOK_SECRET": "whsec_a"}):
            assert queries.is_set_up("stripe") is fits
            with scope(wheels.pk):
                assert queries.is_set_up("stripe") is not fits


def test_a_coop_that_chose_a_company_nobody_set_up_takes_no_cards(wheels):
    from toadlane.plumbing.tenancy.scope import scope

    with scope(wheels.pk), override_settings(TOADLANE_PROVIDERS={"STRIPE_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}):
        assert queries.methods() == ["transfer", "cash"]

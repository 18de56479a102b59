"""The demo as `make demo` builds it, a year of each co-op, read by other bookkeepers and by our own checks.

It takes minutes of the machine, so `make year` asks for it, before a release: one building serves every question.
"""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import bookkeepers

ROOT = Path(__file__).parents[2]
COOPS = ("bright-early", "kiln-lane", "lending-shed", "inkwell-row")
pytestmark = pytest.mark.whole_year


class Built:
    """The data of a demo, and what the command says about it."""

    def __init__(self, data: Path) -> None:
        # As `make demo` does: with its own SQLite, whatever this suite runs on.
        left_out = ("DJANGO_SETTINGS_MODULE", "TOADLANE_DATABASE_URL")
        self.environment = {name: value for name, value in os.environ.items() if name not in left_out} | {
            "TOADLANE_DATA": str(data), "TOADLANE_SANDBOX": "1", "TOADLANE_ORIGIN": "http://127.0.0.1:8000",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def run(self, module: str, *words: str) -> str:
        command = [sys.executable, "-m", module, *words]
        run = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{words}: {run.stdout[-3000:]}{run.stderr[-3000:]}"
        return run.stdout

    def toadlane(self, *words: str) -> str:
        return self.run("toadlane.config.cli", *words)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    made = Built(tmp_path_factory.mktemp("year"))
    made.toadlane("demo", "--no-serve")
    return made


@pytest.fixture(scope="module")
def ours(built: Built) -> dict[str, bookkeepers.Balances]:
    told: dict[str, list[list[str]]] = json.loads(built.run("tests.bookkeepers", "balances", *COOPS))
    return {slug: {(account, unit): Decimal(amount) for account, unit, amount in rows} for slug, rows in told.items()}


def test_these_are_the_co_ops_of_the_demo(built: Built):
    told: dict[str, Any] = json.loads(built.toadlane("demo", "--list", "--json"))
    assert [one["slug"] for one in told["coops"]] == list(COOPS)


@pytest.mark.parametrize("form", list(bookkeepers.BY))
@pytest.mark.parametrize("slug", COOPS)
def test_another_bookkeeper_reads_the_year_and_comes_to_our_balances(built, ours, slug, form, tmp_path):
    file = tmp_path / f"books.{form}"
    built.toadlane("ledger", "export", "--coop", slug, "--format", form, "--output", str(file))
    assert bookkeepers.BY[form](file) == ours[slug]
    assert len(ours[slug]) > 10 and sum(ours[slug].values()) == 0


def test_the_figures_of_each_year_agree_with_each_other_and_with_the_ledger(built: Built):
    told: dict[str, list[dict[str, int]]] = json.loads(built.run("tests.bookkeepers", "figures", *COOPS))
    for slug, years in told.items():
        for one in years:
            about = f"{slug} in {one['year']}"
            assert one["income"] - one["expenses"] == one["result"], about
            assert one["owned"] - one["owed"] == one["ours"] == one["equity"] + one["undivided"], about
            # What was earned is what there is more of to divide, but for what members decided to share out meanwhile.
            assert one["undivided"] - one["undivided_before"] == one["result"] - one["shared_out"], about
            assert one["cash"] == one["cash_before"] + one["moved"], about
        assert years[-1]["cash"] == years[-1]["bank"] + years[-1]["on_its_way"], slug
        assert years[-1]["bank"] >= 0 and years[-1]["charted"] > 3, slug
    assert any(one["shared_out"] for years in told.values() for one in years)


def test_what_has_to_be_true_is(built: Built):
    told = json.loads(built.toadlane("verify", "--all", "--json"))
    faults = {(place["coop"], one["name"]): one["faults"] for place in told["places"] for one in place["invariants"]}
    assert not {name: found for name, found in faults.items() if found}
    assert {place["coop"] for place in told["places"]} == {None, *COOPS}


@pytest.mark.parametrize("variant", [(), ("--public",)], ids=["full", "public"])
@pytest.mark.parametrize("slug", COOPS)
def test_a_file_of_records_holds_far_from_here(built, slug, variant, tmp_path):
    file = tmp_path / "records.zip"
    built.toadlane("export", "--coop", slug, "--to", str(file), *variant)
    told = json.loads(built.toadlane("verify", "--file", str(file), "--json"))
    assert told["ok"], told

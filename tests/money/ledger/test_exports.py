"""The export, read by the programs it is for, agrees with our balances to the cent."""

import csv
import io
import subprocess
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from beancount import loader
from beancount.core.data import Transaction
from click.testing import CliRunner

from tests import bookkeepers, needs
from toadlane.kernel.cells import safe_cell
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.cli import ledger as command
from toadlane.money.ledger.policies.exports import FORMATS
from toadlane.money.ledger.services import Leg

NASTY = 'Pay "Ana" \\ ; | {tip}\n2027-01-01 open Assets:Evil\t=1+1 \uff1d2 ملاحظة %'


@pytest.fixture
def booked(inside, board, at):
    def post(n, *legs, **more):
        ledger.post(key=f"move:{n}", narration=more.pop("narration", "Moved"), postings=legs, by=board, at=at, **more)

    holder = {"holder": "membership:7", "rule": "fees.commission", "rule_version": 3}
    post(1, Leg("1100", Money(14642, "EUR")), Leg("2100", Money(-14642, "EUR")), subject="order:1", narration=NASTY)
    post(2, Leg("2100", Money(14642, "EUR")), Leg("2110", Money(-12255, "EUR"), **holder), Leg("4100", Money(-2387, "EUR")))
    post(3, Leg("1000", Money(334, "JPY")), Leg("2110", Money(-334, "JPY"), holder="a:b c"))
    post(4, Leg("1000", Money(-1_234_567, "BHD")), Leg("2110", Money(1_234_567, "BHD"), holder="a:b-c"))
    post(5, Leg("6400", Money(50, "EUR")), Leg("2150", Money(-50, "EUR")))
    at += timedelta(days=40)
    post(6, Leg("2150", Money(20, "EUR"), purpose="grant_award"), Leg("2160", Money(-20, "EUR")))
    ledger.seal(by=board, at=at)
    return inside


def text_of(form):
    return "\n".join(FORMATS[form](queries.exported(ZoneInfo("Europe/Dublin")), title='The "books"\n; of us')) + "\n"


def test_beancount_reads_it_without_a_complaint_and_agrees(booked, tmp_path):
    file = tmp_path / "books.beancount"
    file.write_text(text_of("beancount"))
    assert bookkeepers.by_beancount(file) == bookkeepers.ours()
    entries, _errors, options = loader.load_file(str(file))
    assert options["title"].startswith('The "books"')
    moved = [entry for entry in entries if isinstance(entry, Transaction)]
    assert len(moved) == 6
    ruled = next(p for entry in moved for p in entry.postings if "rule" in p.meta)
    assert (ruled.meta["rule"], ruled.meta["version"]) == ("fees.commission", "3")
    assert moved[0].meta["subject"] == "order:1"
    assert len(moved[0].meta["digest"]) == 64


def test_hledger_reads_it_strictly_and_agrees(booked, tmp_path):
    file = tmp_path / "books.journal"
    file.write_text(text_of("hledger"))
    assert bookkeepers.by_hledger(file) == bookkeepers.ours()
    command = [needs.hledger(), "-f", file, "print", "tag:rule=fees.commission"]
    tagged = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "fees.commission" in tagged.stdout


def test_a_table_holds_every_posting_and_agrees(booked, tmp_path):
    file = tmp_path / "books.csv"
    file.write_text(text_of("csv"))
    assert bookkeepers.by_spreadsheet(file) == bookkeepers.ours()
    rows = list(csv.DictReader(io.StringIO(text_of("csv"))))
    assert len(rows) == 13
    assert len(file.read_text().splitlines()) == 14, "a line break in a narration is no row of its own"
    theirs = Counter()
    for row in rows:
        theirs[row["currency"]] += Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
    assert set(theirs.values()) == {0}
    assert (rows[0]["number"], rows[3]["rule"], rows[3]["holder"]) == ("1", "fees.commission", "membership:7")


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@SUM(1+1)", '=HYPERLINK("http://127.0.0.1/?"&A1,"x")', "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1",
     "\n=1+1", "\uff1d1+1", " =1+1", '=A1&"|"', "=-1", "=2+5+cmd|' /C calc'!A0", "+1-cmd|'!A0", "\uff0b1",
     "\uff0d1+A1", "\uff20SUM(1)", "\u00a0=1"],
)  # fmt: skip
def test_a_spreadsheet_runs_nothing(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["+491234567", "+49 123 4567", "-5", "-5.20", "@handle", "a=b", "", "%0A=1+1", "12", "Ana"])
def test_what_only_looks_like_a_formula_is_left_alone(cell):
    assert safe_cell(cell) == cell


def test_the_command_writes_it_and_says_what_is_wrong(booked, tmp_path):
    run = CliRunner().invoke(command, ["export", "--coop", "sparkle", "--format", "beancount"])
    assert run.exit_code == 0
    assert not loader.load_string(run.output)[1]
    run = CliRunner().invoke(command, ["export", "--coop", "nobody", "--format", "csv", "--json"])
    assert run.exit_code == 1
    assert "no_such_coop" in run.output
    file = tmp_path / "x.csv"
    assert CliRunner().invoke(command, ["export", "--coop", "wheels", "--format", "csv", "--output", str(file)]).exit_code == 0
    assert len(file.read_text().splitlines()) == 1

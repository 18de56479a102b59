"""`toadlane tally`: counting files from anywhere, without a server."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from click.testing import CliRunner

from toadlane.config.cli import toadlane
from toadlane.democracy.counting.policies import formats
from toadlane.democracy.counting.policies.formats.files import BadFile
from toadlane.democracy.counting.policies.methods import METHODS

ROOT = Path(__file__).parents[2]
BLT = '4 2\n33 1 2 3 0\n18 2 1 0\n20 3 4 0\n12 4 3 0\n17 4 0\n0\n"Ana"\n"Ben"\n"Chi"\n"Dee"\n"Board"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "board.blt"
    path.write_text(BLT)
    return path


def tally(*arguments: object, **more: object):
    return CliRunner().invoke(toadlane, ["tally", *map(str, arguments)], **more)  # type: ignore[arg-type]


def told(*arguments: object) -> dict:
    result = tally(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_count_as_programs_read_it(file):
    result = told(file, "--method", "scottish-stv", "--seats", 3)
    assert (result["method"], result["seats"], result["valid"], result["quota"]) == ("scottish-stv", 3, 100, 26)
    assert [(one["candidate"], one["stage"]) for one in result["elected"]] == [("Ana", 1), ("Dee", 1), ("Ben", 4)]
    assert result["title"] == "Board" and result["explanation"]
    first, second = result["stages"][:2]
    assert (first["action"], first["candidate"]) == ("first_preferences", None)
    assert first["totals"] == {"Ana": "33.00000", "Ben": "18.00000", "Chi": "20.00000", "Dee": "29.00000"}
    assert (second["action"], second["candidate"]) == ("surplus", "Ana")
    assert second["totals"]["Ben"] == "24.99996" and second["non_transferable"] == "0.00004"


def test_seats_are_those_of_the_file_unless_said(file):
    assert told(file, "--method", "stv")["seats"] == 2
    assert told(file, "--method", "stv", "--seats", 1)["seats"] == 1
    assert told(file, "--method", "irv")["seats"] == 1, "an instant runoff fills one seat, whatever the file says"


def test_a_count_as_people_read_it(file):
    said = tally(file, "--method", "scottish-stv", "--seats", 3).output
    assert "1. Ana (stage 1, quota)" in said and "24.99996" in said and "non_transferable" in said
    assert "Ana reaches the quota with 33, and is elected." in said
    assert "Chi before Dee" in tally(file, "--method", "schulze").output


@pytest.mark.parametrize("method", [name for name in METHODS if METHODS[name].kind in ("ranking", "approval")])
def test_every_method_that_ranks_counts_it(file, method):
    assert told(file, "--method", method)["elected"]
    assert tally(file, "--method", method.replace("-", "_")).exit_code == 0


@pytest.mark.parametrize(("method", "more"), [
    ("score", []), ("dot", ["--option", "dots=9"]), ("quadratic", []), ("quadratic-funding", ["--option", "pool=1000"]),
    ("knapsack", ["--option", "budget=10", "--option", "costs=Ann: 4, Ben:7"]),
    ("equal-shares", ["--option", "budget=10", "--option", "costs=Ann:4,Ben:7", "--option", "completion=none"]),
])  # fmt: skip
def test_every_method_that_adds_counts_a_table(tmp_path, method, more):
    table = tmp_path / "votes.csv"
    table.write_text("weight,Ann,Ben\n3,5,\n1,,4\n")
    assert told(table, "--method", method, *more)["elected"][0]["candidate"] == "Ann"
    assert tally(table, "--method", method, *more).exit_code == 0


def test_a_lot_decides_between_equals(tmp_path):
    table = tmp_path / "votes.csv"
    table.write_text('1\nAnn\nBen\n"Lee, C"\n')
    assert told(table, "--method", "irv", "--lot", "Ann,Ben")["elected"][0]["candidate"] == "Lee, C"
    result = told(table, "--method", "schulze", "--lot", "Lee, C", "--lot", "Ann")
    assert result["elected"][0]["candidate"] == "Lee, C" and result["tie"] and result["ties"][0]["by"] == "lot"


def test_settings_are_said_by_name_and_the_last_word_is_the_commands(tmp_path):
    table = tmp_path / "votes.csv"
    table.write_text("count,rank1,rank2,rank3,rank4\n3,,,Ann,\n2,Ben,,,\n")
    assert told(table, "--method", "irv")["elected"][0]["candidate"] == "Ben"
    assert told(table, "--method", "irv", "--option", "max_skipped=any")["elected"][0]["candidate"] == "Ann"
    config = tmp_path / "config.json"
    rules = {"overvoteRule": "alwaysSkipToNextRank", "maxSkippedRanksAllowed": "2", "maxRankingsAllowed": "3"}
    source = {"overvoteLabel": "overvote", "skippedRankLabel": "undervote"}
    candidates = [{"name": "Ben"}, {"name": "Ann"}, {"name": "Gone", "excluded": True}]
    config.write_text(json.dumps({"rules": rules, "cvrFileSources": [source], "candidates": candidates}))
    by_config = told(table, "--method", "irv", "--config", config)
    assert by_config["elected"][0]["candidate"] == "Ann" and by_config["withdrawn"] == ["Gone"]
    assert by_config["options"] == ["Ben", "Ann"]
    assert told(table, "--method", "irv", "--config", config, "--option", "max-skipped=1")["elected"][0]["candidate"] == "Ben"


@pytest.mark.parametrize(("arguments", "words"), [
    (["--method", "lots"], "is one of irv"), (["--method", "irv", "--option", "colour=red"], "irv has seats"),
    (["--method", "irv", "--option", "batch"], "NAME=VALUE"), (["--method", "irv", "--seats", "0"], "seats"), ([], "--method"),
])  # fmt: skip
def test_a_command_that_cannot_be_meant_ends_with_two(file, arguments, words):
    result = tally(file, *arguments)
    assert result.exit_code == 2 and words in result.output


@pytest.mark.parametrize(("arguments", "code"), [
    (["--method", "irv", "--lot", "Zoe"], "lot_names_stranger"), (["--method", "irv", "--seats", "2"], "bad_parameter"),
    (["--method", "score"], "bad_file"), (["--method", "irv", "--option", "batch=maybe"], "bad_parameter"),
    (["--method", "knapsack", "--option", "budget=5"], "bad_parameter"),
])  # fmt: skip
def test_what_cannot_be_counted_ends_with_one_and_says_why(file, arguments, code):
    result = tally(file, *arguments, "--json")
    assert result.exit_code == 1 and json.loads(result.output)["error"] == code


def test_a_fault_in_a_file_is_told_with_its_line(tmp_path):
    wrong = tmp_path / "wrong.blt"
    wrong.write_text(BLT.replace("18 2 1 0", "18 2 9 0"))
    result = tally(wrong, "--method", "irv")
    assert result.exit_code == 1 and "Line 3: “9” is not the number of a candidate." in result.output
    assert "There are the candidates 1 to 4." in result.output
    table = tmp_path / "scores.csv"
    table.write_text("weight,Ann,Ben\n3,5,1\n\n1,6,4\n")
    assert "Line 4: A score is outside the scale." in tally(table, "--method", "score").output
    assert "Line 2: The vote names more options" in tally(table, "--method", "approval", "--option", "most=1").output
    assert tally(tmp_path / "none.blt", "--method", "irv").exit_code == 2
    assert tally("-", "--method", "irv", input=BLT.encode()).exit_code == 0


def test_the_list_shows_every_method_with_its_settings():
    said = tally("--list").output
    assert all(f"{name}: " in said for name in METHODS) and "max_skipped=" in said


def test_it_needs_no_server(file, tmp_path):
    """Neither settings, nor a database, nor a folder that can be written to."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "TOADLANE_DATA": "/nowhere/at/all",
        "TOADLANE_DEBUG": "maybe",
    }
    command = [sys.executable, "-m", "toadlane.config.cli", "tally", str(file), "--method", "scottish-stv", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["quota"] == 34


@pytest.mark.parametrize(
    ("locale", "says", "refuses"),
    [
        ({"LANG": "es_ES.UTF-8"}, "Cuentan 100 votos", "línea"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, "100 voix comptent", "ligne"),
        ({"LC_MESSAGES": "ar_EG.UTF-8"}, "صوت", "السطر"),
        ({"LANG": "de_DE.UTF-8"}, "votes count", "line"),
        ({"LANG": "C.UTF-8"}, "votes count", "line"),
    ],
)
def test_it_speaks_the_language_of_the_locale(file, tmp_path, locale, says, refuses):
    """In a process of its own, as people call it: what it counts, and what it cannot read."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **locale}

    def call(path):
        command = [sys.executable, "-m", "toadlane.config.cli", "tally", str(path), "--method", "scottish-stv"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert says in call(file).stdout
    broken = tmp_path / "broken.blt"
    broken.write_text(BLT.replace("18 2 1 0", "18 2 9 0"))
    told = call(broken)
    assert told.returncode == 1 and refuses in told.stderr.lower()


@pytest.mark.parametrize("text", ["|" * 200_000, " " * 200_000, "\n" * 200_000, "Option a ->: x" + " " * 200_000 + "x\nV: 1\n"])
def test_no_file_is_looked_at_for_long(text):
    began = process_time()
    with suppress(BadFile):
        formats.read(text.encode(), None)
    assert process_time() - began < 10

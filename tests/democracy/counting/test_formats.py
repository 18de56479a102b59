"""Files of ballots: every form read, every fault told with its line, and nothing written that a spreadsheet would run."""

import csv
import io
import json
from fractions import Fraction

import pytest

from tests.samples import ABSENT, CELLS
from toadlane.democracy.counting.policies import formats
from toadlane.democracy.counting.policies.formats import blt, rctab, tables
from toadlane.democracy.counting.policies.formats.files import BadFile, rankings
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.profiles import OVERVOTE, SKIPPED, collect
from toadlane.kernel.cells import kept_cell, read_cell


def ballots(text: str, **more: object) -> dict[str, object]:
    """Return the ballots of a file, ranking by ranking, with their weight."""
    read = formats.read(text.encode(), **more)  # type: ignore[arg-type]
    return {str(ranking): weight for ranking, weight in rankings(read.ranked())}


BLT = """4 2      # four candidates, two seats
-2
# a remark
3 1 3 4 0
2 3 1=4 - 2 0
1.5 4 0  # halves count
2 0
0
"Ann"
"Ben"
"Robert ""
Eve "Evi" O'Neil
"A title"
"""


def test_a_blt_file_with_all_there_is():
    read = formats.read(BLT.replace('"Robert ""', '"Robert \\"Bob\\" Lee"').encode("utf-8-sig"))
    assert read.options == ("Ann", "Ben", 'Robert "Bob" Lee', 'Eve "Evi" O\'Neil')
    assert (read.seats, read.title, read.withdrawn) == (2, "A title", ("Ben",))
    found = {str(ranking): weight for ranking, weight in rankings(read.ranked())}
    bob, eve = read.options[2:]
    assert found == {str(["Ann", bob, eve]): 3, str([bob, ["Ann", eve]]): 2, str([eve]): Fraction(3, 2)}
    assert read.ranked().votes(read.ranked().blank) == 2


@pytest.mark.parametrize(
    "names", ['"Ann" "Ben"\n"T"', "Ann\nBen\nT", '"Ann"\n"Ben" # her\n"T"', '"Ann"\n"Ben"\n"T"\nwritten by X']
)
def test_names_in_quotes_or_without_on_one_line_or_several(names):
    read = blt.read(f"2 1\n1 1 2 0 3 2 0\n0\n{names}")
    assert (read.options, read.title) == (("Ann", "Ben"), "T")
    assert ballots(f"2 1\n1 1 2 0 3 2 0\n0\n{names}") == {"['Ann', 'Ben']": 1, "['Ben']": 3}


@pytest.mark.parametrize(("text", "line", "reason"), [
    ("", 1, "empty"), ("# nothing\n\n", 1, "empty"), ("2\n", 1, "not two numbers"), ("0 1\n0\n", 1, "candidates"),
    ("2 1\n-3\n0\n", 2, "no candidate 3"), ("2 1\n1 1 2\n0\n", 2, "does not end with 0"),
    ("2 1\n1 3 0\n0\n", 2, "not the number"),
    ("2 1\n1 1 1 0\n0\n", 2, "named twice"), ("2 1\nx 1 0\n0\n", 2, "not a weight"),
    ("2 1\n1 1 0\n-1 1 0\n0\n", 3, "not a weight"),
    ("2 1\n1/0 1 0\n0\n", 2, "not a weight"), ("2 1\n1 1=1 0\n0\n", 2, "named twice"), ("2 1\n1 1= 0\n0\n", 2, "not the number"),
    ("2 1\n1 1 0\n", 3, "do not end"), ("2 1\n1 1 0\n0\n\"A\"\n", 5, "1 names for 2"), ("2 1\n1 1 0\n0\nA\nA\n", 5, "called"),
    ("2 1\n1 1 0\n\"A\"\n\"B\"\n", 3, "do not end"), ("99999999 1\n0\n", 1, "candidates"),
    # Few letters, endless numbers.
    ("2 1\n1e999999999 1 0\n0\n", 2, "not a weight"), (f"2 1\n{'9' * 5000} 1 0\n0\n", 2, "not a weight"),
    (f"{'9' * 5000} 1\n0\n", 1, "candidates"), (f"2 1\n-{'9' * 5000}\n0\n", 2, "no candidate 9"),
    ("2 1\n1_0 1 0\n0\n", 2, "not a weight"), (f"2 1\n1 {'- ' * 105}1 0\n0\n", 2, "more ranks"),
])  # fmt: skip
def test_a_fault_in_a_blt_file_is_told_with_its_line(text, line, reason):
    with pytest.raises(BadFile) as fault:
        blt.read(text)
    assert fault.value.line == line and reason in str(fault.value) and str(fault.value).startswith(f"Line {line}: ")


RANKS = "count,rank1,rank2,rank3\n3,Ann,undervote,Ben\n2,Ben,overvote,\n1,undervote,undervote,undervote\n"


def test_a_table_of_ranks():
    read = formats.read(RANKS.encode())
    assert read.options == ("Ann", "Ben") and read.ranked().blank == 1
    assert ballots(RANKS) == {str(["Ann", SKIPPED, "Ben"]): 3, str(["Ben", OVERVOTE]): 2}


@pytest.mark.parametrize("text", [
    "1,2\nAnn,Ben\nBen,\n", "id;Choice 1;Choice 2\n7;Ann;Ben\n8;Ben;\n",
    "1st\t2nd\nAnn\tBen\nBen\n", "rank2,rank1\nBen,Ann\n,Ben\n",
    "\ufeffrank 1,rank 2\r\nAnn,Ben\r\nBen,\r\n", "weight,1,2\n0,Ann,Ben\n1,Ann,Ben\n1,Ben,-\n",
])  # fmt: skip
def test_a_row_a_ballot_however_the_columns_are_called(text):
    assert formats.read(text.encode()).options in (("Ann", "Ben"), ("Ben", "Ann"))
    assert ballots(text) == {"['Ann', 'Ben']": 1, "['Ben']": 1}


def test_options_nobody_ranks_are_known_by_a_row_without_weight():
    assert formats.read(b"weight,1,2,3\n0,Cleo,Ann,Ben\n5,Ben,,\n").options == ("Cleo", "Ann", "Ben")


COLUMNS = "weight,Ann,Ben,Cleo\n3,1,2,2\n2,,1,3\n"


def test_a_column_an_option_holds_ranks_or_whatever_the_method_counts():
    assert ballots(COLUMNS) == {str(["Ann", ["Ben", "Cleo"]]): 3, str(["Ben", SKIPPED, "Cleo"]): 2}
    read = formats.read(COLUMNS.encode())
    assert list(read.votes("scores")) == [({"Ann": 1, "Ben": 2, "Cleo": 2}, 3), ({"Ben": 1, "Cleo": 3}, 2)]
    chosen = formats.read(b"Ann,Ben\nx,\nX,yes\n0,1\n")
    assert list(chosen.votes("approval")) == [(["Ann"], 1), (["Ann", "Ben"], 1), (["Ben"], 1)]


def test_a_rank_below_the_first_is_refused_and_a_file_of_a_spreadsheet_is_read():
    with pytest.raises(BadFile, match="Line 2: Ranks begin at 1"):
        formats.read(b"Ann,Ben\n0,1\n").ranked()
    assert formats.read("rank1,rank2\r\nAnn,Zoë\r\n".encode("utf-16")).options == ("Ann", "Zoë")


def test_a_table_may_say_what_projects_cost():
    read = formats.read(b"weight,park,bench\ncost,600,100\n3,x,\n2,,x\n")
    assert read.costs == {"park": 600, "bench": 100} and list(read.votes("budget")) == [(["park"], 3), (["bench"], 2)]


def test_ranked_ballots_say_who_is_approved_but_give_no_scores():
    read = formats.read(RANKS.encode())
    assert sorted(read.votes("approval")) == [([], 1), (["Ann", "Ben"], 3), (["Ben"], 2)]
    with pytest.raises(BadFile, match="counts numbers"):
        list(read.votes("scores"))


SCOTTISH = '3,2,\n64,1,3,\n5,2,,1,\n"Candidate 1","Ann","Party",\n"Candidate 2","Ben O\'Neil",\n"Candidate 3","Cleo"\n"A ward",\n'


def test_the_aggregated_form_of_scottish_records():
    read = formats.read(SCOTTISH.encode())
    assert (read.options, read.seats, read.title) == (("Ann", "Ben O'Neil", "Cleo"), 2, "A ward")
    assert ballots(SCOTTISH) == {str(["Ann", "Cleo"]): 64, str(["Ben O'Neil", SKIPPED, "Ann"]): 5}


@pytest.mark.parametrize(("text", "line", "reason"), [
    ("", None, "empty"), ("count,rank1\nmany,Ann\n", 2, "not a weight"), ("count,rank1\n,Ann\n", 2, "not a weight"),
    ("Ann,Ben\n1,two\n", 2, "under “Ben” is not a whole number"), ("Ann,Ann\n1,2\n", 1, "names"),
    (SCOTTISH.replace("64,1,3", "64,1,4"), 2, "no candidate 4"),
    (SCOTTISH.replace('"Candidate 2"', '"Candidate 3"'), 6, "named twice"),
    ("1000,2000\n1,2\n", 1, "numbers, not names"), ("count,rank1\n1e999999999,Ann\n", 2, "not a weight"),
    ('rank1\n"Ann\nBen\n', 2, "no row of a table"), ("rank1,rank2\nAnn,Ben,Cleo\n", 2, "more cells"),
    ("Ann,Ben\n1,2,3\n", 2, "more cells"), (f"{'9' * 5000},1,\n1,1,\n\"Candidate 1\",\"Ann\"\n", 1, "candidates"),
])  # fmt: skip
def test_a_fault_in_a_table_is_told_with_its_line(text, line, reason):
    with pytest.raises(BadFile) as fault:
        formats.read(text.encode())
    assert fault.value.line == line and reason in str(fault.value)


DEBIAN = """ Option 1----->: Ann
/  Option 2---->: Raphaël
|/  Option 3--->: None Of The Above
V: 12- 0123abcd
V: --1
V: 211 ffff
"""


def test_a_tally_sheet_of_debians():
    read = formats.read(DEBIAN.encode("latin-1"))
    assert read.options == ("Ann", "Raphaël", "None Of The Above")
    found = {str(ranking): weight for ranking, weight in rankings(read.ranked())}
    assert found == {str(["Ann", "Raphaël"]): 1, "['None Of The Above']": 1, str([["Raphaël", "None Of The Above"], "Ann"]): 1}
    with pytest.raises(BadFile, match="Line 4: There are 2 ranks for 3 options"):
        formats.read(DEBIAN.replace("V: 12- ", "V: 12 ").encode())


PB = """META
key;value
description;A town
budget;100
vote_type;approval
PROJECTS
project_id;cost;name
1;60;Park
2;50;Bikes
VOTES
voter_id;vote
10;1
11;1,2
12;
"""


def test_a_participatory_budget_of_pabulibs():
    read = formats.read(PB.encode())
    assert (read.options, read.costs, read.budget, read.title) == (("1", "2"), {"1": 60, "2": 50}, 100, "A town")
    assert sorted(read.votes("budget")) == [([], 1), (["1"], 1), (["1", "2"], 1)]
    for wrong, line in (("60;Park", 8), ("11;1,2", 13)):
        with pytest.raises(BadFile, match=f"Line {line}"):
            formats.read(PB.replace(wrong, wrong.replace("60", "6.5").replace("1,2", "1,3")).encode())


SETTINGS = {
    "outputSettings": {"contestName": "Mayor"},
    "cvrFileSources": [{"overvoteLabel": "overvote", "skippedRankLabel": "undervote", "undeclaredWriteInLabel": "UWI"}],
    "candidates": [{"name": "Ann", "excluded": False, "aliases": ["A. Smith"]}, {"name": "Ben", "excluded": True}],
    "rules": {"winnerElectionMode": "singleWinnerMajority", "overvoteRule": "exhaustImmediately",
              "maxSkippedRanksAllowed": "unlimited",
              "maxRankingsAllowed": "2", "batchElimination": True, "exhaustOnDuplicateCandidate": True,
              "continueUntilTwoCandidatesRemain": True},
}  # fmt: skip


def test_the_settings_of_the_public_tabulator():
    config = rctab.read(json.dumps(SETTINGS))
    assert config.params == {
        "max_skipped": None, "overvote": "exhaust", "repeats": "exhaust", "batch": True, "until": "two",
        "first_out": ["Undeclared Write-ins"],
    }  # fmt: skip
    assert (config.title, config.withdrawn) == ("Mayor", ("Ben",))
    read = formats.read(b"count,rank1,rank2,rank3\n2,A. Smith,UWI,Ben\n", config.labels)
    assert read.options == ("Ann", "Ben", "Undeclared Write-ins")
    assert ballots("count,rank1,rank2,rank3\n2,A. Smith,UWI,Ben\n", labels=config.labels) == {
        str(["Ann", "Undeclared Write-ins"]): 2
    }


@pytest.mark.parametrize(("name", "value"), [
    ("winnerElectionMode", "multiWinnerAllowMultipleWinnersPerRound"), ("overvoteRule", "exhaustIfMultipleContinuing"),
    ("minimumVoteThreshold", "100"), ("maxSkippedRanksAllowed", "some"), ("stopTabulationEarlyAfterRound", "3"),
])  # fmt: skip
def test_settings_we_do_not_follow_are_refused_by_name(name, value):
    with pytest.raises(BadFile, match=name):
        rctab.read(json.dumps({**SETTINGS, "rules": {**SETTINGS["rules"], name: value}}))
    for text in ("", "[]", "{}", '{"rules": {}, "cvrFileSources": [], "candidates": []}'):
        with pytest.raises(BadFile):
            rctab.read(text)


# --- written


def test_a_table_of_ranks_knows_all_options_and_blanks():
    profile = collect([(["b", SKIPPED, OVERVOTE], 3), ([], 2), (["a"], Fraction(1, 2))], ["c", "a", "b"])
    text = "\n".join(tables.write(profile))
    assert text.splitlines()[:2] == ["weight,rank1,rank2,rank3", "0,c,a,b"]
    again = tables.read(text).ranked()
    assert again.options == ("c", "a", "b") and again.votes(again.blank) == 2
    assert {str(r): w for r, w in rankings(again)} == {str(r): w for r, w in rankings(profile)}


def test_numbers_are_written_a_column_an_option():
    votes = [({"a": 5, "b": -3}, 1), ({}, 2)]
    assert list(tables.write_numbers(votes, ["a", "b"])) == ["weight,a,b", "1,5,-3", "2,,"]
    assert list(tables.read("\n".join(tables.write_numbers(votes, ["a", "b"]))).votes("scores")) == votes


def test_a_stray_quotation_mark_within_a_line_changes_nothing():
    names = '"Candidate 1","Ann","Green (Gr)",\n"Candidate 2","Ben","None",\n""East, South and Burray Ward"",\n'
    read = tables.read("2,1,\n3,1,2,\n1,2,\n" + names)
    assert read.options == ("Ann", "Ben") and read.seats == 1
    assert METHODS["scottish-stv"].rank(read.ranked(), {"seats": 1}).winners == ["Ann"]


NASTY = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "=cmd|' /C calc'!A0",
    "\uff1d1+1",
    "'=1+1",
    "''=1",
    "'quoted'",
    "+491234567",
    "-5",
    "@me",
    "a,b",
]


@pytest.mark.skipif(not CELLS.exists(), reason=ABSENT)
def test_cells_that_strangers_fill_run_in_no_spreadsheet():
    document = json.loads(CELLS.read_text())
    written = "\n".join(tables.write(collect([([cell.strip() for cell in document["cells"]], 1)], cells_of(document))))
    harmless = {"+491234567", "-5", "@handle"}
    for row in csv.reader(io.StringIO(written)):
        for cell in row:
            assert cell in harmless or cell.strip()[:1] not in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    assert tables.read(written).options == tuple(cells_of(document))


def cells_of(document: dict) -> list[str]:
    return list(dict.fromkeys(cell.strip() for cell in document["cells"]))


@pytest.mark.parametrize("name", NASTY)
def test_a_name_comes_back_as_it_was(name):
    assert read_cell(kept_cell(name)) == name
    profile = collect([([name, "b"], 2)], [name, "b"])
    again = tables.read("\n".join(tables.write(profile)))
    assert again.options == (name, "b") and METHODS["irv"].rank(again.ranked(), {}).winners == [name]
    tied = collect([([[name, "b"], "c"], 2)], [name, "b", "c"])
    assert tables.read("\n".join(tables.write(tied))).options == (name, "b", "c")

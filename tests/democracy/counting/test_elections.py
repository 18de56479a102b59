"""Elections that were held, counted again: councils of Scotland, the mayor of Minneapolis, leaders of Debian, worked examples.

The data is not ours to ship (docs/sources.md); where it is not on the machine these tests are skipped.
"""

import csv
import json
from fractions import Fraction
from functools import cache

import pytest

from tests.samples import ABSENT, ELECTIONS
from toadlane.democracy.counting.policies import formats
from toadlane.democracy.counting.policies.formats import rctab
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.results import Result

SCOTLAND, DEBIAN, MAYOR = ELECTIONS / "scotland", ELECTIONS / "condorcet", ELECTIONS / "irv" / "2017_minneapolis_mayor"
pytestmark = pytest.mark.skipif(not ELECTIONS.exists(), reason=ABSENT)
WARDS = sorted(path.stem for path in (SCOTLAND / "ballots").glob("*.csv"))

# Who is called otherwise in the official result than in the vote records, which cut some names at a hyphen or apostrophe.
CALLED = {
    "Gordon Masterton": "Gordon Hugh Macleod Masterton", "Andy Morrison": "Andrew Morrison", "Paul O'Kane": "Paul O",
    "Iain Mckinnon-Waddell": "Iain Mckinnon", "Norman Work": "Norrie Work", "Amy McNeese-Mechan": "Amy Mcneese",
    "Alan Melville": "Alan Gordon Melville", "Sanne Dijkstra-Downie": "Sanne Dijkstra", "Gordon Munro": "Gordon John Munro",
    "Philip Doggart": "Phil Doggart", "Margaret-Anne Milne": "Margaret", "Matthew McGrath": "Matt Mcgrath",
    "Rory O'Brien": "Rory O", "James Garry": "Jim Garry", "Angus Neil Anderson": "Angus Anderson",
    "Patrick McAleer": "Patrick Pearse Mcaleer", "George Arthur Mowat-Brown": "George Arthur Mowat",
    "Kenryck Lloyd-Jones": "Kenryck Lloyd", "Daniel John O'Malley": "Daniel John O",
}  # fmt: skip
# Cells of the official table that contradict the table itself: (ward, candidate, stage): (printed, what it has to be).
MISPRINTS = {
    # 797.06900 + 35.77252, the transfer printed beside it, is 832.84152; so is what the next stages begin from.
    ("midlothian_2017_ward1", "Joe Wallace", 3): ("832.84154", "832.84152"),
}


@cache
def official() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (SCOTLAND / "stages" / "official-2017-stages.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], []).append(row)
    return found


@cache
def expected() -> dict[str, dict]:
    return {ward["file"]: ward for ward in json.loads((SCOTLAND / "expected-2017.json").read_text())}


@cache
def counted(ward: str, form: str = "ballots/{}.csv") -> Result:
    ballots = formats.read((SCOTLAND / form.format(ward)).read_bytes())
    return METHODS["scottish-stv"].rank(ballots.ranked(), {"seats": ballots.seats})


def named(name: str, result: Result) -> str:
    wanted = CALLED.get(name, name).lower()
    return next(option for option in result.options if option.lower() == wanted)


def as_printed(number: Fraction, printed: str) -> str:
    """Write a number as the official table prints it: some councils show five decimals, some six digits, some no zeros."""
    decimals = len(printed.partition(".")[2])
    return f"{float(number):.{decimals}f}"


def test_all_wards_are_there():
    assert len(WARDS) == 70 == len(expected()) and set(WARDS) == set(official())


@pytest.mark.parametrize("ward", WARDS)
def test_a_ward_comes_out_as_it_was_declared(ward):
    result, known, rows = counted(ward), expected()[ward], official()[ward]
    assert result.winners == known["winners"]
    assert (result.quota, result.valid, result.seats) == (known["quota"], known["valid"], known["seats"])
    assert (result.quota, result.valid) == (int(rows[0]["quota"]), int(rows[0]["valid_poll"]))
    declared = {named(row["name"], result): int(row["occurred_on_count"]) for row in rows if row["status"] == "Elected"}
    assert {one.candidate: one.stage for one in result.elected} == declared


@pytest.mark.parametrize("ward", WARDS)
def test_every_cell_of_every_stage_is_the_official_one(ward):
    result, cells = counted(ward), 0
    for row in official()[ward]:
        name = named(row["name"], result)
        for stage in result.stages:
            printed = row["first_prefs"] if stage.number == 1 else row[f"total_votes{stage.number:02d}"]
            if (ward, row["name"], stage.number) in MISPRINTS:
                wrong, right = MISPRINTS[ward, row["name"], stage.number]
                assert printed == wrong
                printed = right
            assert as_printed(Fraction(stage.totals[name]), printed) == printed, (row["name"], stage.number)
            cells += 1
        beyond = f"total_votes{len(result.stages) + 1:02d}"
        assert not row.get(beyond), "the official count has more stages"
    assert cells == len(result.options) * len(result.stages) == expected()[ward]["cells"]


@pytest.mark.parametrize("ward", WARDS)
def test_a_ward_is_the_same_from_its_blt_file(ward):
    table, blt = counted(ward), counted(ward, "blt/{}.blt")
    assert [one.stage for one in blt.elected] == [one.stage for one in table.elected]
    assert [list(stage.totals.values()) for stage in blt.stages] == [list(stage.totals.values()) for stage in table.stages]


@cache
def minneapolis() -> tuple[formats.BallotFile, rctab.Config]:
    config = rctab.read(MAYOR.with_name(MAYOR.name + "_config.json").read_text())
    return formats.read(MAYOR.with_name(MAYOR.name + "_ballots.csv").read_bytes(), config.labels), config


def test_minneapolis_round_by_round_as_the_public_tabulator_has_it():
    ballots, config = minneapolis()
    result = METHODS["irv"].rank(ballots.ranked(), config.params)
    report = json.loads(MAYOR.with_name(MAYOR.name + "_expected_detailed_report.json").read_text())
    assert result.winners == ["Jacob Frey"] and len(result.stages) == len(report["results"]) == 6
    assert (result.valid + result.blank, result.blank) == (105_928, report["summary"]["undervotes"])
    for stage, told in zip(result.stages, report["results"], strict=True):
        assert dict(stage.totals) == {name: int(votes) for name, votes in told["tally"].items()}
        assert stage.needed == int(told["threshold"])
        gone = told["inactiveBallots"]
        assert dict(stage.notes) == {
            "exhausted_choices": int(gone["exhaustedChoices"]), "skipped_rankings": int(gone["skippedRankings"]),
            "overvotes": int(gone["overvotes"]), "repeated_rankings": int(gone["repeatedRankings"]),
        }  # fmt: skip
    assert dict(result.stages[-1].totals) == {"Jacob Frey": 46_704, "Raymond Dehn": 34_970}


def test_minneapolis_without_its_rule_on_skipped_ranks_is_another_count():
    ballots, config = minneapolis()
    naive = METHODS["irv"].rank(ballots.ranked(), {**config.params, "max_skipped": None})
    assert naive.stages[-1].totals["Jacob Frey"] == 46_716


def test_minneapolis_comes_out_right_without_its_settings_too():
    plain = formats.read(MAYOR.with_name(MAYOR.name + "_ballots.csv").read_bytes())
    result = METHODS["irv"].rank(plain.ranked(), {})
    assert dict(result.stages[-1].totals) == {"Jacob Frey": 46_704, "Raymond Dehn": 34_970}


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs"])
@pytest.mark.parametrize("params", [{}, {"default": "None Of The Above"}])
def test_debian_2020(method, params):
    ballots = formats.read((DEBIAN / "leader2020_tally.txt").read_bytes())
    result = METHODS[method].rank(ballots.ranked(), params)
    assert result.ranking == ("Jonathan Carter", "Sruthi Chandran", "Brian Gupta", "None Of The Above")
    pairs = result.extra["pairwise"]
    assert (pairs["Jonathan Carter>Sruthi Chandran"], pairs["Sruthi Chandran>Jonathan Carter"]) == (258, 57)


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs"])
def test_debian_2007(method):
    ballots = formats.read((DEBIAN / "leader2007_tally.txt").read_bytes())
    result = METHODS[method].rank(ballots.ranked(), {"default": "None Of The Above"})
    assert result.winners == ["Sam Hocevar"] and "Raphaël Hertzog" in result.options
    assert result.extra["set_aside"] == ["Aigars Mahinovs", "Simon Richter"]


# --- the worked examples of the Condorcet project


def worked(method: str, test: str) -> dict:
    examples = json.loads((DEBIAN / "worked-examples.json").read_text())
    return next(one for one in examples if (one["method"], one["test"]) == (method, test))


def count_worked(example: dict, method: str, **params) -> Result:
    votes = []
    for line in example["votes"]:
        ranking, _, times = line.replace("^", "*").partition("*")
        votes.append(([name.strip() for name in ranking.split(">")], int(times or 1)))
    return METHODS[method].count(votes, example["cands"], {"seats": example["seats"], **params})


@pytest.mark.parametrize("test", ["schulze official example 3", "schulze official example 8 situation 2",
                                  "schulze official example 12"])  # fmt: skip
def test_schulze_as_he_worked_it_out(test):
    example = worked("Schulze Winning", test)
    result = count_worked(example, "schulze")
    assert result.winners == [example["expect"]["Winner Schulze Winning"]]
    ranking = example["expect"].get("Result Schulze Winning->rankingAsArrayString")
    assert ranking is None or list(result.ranking) == list(ranking.values())
    for one, others in example["expect"].get("Result Schulze Winning->stats->asArray", {}).items():
        assert {other: result.extra["strongest_paths"][f"{one}>{other}"] for other in others} == others


def test_schulze_where_two_stand_first():
    example = worked("Schulze Winning", "result 1")
    result = count_worked(example, "schulze")
    assert result.extra["ranks"] == [["B", "D"], ["A", "C"]] and result.tie
    assert METHODS["schulze"].count([(["B"], 1), (["D"], 1)], ["B", "D"], {}, ["D", "B"]).winners == ["D"]


@pytest.mark.parametrize("test", ["result 3", "result 8"])
def test_ranked_pairs_as_worked_out(test):
    example = worked("Ranked Pairs", test)
    for strength in ("winning", "margins"):
        result = count_worked(example, "ranked-pairs", strength=strength)
        assert result.winners == [example["expect"]["Winner Ranked Pairs Winning"]]


def test_equal_wins_that_close_a_circle_are_told_apart_by_the_lot():
    example = worked("Ranked Pairs", "result 8")
    result = count_worked(example, "ranked-pairs")
    assert [tie.candidates for tie in result.ties] == [("A>C", "C>B")], "both 54 to 46, and B>A is locked"
    votes = [(line.partition("*")[0].split(">"), int(line.partition("*")[2])) for line in example["votes"]]
    assert METHODS["ranked-pairs"].count(votes, example["cands"], {}, ["C", "A", "B", "D"]).winners == ["C"]


@pytest.mark.parametrize(("test", "params"), [
    ("result 3", {}), ("result alternative quotas4", {"quota": "hagenbach-bischoff"}),
])  # fmt: skip
def test_single_transferable_votes_as_worked_out(test, params):
    example = worked("STV", test)
    result, wanted = count_worked(example, "stv", **params), example["expect"]
    assert result.quota == wanted["Result STV->stats['Votes Needed to Win']"]
    assert result.winners == list(wanted["Result STV->rankingAsArrayString"].values())
    for stage, totals in zip(result.stages, wanted["Result STV->stats['rounds']"].values(), strict=True):
        assert {name: float(stage.totals[name]) for name in totals} == totals


def test_two_who_stand_equal_to_the_end_are_told_apart_by_the_lot_alone():
    example = worked("Instant-runoff", "result equality")
    result = count_worked(example, "irv")
    assert result.tie and result.ties[0].candidates == ("A", "B")
    votes = [(["A"], 1), (["B"], 1)]
    assert METHODS["irv"].count(votes, ["A", "B"], {}, ["A", "B"]).winners == ["B"], "who is drawn first drops out"

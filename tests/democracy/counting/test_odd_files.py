"""Files that are odd and right are counted right, and those that would be counted wrong in silence are refused."""

import pytest

from toadlane.democracy.counting.policies import formats
from toadlane.democracy.counting.policies.explanations import explain
from toadlane.democracy.counting.policies.formats.files import BadFile
from toadlane.democracy.counting.policies.methods import METHODS

# A mark of byte order, remarks, empty lines, a candidate who has withdrawn, equal and empty ranks, a ballot with a name of
# its own, and names with a comma, an apostrophe, quotes written twice, and a letter with dots.
ODD = (
    "\ufeff# counted on Sunday\r\n4 2  # four for two seats\r\n-3\r\n3 1 2 0 # a remark\r\n\r\n2 2=3 1 0\r\n1 - 4 0\r\n"
    '(b7) 2 4 1 0\r\n0\r\n"Smith, John"\r\n"O\'Brien ""Bob"" #1"\r\n"Zoë"\r\n"Dan"\r\n"Board, spring"\r\n'
)
BOB = 'O\'Brien "Bob" #1'


def test_all_that_is_odd_in_one_file():
    read = formats.read(ODD.encode())
    assert read.options == ("Smith, John", BOB, "Zoë", "Dan")
    assert (read.title, read.seats, read.withdrawn) == ("Board, spring", 2, ("Zoë",))
    result = METHODS["irv"].rank(read.ranked(), {})
    # 2=3 is a place shared with somebody who has withdrawn: it is the other's.
    assert {name: int(votes) for name, votes in result.stages[0].totals.items()} == {"Smith, John": 3, BOB: 2, "Dan": 3}
    assert result.winners == ["Smith, John"] and result.valid == 8


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        '3 1\n4 1 2 3 0\n3 2 3 0\n2 3 2 1 0\n0\n"A"\n"B"\n"C"\n"T"',
        '3 1\n4 1 2 3 0 3 2 3 0 2 3 2 1 0 0 "A" "B" "C" "T"\n',
        '3 1\n4 1 2 3 0\n3 2 3 0\n2 3 2 1 0\n0 "A" "B"\n"C"\n"T"\n',
        "# board\n\nweight,rank1,rank2,rank3\n4,A,B,C\n3,B,C,\n2,C,B,A\n",
        "#,weight,A,B,C\n1,4,1,2,3\n2,3,,1,2\n3,2,3,2,1\n",
        'Weight;Rank 1;Rank 2;Rank 3\n4;"A";"B";C\n3;B;C;\n2;C;B;A\n',
    ],
)
def test_one_election_in_many_shapes(text, encoding, ends):
    read = formats.read(text.replace("\n", ends).encode(encoding))
    result = METHODS["irv"].rank(read.ranked(), {})
    assert {name: int(votes) for name, votes in result.stages[0].totals.items()} == {"A": 4, "B": 3, "C": 2}
    assert result.winners == ["B"]


@pytest.mark.parametrize(
    "text",
    [
        '3 1\n4 1 2 0\n0\n"A"\n"B"\n"C"\n"T"\n"X"\n',  # One string too many: whom do the numbers stand for?
        '3 1\n4 1 2\n3 2 3 0\n0\n"A"\n"B"\n"C"\n"T"\n',
        "3 1\n4 1 2 0\n0\n",
    ],
)
def test_what_would_be_guessed_is_refused(text):
    with pytest.raises(BadFile):
        formats.read(text.encode()).ranked()


def test_where_only_one_is_left_nothing_is_compared():
    read = formats.read(b'2 1\n-1\n4 1 2 0\n0\n"A"\n"B"\n"T"\n')
    result = METHODS["schulze"].rank(read.ranked(), {})
    assert result.winners == ["B"] and not any("chain of wins" in line for line in explain(result))


NAMES = '"Ann"\n"Ben"\n"Cleo"\n"Three friends"\n'


@pytest.mark.parametrize(
    ("text", "line", "says", "hint"),
    [
        (f"3 1\n4 1 2 0\n3 2 3 0\n{NAMES}", 4, "The ballots do not end.", "a line with 0 alone"),
        ('3 1\n4 1 2 0\n0\n"Ann"\n""\n"Cleo"\n"T"\n', 5, "Candidate 2 has no name.", ""),
        (f"3 1\n{'9' * 40} 1 2 0\n0\n{NAMES}", 2, "too large a weight", "At most"),
        ("3,1,2\n2,2,1\n", 1, "The first row holds numbers, not names.", "names the columns"),
        ("1,2,3\n3,1,2\n2,3,1\n", 1, "The first row holds numbers, not names.", "names the columns"),
        ("<!doctype html><p>Not found</p>", None, "nothing follows", "names the columns"),
        ('3 1 4 1 2 0 0 "Ann" "Ben" "Cleo" "T"', None, "nothing follows", "names the columns"),
    ],
)
def test_what_would_be_counted_wrong_is_told_with_its_line(text, line, says, hint):
    with pytest.raises(BadFile) as told:
        formats.read(text.encode())
    assert told.value.line == line and says in told.value.reason and hint in str(told.value.hint)


def test_columns_called_by_their_rank_alone_are_ranks():
    found = formats.read(b"1,2,3\nAnn,Ben,\nBen,,\n")
    assert found.options == ("Ann", "Ben") and found.ranked().votes(int(found.ranked().weights.sum())) == 2


@pytest.mark.parametrize(("cell", "weight"), [("1000", 1000), ("1.5", 1.5), ("1.00", 1), ("0.0005", 0.0005)])
def test_a_weight_in_a_table_with_semicolons_is_read(cell, weight):
    found = formats.read(f"weight;rank1;rank2\n{cell};Ann;Ben\n".encode()).ranked()
    assert float(found.votes(found.total)) == weight


@pytest.mark.parametrize("ends", [";", "\t"])
@pytest.mark.parametrize("cell", ["1.000", "12.500", "1.000.000"])
def test_a_point_that_may_stand_before_thousands_is_asked_about(cell, ends):
    for table in (f"weight;rank1;rank2\n{cell};Ann;Ben\n", f"weight;Ann;Ben\n{cell};1;2\n"):
        with pytest.raises(BadFile) as told:
            formats.read(table.replace(";", ends).encode()).ranked()
        assert told.value.line == 2 and "a thousand times more" in told.value.reason
    # Parted by commas, a point is the decimal one, and says what it always has.
    found = formats.read(b"weight,rank1\n1.000,Ann\n").ranked()
    assert found.votes(found.total) == 1


BLT = "3 1\n4 1 2 0\n0\n"
PROJECTS = "META\nkey;value\nbudget;100\nPROJECTS\nproject_id;cost;name\n1;60;Park\n2;50;Yard\nVOTES\nvoter_id;vote\na;1,2\n"
SCOTTISH = '2,1,\n4,1,2,\n"Candidate 1","Ann",\n"Candidate 2","Ben",\n"Ward",\n'
SHEET = "Option 1 --->: Ann\nOption 2 --->: Ben\n\nV: 12\nV: 2-\n"


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_what_ends_no_line_moves_nobody(sign):
    read = formats.read(f'{BLT}"A{sign}X"\n"B"\n"C"\n"T"\n'.encode())
    assert (read.options, read.title) == ((f"A{sign}X", "B", "C"), "T")
    assert METHODS["irv"].rank(read.ranked(), {}).winners == [f"A{sign}X"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (BLT + '"Ann\nLee"\n"Ben"\n"Cleo"\n', 4, "mark is not closed"),
        (BLT + '"Ann"\n"Ben"\n"Cleo\n"T"\n', 6, "mark is not closed"),
        (SCOTTISH + "5,2,1,\n", 6, "A ballot stands among the names."),
        (SCOTTISH.replace('"Candidate 2"', '"Candidate 1"'), 4, "named twice"),
        ("weight,count,Ann,Ben\n1,5,1,2\n", 1, "“weight”, “count”"),
        ("weight,rank1,choice 1\n1,Ann,Ben\n", 1, "the same rank"),
        (SHEET.replace("V: 2-", "V: 2?"), 5, "This is no vote"),
        (PROJECTS.replace("2;50", "1;50"), 7, "stands there twice"),
        (PROJECTS.replace("voter_id;vote", "voter_id;votes"), 9, "The column “vote” is missing."),
        (PROJECTS.replace("project_id;cost", "project_id;price"), 5, "The column “cost” is missing."),
        (PROJECTS + "b;1;2\n", 11, "more cells"),
        (PROJECTS + 'b;"1\nc;2\n', 11, "no row of a table"),
        (PROJECTS + f"b;{'1' * 200_000}\n", 11, "no row of a table"),
    ],
)
def test_what_would_be_lost_or_moved_in_silence_is_told_with_its_line(text, line, says):
    with pytest.raises(BadFile) as told:
        formats.read(text.encode()).ranked()
    assert told.value.line == line and says in told.value.reason


def test_who_has_withdrawn_is_chosen_by_no_method():
    read = formats.read(f"3 1\n-1\n4 1 2 0\n3 1 0\n2 3 0\n0\n{NAMES}".encode())
    assert read.standing == ("Ben", "Cleo")
    for name, params in {"approval": {}, "knapsack": PAID, "equal-shares": PAID}.items():
        result = METHODS[name].count(read.votes(METHODS[name].kind), read.standing, params)
        assert "Ann" not in result.winners and result.winners[0] == "Ben" and result.blank == 3, name


PAID = {"budget": 10, "costs": {"Ben": 10, "Cleo": 10}}


def test_a_letter_is_the_same_however_it_is_composed():
    read = formats.read("weight,rank1,rank2\n2,Zoe\u0308,Ann\n1,Zo\u00eb,Ann\n".encode())
    assert read.options == ("Zo\u00eb", "Ann")


def test_a_quote_of_a_name_hides_no_remark():
    read = formats.read(f'{BLT}"A\\"B" # a remark\n"B"\n"C"\n"T"\n'.encode())
    assert read.options == ('A"B', "B", "C")

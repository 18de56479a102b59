"""Three files are read as people save them, and every line that cannot be is named: where, what, and what to do."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ownership.arrivals.conftest import BALANCES, FILES, MEMBERS, ORDINARY, SHARES
from toadlane.money.ledger.policies.chart import CONTROL
from toadlane.ownership.arrivals.policies import checking, reading
from toadlane.ownership.shares.policies import classes

DEAR = {**ORDINARY, "id": "dear", "price": 10**7}
WHOLE = {**ORDINARY, "id": "whole", "paid_at_once": "1"}
KNOWN = checking.Known(
    today=date(2027, 3, 1), currency="EUR", classes={"worker": (True, False), "firm": (False, True)},
    share_classes=classes.read([ORDINARY, DEAR, WHOLE]), most_of_capital=Fraction(2, 3),
    here=(
        checking.Here(51, 1, "Bob", "bob@sparkle.test", "", "worker"),
        checking.Here(52, 2, "Alice", "alice@sparkle.test", "", "worker"),
    ),
)  # fmt: skip


def plan(members=MEMBERS, shares=SHARES, balances=BALANCES):
    return checking.check({"members": _raw(members), "shares": _raw(shares), "balances": _raw(balances)}, KNOWN)


def _raw(text):
    return text if isinstance(text, bytes) else text.encode()


def faults(**files):
    return [(one.file, one.line, one.column) for one in plan(**files).faults]


def test_files_that_are_right_come_to_what_they_say():
    found = plan()
    assert found.faults == []
    assert [(one.number, one.name, one.here) for one in found.members] == [
        (1, "Bob", 51), (2, "Alice", 52), (7, "Dana Doe", None), (9, "Eli", None)
    ]  # fmt: skip
    assert found.members[2].joined_on == date(2019, 12, 31) and found.members[3].phone == "+353861234567"
    assert (found.capital, found.unpaid) == (17_500, 3750)
    assert sum(one.minor for one in found.balances) == 0


@pytest.mark.parametrize("wrap", [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace(";", ",").encode(),
    lambda text: text.replace(";", "\t").encode(),
    lambda text: ("\n" + text + "\n\n").encode(),
    lambda text: text.replace("number;name", "Number; NAME ").encode(),
    lambda text: ("sep=;\r\n" + text).encode("utf-8-sig"),
    lambda text: text.replace('7;"Dana\nDoe"', "7;Dana Doe").replace("\n", ";;;\n").encode(),
], ids=["bom", "windows", "commas", "tabs", "blank lines", "heading", "separator named", "empty cells at the end"])  # fmt: skip
def test_however_it_was_saved_it_says_the_same(wrap):
    assert [one.name for one in plan(members=wrap(MEMBERS)).members] == ["Bob", "Alice", "Dana Doe", "Eli"]


HEAD = "number;name;class;joined_on;email\n"


@pytest.mark.parametrize(("line", "column"), [
    ("x;Dana;worker;2020-01-01;d@x.test", "number"), ("0;Dana;worker;2020-01-01;d@x.test", "number"),
    ("٣;Dana;worker;2020-01-01;d@x.test", "number"), ("3;;worker;2020-01-01;d@x.test", "name"),
    ("3;Dana;owner;2020-01-01;d@x.test", "class"), ("3;Dana;firm;2020-01-01;d@x.test", "class"),
    ("3;Dana;worker;2020-02-30;d@x.test", "joined_on"), ("3;Dana;worker;02/03/2020;d@x.test", "joined_on"),
    ("3;Dana;worker;2027-03-02;d@x.test", "joined_on"), ("3;Dana;worker;0001-01-01;d@x.test", "joined_on"),
    ("3;Dana;worker;2020-01-01;d@", "email"), ("3;Dana;worker;2020-01-01;", "email"),
    ("3;Dana;worker;2020-01-01", ""), ("3;Dana;worker;2020-01-01;d@x.test;more", ""),
    ("3;Da\u200bna;worker;2020-01-01;d@x.test", "name"), (f"3;{'D' * 201};worker;2020-01-01;d@x.test", "name"),
    ("1;Dana;worker;2020-01-01;d@x.test", "number"),
])  # fmt: skip
def test_a_line_of_members_that_cannot_be_is_named(line, column):
    good = "8;Good;worker;2020-01-01;good@x.test\n"
    assert ("members", 3, column) in faults(members=f"{HEAD}{good}{line}\n", shares="", balances="")


def test_two_lines_that_cannot_both_be_name_each_other():
    twice = f"{HEAD}3;Dana;worker;2020-01-01;d@x.test\n3;Eli;worker;2020-01-01;e@x.test\n4;Fay;worker;2020-01-01;D@x.test\n"
    assert faults(members=twice, shares="", balances="") == [("members", 3, "number"), ("members", 4, "email")]


def test_lines_are_counted_as_an_editor_counts_them():
    text = f'{HEAD}3;"Da\n\nna";worker;2020-01-01;d@x.test\n4;Eli;worker;never;e@x.test\n'
    assert faults(members=text, shares="", balances="") == [("members", 5, "joined_on")]


@pytest.mark.parametrize(("text", "line", "column"), [
    ("number;name\n1;Bob\n", 1, "class"), ("", 0, ""), (HEAD, 0, ""),
    (HEAD.replace("email", "emial") + "3;Dana;worker;2020-01-01;d@x.test\n", 1, "emial"),
    (HEAD.replace("email", "name") + "3;Dana;worker;2020-01-01;Dana\n", 1, "name"),
    (f'{HEAD}3;"Dana;worker;2020-01-01;d@x.test\n', 2, ""), (f'{HEAD}3;"Da"na;worker;2020-01-01;d@x.test\n', 2, ""),
    (f"{HEAD}3;Dänä;worker;2020-01-01;d@x.test\n".encode("latin-1"), 2, ""), (HEAD.encode("utf-16"), 1, ""),
    (b"x" * (reading.LARGEST + 1), 0, ""),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(text, line, column):
    assert ("members", line, column) in faults(members=text, shares="", balances="")


@pytest.mark.parametrize(("line", "column"), [
    ("5,ordinary,1,,", "member"), ("1,golden,1,,", "share_class"), ("1,ordinary,0,,", "shares"), ("1,ordinary,1.5,,", "shares"),
    ("1,ordinary,4,24.99,", "paid"), ("1,ordinary,4,100.01,", "paid"), ("1,ordinary,4,1.000,", "paid"),
    ("1,ordinary,4,-5,", "paid"), ("1,ordinary,9999999999,,", "shares"), ("1,dear,999999999,,", "shares"),
    ("1,ordinary,4,,2027-03-02", "on"),
])  # fmt: skip
def test_a_line_of_shares_that_cannot_be_is_named(line, column):
    assert ("shares", 2, column) in faults(shares=f"member,share_class,shares,paid,on\n{line}\n")


def test_what_to_do_about_a_line_fits_what_is_wrong_with_it():
    found = plan(shares="member,share_class,shares,paid\n1,whole,1,1\n", balances="account,debit,credit\n9999,1,\n2100,,1\n")
    said = {(one.file, one.line): f"{one.wrong} {one.todo}" for one in found.faults}
    assert "Exactly 25.00 is paid for so many" in said["shares", 2]
    assert "There is no account “9999”" in said["balances", 2] and "3100" in said["balances", 2]
    assert "Settle what is under way" in said["balances", 3] and "3100" not in said["balances", 3]


@pytest.mark.parametrize(("line", "column"), [
    ("9999,1,,", "account"), ("1230,1,,1", "account"), ("2100,,1,", "account"), ("1000,,,", "debit"), ("1000,1,1,", "debit"),
    ("3100,1,,", "debit"), ("2110,,1,", "member"), ("2110,,1,5", "member"), ("3000,,1,1", "member"), ("1000,-1,,", "debit"),
    ("1000,1.000,,", "debit"), ('1000,"1,000",,', "debit"),
    *((f"{code},,1,{1 if code in CONTROL else ''}", "account") for code in checking.NOT_BROUGHT),
    ("3900,,1,", "credit"), ("3200,1,,1", "debit"), ("3200,,1,", "member"), ("1000,1e3,,", "debit"), ("1000,NaN,,", "debit"),
])  # fmt: skip
def test_a_balance_that_cannot_be_is_named(line, column):
    assert ("balances", 2, column) in faults(balances=f"account,debit,credit,member\n{line}\n")


@pytest.mark.parametrize("amount", ["1500", "1500.00", '"1500,00"', '"1.500,00"', '"1,500.00"', "1 500", '"1 500,00"'])
def test_an_amount_is_read_in_whatever_form_leaves_no_doubt(amount):
    found = plan(balances=BALANCES.replace("1500.00", amount))
    assert found.faults == [] and found == plan()


def test_sums_that_differ_are_told_once_every_line_can_be():
    assert faults(balances=BALANCES.replace("1500.00", "1500.01")) == [("balances", 0, "")]
    assert faults(balances=BALANCES.replace("175.00", "174.00")) == [("balances", 0, ""), ("balances", 4, "account")]
    assert ("balances", 0, "account") in faults(balances="")
    assert ("balances", 2, "account") in faults(shares="", balances="account,debit,credit\n3000,,5\n1000,5,\n")


def test_nobody_holds_more_than_the_bylaws_say():
    edge = SHARES.replace("1,ordinary,4,,", "1,ordinary,6,,")  # 6 of 9: two thirds.
    assert not any(file == "shares" for file, _line, _column in faults(shares=edge))
    assert ("shares", 2, "shares") in faults(shares=SHARES.replace("1,ordinary,4,,", "1,ordinary,7,,"), balances=_fitting(7))
    assert ("shares", 2, "shares") in faults(shares=SHARES.replace("1,ordinary,4,,", "1,ordinary,41,,"), balances=_fitting(41))


def _fitting(count):
    more = (count - 4) * 25
    return BALANCES.replace("1500.00", f"{1500 + more}.00").replace("175.00", f"{175 + more}.00")


@settings(deadline=None)
@given(st.tuples(*[st.binary(max_size=400) | st.text(alphabet="ab1;,\"'\n\r\t0é=@-+.", max_size=400).map(str.encode)] * 3))
def test_whatever_is_sent_is_answered_with_faults_and_never_breaks(files):
    found = checking.check(dict(zip(FILES, files, strict=True)), KNOWN)
    assert found.faults or found.members
    assert all(one.wrong and one.todo for one in found.faults)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(1, 5))
def test_a_wrong_line_never_hides_another(places, rows):
    lines = [f"{n + 10};Name {n};worker;2020-01-01;n{n}@x.test" for n in range(rows)]
    wrong = {place % rows for place in places}
    for n in wrong:
        lines[n] = lines[n].replace("2020-01-01", "soon")
    told = faults(members=HEAD + "\n".join(lines) + "\n", shares="", balances="")
    assert told == [("members", n + 2, "joined_on") for n in sorted(wrong)]

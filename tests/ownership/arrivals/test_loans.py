"""Loans of members arrive with the books: their register says what accounts 2500 and 2510 say, and they run on from that day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.ownership.arrivals.conftest import BALANCES, FILES
from tests.ownership.arrivals.test_bringing import all_holds, balances
from toadlane.money.ledger import queries as books
from toadlane.ownership.arrivals import queries, services
from toadlane.ownership.arrivals.policies.lent import Lent
from toadlane.ownership.lending import queries as lending
from toadlane.ownership.lending import services as loans
from toadlane.ownership.lending.models import Loan
from toadlane.plumbing.access.principals import Refused
from toadlane.society.members import queries as members

pytestmark = pytest.mark.django_db
LOANS = "member;principal;interest;ends_on;owed\n7;1000,00;2.5;31.12.2030;12.34\n9;500;0 %;2029-06-30;\n7;200;3;2028-01-31;0,01\n"


@pytest.fixture
def files():
    opened = BALANCES.replace("1000,1500.00,", "1000,3212.35,") + "2500,,1700,\n2510,,12.35,\n"
    return {**FILES, "loans": LOANS.encode(), "balances": opened.encode()}


def test_loans_arrive_and_run_on_from_that_day(shares, board, job, files, at):
    plan = services.look(files=files, by=board, at=at)
    assert [str(one) for one in plan.faults] == [] and (plan.lent, plan.owed) == (170_000, 1_235)
    done = services.bring_in(files=files, by=board, at=at)
    assert done.loans == 3 and balances("2500", "2510") == (-170_000, -1_235) and all_holds()
    dana = members.register().get(number=7)
    assert books.balance("2500", "EUR", dana.holder).minor == -120_000
    first = lending.loans(membership_ids=[dana.pk]).get(ends_on=date(2030, 12, 31))
    assert (first.state, first.received_on) == ("running", queries.known(at).today)
    loans.earn_due(by=job, at=at + timedelta(days=365))
    stood = lending.standings([first])[first.pk]
    days = (stood.counted_until - first.received_on).days
    assert stood.interest.minor == 1_234 + round(100_000 * 0.025 * days / 365) and all_holds()
    assert services.bring_in(files=files, by=board, at=at).pk == done.pk and Loan.objects.count() == 3


def test_what_is_due_goes_back_with_what_it_had_earned_before(shares, board, job, files, at):
    """The one that ends first was owed one cent already; what the others are owed stays."""
    services.bring_in(files=files, by=board, at=at)
    late = at.replace(year=2028, month=2, day=1)
    one = Loan.objects.get(principal_minor=20_000)
    assert loans.give_back_due(by=job, at=late) == 1
    one.refresh_from_db()
    days = (late.date() - one.received_on).days
    assert one.handed_over_at and lending.standings([one])[one.pk].interest.minor == 1 + round(20_000 * 0.03 * days / 365)
    assert all_holds()


@pytest.mark.parametrize(
    ("line", "column", "wrong"),
    [
        ("8;5;1;2030-01-01;", "member", "number 8"),
        ("7;0;1;2030-01-01;", "principal", "more than nothing"),
        ("7;5;101;2030-01-01;", "interest", "no rate"),
        ("7;5;-1;2030-01-01;", "interest", "no rate"),
        ("7;5;;2030-01-01;", "interest", "no rate"),
        ("7;5;1e-9;2030-01-01;", "interest", "no rate"),
        ("7;5;NaN;2030-01-01;", "interest", "no rate"),
        ("7;5;1;soon;", "ends_on", "no day"),
        ("7;5;1;9999-01-01;", "ends_on", "so long"),
        ("7;5;1;2030-01-01;1.000", "owed", "no amount"),
        ("7;5;1;2030-01-01;1", "account", "Account 2500 says 1700"),
    ],
)
def test_each_bad_line_is_named(shares, board, files, at, line, column, wrong):
    number = LOANS.count("\n") + 1
    faults = services.look(files={**files, "loans": f"{LOANS}{line}\n".encode()}, by=board, at=at).faults
    assert faults and faults[0].column == column and wrong in faults[0].wrong
    assert faults[0].file == ("balances" if column == "account" else "loans") and (
        column == "account" or faults[0].line == number
    )
    with pytest.raises(services.BadLines):
        services.bring_in(files={**files, "loans": f"{LOANS}{line}\n".encode()}, by=board, at=at)
    assert not Loan.objects.exists()


def test_books_that_know_of_loans_need_the_file_of_them(shares, board, files, at):
    faults = services.look(files={**files, "loans": b""}, by=board, at=at).faults
    assert [one.column for one in faults] == ["account", "account"] and "file of loans comes to 0.00" in faults[0].wrong
    alone = services.look(
        files={**files, "balances": files["balances"].replace(b"2500,,1700,", b"2500,,1700,7")}, by=board, at=at
    )
    assert "file of loans" in alone.faults[0].wrong


def test_nobody_but_the_board_writes_loans_into_the_register(shares, worker, at):
    with pytest.raises(Refused):
        loans.bring_in(loans=[], by=worker, at=at)


@pytest.mark.parametrize(
    ("ends_on", "months"),
    [((2027, 3, 1), 1), ((2027, 4, 1), 1), ((2027, 4, 2), 2), ((2028, 3, 1), 12), ((2020, 1, 1), 1), ((2027, 3, 31), 1)],
)
def test_a_term_is_counted_in_months_that_have_begun(ends_on, months):
    assert Lent(1, 1, 1, Decimal(0), 0, date(*ends_on)).months_from(date(2027, 3, 1)) == months

import pytest

from tests.ownership.shares.conftest import member, take  # noqa: F401 what members do afterwards
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch

ORDINARY = {
    "id": "ordinary", "names": {"en": "Ordinary share"}, "price": 2500, "min": 1, "max": 40, "paid_at_once": "1/4",
    "withdrawable": True, "transferable": True,
}  # fmt: skip
MEMBERS = """number;name;class;joined_on;email;phone;kind
1;Bob;worker;2015-01-31;BOB@sparkle.test;;
2;Alice;worker;2016-02-29;alice@sparkle.test;;person
7;"Dana
Doe";worker;31.12.2019;dana@sparkle.test;;
9;Eli;worker;2020-01-01;;+353 86 123 4567;
"""
SHARES = "member,share_class,shares,paid,on\n1,ordinary,4,,2015-01-31\n7,ordinary,2,12.50,2019-12-31\n9,ordinary,1,25,\n"
BALANCES = "account,debit,credit,member\n1000,1500.00,,\n1300,37.50,,\n3000,,175.00,\n3100,,1300.00,\n2110,,62.50,7\n"
FILES = {"members": MEMBERS.encode(), "shares": SHARES.encode(), "balances": BALANCES.encode()}


@pytest.fixture
def job(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def shares(inside, at):
    number = bylaws.book().number
    rules.enact(
        patch=Patch(number, (Op("shares.classes", [], [ORDINARY]),)), decision="2027-shares", passed_by="special",
        by=Principal.job(inside.pk, "enactment"), at=at,
    )  # fmt: skip

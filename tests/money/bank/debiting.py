"""Two members who owe dues and gave mandates, and files of what they owe."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from toadlane.money.bank import services
from toadlane.money.bank.models import Collection, Mandate
from toadlane.ownership.dues import services as dues
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch

CREDITOR = "DE98ZZZ09999999999"
OWN, DANA, GUS = "IE64IRCE92050112345678", "DE89370400440532013000", "FR1420041010050500013M02606"


class Cast(NamedTuple):
    board: Principal
    second: Principal
    mandates: list[Mandate]


def charge(coop_id: int, minor: int, at: datetime) -> None:
    """Ask dues of everybody, as a decision of the members would."""
    book = bylaws.book()
    patch = Patch(book.number, (Op("dues.amount", book.rule("dues.amount")["value"], minor),))
    rules.enact(
        patch=patch, decision=f"2027-{book.number}", passed_by="special", by=Principal.job(coop_id, "enactment"), at=at
    )  # fmt: skip
    dues.charge_due(by=Principal.job(coop_id), at=at + timedelta(hours=1))


def day(at: datetime, days: int = 14) -> date:
    return at.date() + timedelta(days=days)


def approved(cast: Cast, at: datetime) -> Collection:
    made = services.collect(collects_on=day(at, 15), by=cast.board, at=at)
    return services.approve_collection(collection=made, by=cast.second, at=at)

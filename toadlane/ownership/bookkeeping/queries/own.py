"""What one member has in the co-op: owed to them, put aside for them, and their part of its capital."""

from dataclasses import dataclass

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.policies.chart import CHART
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership

# Positive to the member, in the order they are read.
OWED = ("2110", "2120", "2400", "2410", "2420", "2500", "2510")
CAPITAL = ("3000", "3200")
OWING = ("1210", "1300")


@dataclass(frozen=True)
class Position:
    """One member's part of the books in one currency: each account that holds something of theirs."""

    membership: Membership
    currency: str
    owed: list[ledger.HolderBalance]
    capital: list[ledger.HolderBalance]
    owing: list[ledger.HolderBalance]

    @property
    def total(self) -> Money:
        """Return all that is theirs, less what they owe."""
        rows = [*self.owed, *self.capital, *self.owing]
        return Money(-sum(row.minor for row in rows), self.currency)


def positions(membership_ids: frozenset[int]) -> list[Position]:
    """Return what each of some memberships has, in each currency in which anything moves."""
    found = []
    for one in members.register().filter(pk__in=membership_ids).order_by("pk"):
        rows = ledger.of_holder(one.holder)
        for currency in sorted({row.currency for row in rows}):
            ours = [row for row in rows if row.currency == currency and row.minor and row.code in CHART]

            def part(codes: tuple[str, ...], ours: list[ledger.HolderBalance] = ours) -> list[ledger.HolderBalance]:
                return [row for row in ours if row.code in codes]

            found.append(Position(one, currency, part(OWED), part(CAPITAL), part(OWING)))
    return found

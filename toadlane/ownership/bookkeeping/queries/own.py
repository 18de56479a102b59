"""What one member has in the co-op: owed to them, put aside for them, and their part of its capital."""

from dataclasses import dataclass, replace

from toadlane.kernel.money import Money
from toadlane.money.benefits import queries as benefits
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.policies.chart import CHART
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership

# Positive to the member, in the order they are read.
OWED = ("2110", "2120", "2125", "2400", "2410", "2420", "2500", "2510")
CAPITAL = ("3000", "3200")
OWING = ("1210", "1230", "1300")


@dataclass(frozen=True)
class Position:
    """One member's part of the books in one currency: each account that holds something of theirs.

    :param paid_ahead: what they paid of what they will owe, positive to the member
    """

    membership: Membership
    currency: str
    owed: list[ledger.HolderBalance]
    capital: list[ledger.HolderBalance]
    owing: list[ledger.HolderBalance]
    paid_ahead: list[ledger.HolderBalance]

    @property
    def total(self) -> Money:
        """Return all that is theirs, less what they owe."""
        rows = [*self.owed, *self.capital, *self.owing]
        return Money(sum(row.minor for row in self.paid_ahead) - sum(row.minor for row in rows), self.currency)


def positions(membership_ids: frozenset[int]) -> list[Position]:
    """Return what each of some memberships has, in each currency in which anything moves, with the wallet of whoever it is."""
    found = []
    for one in members.register().filter(pk__in=membership_ids).order_by("pk"):
        wallet = benefits.of_person(one.person_id) if one.person_id else None
        rows = [*ledger.of_holder(one.holder), *(ledger.of_holder(wallet.holder) if wallet else ())]
        for currency in sorted({row.currency for row in rows}):
            ours = [row for row in rows if row.currency == currency and row.minor and row.code in CHART]

            def part(codes: tuple[str, ...], ours: list[ledger.HolderBalance] = ours) -> list[ledger.HolderBalance]:
                return [row for row in ours if row.code in codes]

            owing = part(OWING)
            found.append(Position(
                one, currency, part(OWED), part(CAPITAL), [row for row in owing if row.minor > 0],
                [replace(row, minor=-row.minor) for row in owing if row.minor < 0],
            ))  # fmt: skip
    return found

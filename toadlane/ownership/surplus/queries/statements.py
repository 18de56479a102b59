"""What a year brought each member, one by one: for the member, and for whoever has to send or report it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from toadlane.kernel.cells import safe_cell
from toadlane.kernel.money import Money
from toadlane.ownership.surplus.models import Year
from toadlane.society.members.models import Membership

COLUMNS = ("number", "name", "class", "did", "refund", "money", "capital_account", "interest", "currency")


@dataclass(frozen=True, slots=True)
class Statement:
    """One member's year. What was measured is as the bylaws measure their class."""

    membership_id: int
    number: int | None
    name: str
    member_class: str
    did: str
    currency: str
    refund_minor: int
    cash_minor: int
    retained_minor: int
    interest_minor: int

    @property
    def refund(self) -> Money:
        return Money(self.refund_minor, self.currency)

    @property
    def cash(self) -> Money:
        return Money(self.cash_minor, self.currency)

    @property
    def retained(self) -> Money:
        return Money(self.retained_minor, self.currency)

    @property
    def interest(self) -> Money:
        return Money(self.interest_minor, self.currency)


def statements(year: Year) -> Iterator[Statement]:
    """Return everybody's statement in the order of the register, in one statement; who gets nothing has none."""
    return _stated(year, Membership.objects.all())


def statement(year: Year, membership: Membership) -> Statement | None:
    """Return one member's statement."""
    return next(_stated(year, Membership.objects.filter(pk=membership.pk)), None)


def _stated(year: Year, rows: Any) -> Iterator[Statement]:
    result, done = year.result, year.facts["patronage"]
    wanted = ("pk", "number", "member_class", "person__name", "organisation__name")
    for pk, number, member_class, person, organisation in rows.order_by("number").values_list(*wanted).iterator(chunk_size=5000):
        name = str(pk)
        amounts = [result[part].get(name, 0) for part in ("members", "cash", "retained", "interest")]
        if any(amounts):
            did = str(done.get(member_class, {}).get(name, 0))
            yield Statement(pk, number, organisation or person or "", member_class, did, year.currency, *amounts)


def table(rows: Iterable[Statement]) -> Iterator[str]:
    """Write statements as one table, safe to open in a spreadsheet."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(COLUMNS)
    for one in rows:
        amounts = (one.refund.amount, one.cash.amount, one.retained.amount, one.interest.amount)
        # What others wrote could be taken for a formula; what we write is not.
        told = (one.number or "", safe_cell(one.name), safe_cell(one.member_class), one.did)
        yield writer.writerow((*told, *amounts, one.currency))


class _Line:
    """What a table is written to: each row is given back as it is written."""

    def write(self, line: str) -> str:
        return line

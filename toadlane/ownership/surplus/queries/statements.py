"""What a year brought each member, one by one: for the member, and for whoever has to send or report it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from toadlane.kernel.cells import safe_cell
from toadlane.kernel.money import Money
from toadlane.ownership.surplus.models import Year
from toadlane.ownership.surplus.queries.losses import imputed
from toadlane.society.members.models import Membership

_NAMED = ("person", "organisation")
COLUMNS = ("number", "name", "class", "did", "refund", "money", "capital_account", "interest", "loss", "currency")


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
    loss_minor: int

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

    @property
    def loss(self) -> Money:
        """What came off their capital account and their shares for the loss of this year."""
        return Money(self.loss_minor, self.currency)


def statements(year: Year) -> Iterator[Statement]:
    """Return everybody's statement in the order of the register, in one statement; who gets nothing has none."""
    return _stated(year, Membership.objects.all())


def statement(year: Year, membership: Membership) -> Statement | None:
    """Return one member's statement."""
    return next(_stated(year, Membership.objects.filter(pk=membership.pk)), None)


def _stated(year: Year, rows: Any) -> Iterator[Statement]:
    result, done = year.result, year.facts["patronage"]
    lost = imputed([year]).get(year.pk)
    borne = {pk: lost.borne_by(pk) for pk in {*lost.parts, *lost.capital}} if lost else {}
    parts = [*(result[part] for part in ("members", "cash", "retained", "interest")), borne]
    wanted = ("pk", "number", "member_class", "person__name", "organisation__name")
    for pk, number, member_class, person, organisation in rows.order_by("number").values_list(*wanted).iterator(chunk_size=5000):
        name = str(pk)
        amounts = [part.get(name, 0) for part in parts]
        if any(amounts):
            did = str(done.get(member_class, {}).get(name, 0))
            yield Statement(pk, number, organisation or person or "", member_class, did, year.currency, *amounts)


def parts_of(year: Year, membership_ids: frozenset[int] | set[int]) -> list[dict[str, Any]]:
    """Return what a year brings some members, step by step."""
    result, unit = year.result, year.currency
    lost = imputed([year]).get(year.pk)
    names = {str(one.pk): one.name for one in Membership.objects.filter(pk__in=membership_ids).select_related(*_NAMED)}
    found = []
    for pk in sorted(str(one) for one in membership_ids):
        amounts = {name: Money(result[name].get(pk, 0), unit) for name in ("interest", "members", "cash", "retained")}
        amounts["loss"] = Money(lost.borne_by(pk) if lost else 0, unit)
        done = {name: members[pk] for name, members in year.facts["patronage"].items() if pk in members}
        if any(amount.minor for amount in amounts.values()) or done:
            found.append({"membership": int(pk), "name": names.get(pk, ""), "done": done, **amounts})
    return found


def table(rows: Iterable[Statement]) -> Iterator[str]:
    """Write statements as one table, safe to open in a spreadsheet."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(COLUMNS)
    for one in rows:
        amounts = (one.refund.amount, one.cash.amount, one.retained.amount, one.interest.amount, one.loss.amount)
        # What others wrote could be taken for a formula; what we write is not.
        told = (one.number or "", safe_cell(one.name), safe_cell(one.member_class), one.did)
        yield writer.writerow((*told, *amounts, one.currency))


class _Line:
    """What a table is written to: each row is given back as it is written."""

    def write(self, line: str) -> str:
        return line

"""What the bylaws in force say to this room, read into what it works with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel.dates import add_working_days
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.trade.assignments import rules
from toadlane.trade.assignments.policies import floors, pay
from toadlane.ui import formats


class NoCharges(Expected):
    """The bylaws do not say what is added to a wage and taken from it."""

    status = 409


def currency() -> str:
    return str(coops.of_scope(current_coop_id()).currency)


def employs() -> bool:
    return bool(bylaws.book().maybe(rules.EMPLOYS))


def fee() -> Fraction:
    return Fraction(bylaws.book().value(rules.FEE))


def flag(rule_id: str, *, version: int | None = None) -> bool:
    """:param version: of the bylaws: what was ordered under one goes by it, whatever is changed afterwards"""
    return bool(bylaws.book(version=version).maybe(rule_id))


def number(rule_id: str, *, version: int | None = None) -> int:
    return int(bylaws.book(version=version).value(rule_id))


def schedule(rule_id: str) -> list[Mapping[str, Any]]:
    return list(bylaws.book().maybe(rule_id) or [])


def charges_on(day: date) -> pay.Charges:
    """:raises NoCharges: when no row of the schedule holds on that day"""
    found = pay.on(day, pay.read(schedule(rules.CHARGES)))
    if found is None:
        raise NoCharges(_("The bylaws do not say yet what is added to a wage and taken from it on %(day)s.") % {"day": day})
    return found


def floor_of(trade: str, first: date, last: date) -> int:
    return floors.daily(floors.read(schedule(rules.FLOORS)), trade, first, last)


def trades() -> list[tuple[str, str]]:
    """Return the trades that floors name, for forms; the one for all others stands last."""
    language = (get_language() or "en").split("-")[0]
    known = floors.trades(floors.read(schedule(rules.FLOORS)))
    named = [(one, names.get(language) or names.get("en") or one) for one, names in known.items() if one != floors.ANY]
    return [*sorted(named, key=lambda one: one[1]), (floors.ANY, _("Any other work"))]


def holidays() -> set[date]:
    return {date.fromisoformat(row["on"]) for row in schedule(rules.HOLIDAYS)}


def pay_by(last_day: date) -> date:
    """Return the working day by which a wage leaves (golden vectors 06, G1 and G2)."""
    return add_working_days(last_day, number(rules.WAGE_DAYS), holidays())


def reminder_days() -> list[int]:
    return sorted(int(row["days"]) for row in schedule(rules.REMINDERS))


@dataclass(frozen=True)
class Worked:
    """One way through the calculator: an invoice before tax, the fee, what is left for labor, and the wage it pays for."""

    price: Money
    fee: Money
    labor: Money
    wage: pay.Wage
    currency: str

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def rest(self) -> Money:
        """Return what no wage uses up: a unit or two of rounding."""
        return self.labor - self.money(self.wage.cost)

    @property
    def rows(self) -> list[tuple[str, Money]]:
        wage = self.wage
        return [
            (_("Invoice before VAT"), self.price), (_("Kept by the co-op"), -self.fee), (_("For labor"), self.labor),
            (_("Employer’s contributions"), self.money(-wage.employer)), (_("Provisions"), self.money(-wage.provisions)),
            (_("Gross wage"), self.money(wage.gross)), (_("Worker’s contributions"), self.money(-wage.worker)),
            (_("Tax withheld"), self.money(-wage.tax)), (_("Net wage"), self.money(wage.net)),
        ]  # fmt: skip


KINDS = ("price", "cost", "gross", "net")


def worked_out(kind: str, amount: Money, day: date) -> Worked:
    """Work through from any of the four amounts to all the others.

    :param kind: which amount is known: `price` of an invoice, `cost` of labor, `gross` or `net` wage
    :raises NoCharges:
    """
    charges, part, unit = charges_on(day), fee(), amount.currency
    if kind == "price":
        price, wage = amount.minor, pay.from_cost(pay.labor(amount.minor, part), charges)
    else:
        starts = {"cost": pay.from_cost, "gross": pay.from_gross, "net": pay.from_net}
        wage = starts[kind](amount.minor, charges)
        price = pay.price_for(amount.minor if kind == "cost" else wage.cost, part)
    left = pay.labor(price, part)
    return Worked(Money(price, unit), Money(price - left, unit), Money(left, unit), wage, unit)


# How the schedules are laid out for people, under "How we run".
def floor_rows(value: Any, unit: str) -> Iterable[tuple[str, str]]:
    for one in floors.read(value):
        name = one.names.get((get_language() or "en").split("-")[0]) or one.names.get("en") or one.trade
        yield _("%(trade)s, from %(day)s") % {"trade": name, "day": formats.day(one.since)}, formats.money(Money(one.daily, unit))


def charge_rows(value: Any, unit: str) -> Iterable[tuple[str, str]]:
    for one in pay.read(value):
        words = {
            "employer": formats.percent(one.employer), "provisions": formats.percent(one.provisions),
            "worker": formats.percent(one.worker), "tax": formats.percent(one.tax),
        }  # fmt: skip
        text = _("employer %(employer)s, provisions %(provisions)s, worker %(worker)s, tax %(tax)s") % words
        yield _("From %(day)s") % {"day": formats.day(one.since)}, text


def holiday_rows(value: Any, unit: str) -> Iterable[tuple[str, str]]:
    for row in value:
        yield formats.day(date.fromisoformat(row["on"])), str(row.get("name", ""))


def reminder_rows(value: Any, unit: str) -> Iterable[tuple[str, str]]:
    for step, row in enumerate(sorted(value, key=lambda one: int(one["days"])), start=1):
        yield _("Reminder %(step)s") % {"step": step}, _("%(days)s days after the day it was due") % {"days": row["days"]}

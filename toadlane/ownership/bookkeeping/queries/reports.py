"""A year of the books as people read it: earned and spent, owned and owed, money in and out, funds, and what an order costs.

Whole months come from what the ledger keeps by month, so that a year is read in a few dozen rows.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.funds import queries as spending
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.policies.chart import CHART, CREDIT_OF_THE_COOP, EACH_APART
from toadlane.money.ledger.queries import periods
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Errand
from toadlane.ownership.surplus import queries as surplus
from toadlane.ownership.surplus.models import Year
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS
from toadlane.ui import formats
from toadlane.ui.shapes import Chart, Column

MONEY = ("1000", "1100")
FUNDS = ("2120", "2125", "2130", "2140", "2150", "2152", "2154", "2160", "3100", "3200")
# As many payments out of funds are named one by one; the books have all of them.
NAMED = 40


@dataclass(frozen=True)
class Line:
    """One account, this year and the year before, as people say it: what is owned, owed and earned is positive."""

    code: str
    now: Money
    before: Money
    is_contrary: bool = False

    @property
    def name(self) -> str:
        account = CHART[self.code]
        return str(_(account.contrary if self.is_contrary else account.name))


@dataclass(frozen=True)
class Fund:
    """Money with a purpose: what there was, what came and went, what there is."""

    code: str
    opening: Money
    closing: Money

    @property
    def name(self) -> str:
        return str(_(CHART[self.code].name))

    @property
    def change(self) -> Money:
        return self.closing - self.opening


@dataclass(frozen=True)
class Use:
    """What a fund was spent on, and the decision that said so."""

    on: date
    code: str
    purpose: str
    decision: str
    amount: Money

    @property
    def fund(self) -> str:
        return str(_(CHART[self.code].name))


@dataclass(frozen=True)
class MonthOfCash:
    month: date
    change: Money
    closing: Money


@dataclass(frozen=True, kw_only=True)
class Report:
    """A year, or what there is of it, in one currency. Amounts of the year before stand beside its own.

    :param waiting: what was asked to be paid out and has not been
    :param year: the closed year, where it was
    """

    first: date
    last: date
    currency: str
    income: list[Line]
    expenses: list[Line]
    owned: list[Line]
    owed: list[Line]
    equity: list[Line]
    cash: list[MonthOfCash]
    cash_before: Money
    funds: list[Fund]
    uses: list[Use]
    orders: int
    members: int
    owed_to_members: Money
    waiting: Money
    year: Year | None = field(default=None)

    def total(self, name: str, when: str = "now") -> Money:
        return Money(sum(getattr(row, when).minor for row in getattr(self, name)), self.currency)

    @property
    def result(self) -> Money:
        return self.total("income") - self.total("expenses")

    @property
    def result_before(self) -> Money:
        return self.total("income", "before") - self.total("expenses", "before")

    @property
    def undivided(self) -> Money:
        """Return what was earned and is not yet in any account of equity: years that are not closed."""
        return self.total("owned") - self.total("owed") - self.total("equity")

    @property
    def undivided_before(self) -> Money:
        return self.total("owned", "before") - self.total("owed", "before") - self.total("equity", "before")

    @property
    def ours(self) -> Money:
        """Return what belongs to all of us: what is in accounts of equity, and what was earned and is not divided yet."""
        return self.total("equity") + self.undivided

    @property
    def ours_before(self) -> Money:
        return self.total("equity", "before") + self.undivided_before

    @property
    def shared_out(self) -> list[tuple[str, Money]]:
        """Return what became of the surplus of the year that was closed, step by step."""
        if self.year is None:
            return []
        result = self.year.result
        steps = [
            (_("Result"), result["result"]),
            (_("Reserve that nobody can share out"), result["reserve"] + result["nonpatronage"] + result["unearned"]),
            (_("Community and education fund"), result["education"]),
            *([(_("Fund for other co-ops"), result["mutual"])] if result.get("mutual") else []), (_("Tax"), result["tax"]),
            (_("Interest on shares"), sum(result["interest"].values())),
            (_("Back to the members"), sum(result["members"].values())),
            (_("of which in money"), sum(result["cash"].values())),
        ]  # fmt: skip
        return [(label, Money(minor, self.currency)) for label, minor in steps]

    @property
    def cost_per_order(self) -> Money | None:
        """Return what the co-op spends for an order that was done, rounded to the nearest unit."""
        if not self.orders:
            return None
        spent = self.total("expenses").minor
        return Money((2 * spent + self.orders) // (2 * self.orders), self.currency)

    @property
    def chart(self) -> Chart | None:
        if len(self.cash) < 2:
            return None
        columns = [
            Column(formats.day(one.month, "month"), max(0, one.closing.minor), formats.money(one.closing),
                   tick=formats.day(one.month, "of_year"), is_part=one.month == self.last.replace(day=1) and self._is_part)
            for one in self.cash
        ]  # fmt: skip
        summary = _("What was in the bank and on its way there at the end of each month.")
        return Chart(columns=columns, summary=summary, unit=_("At the end"))

    @property
    def _is_part(self) -> bool:
        return (self.last + timedelta(days=1)).day != 1


def years(at: datetime) -> list[int]:
    """Return the years of which there is anything in the books, the newest first."""
    today = timezone.localtime(at, periods.zone()).date()
    first = periods.first_month()
    return list(range(today.year, (first.year if first else today.year) - 1, -1))


def currencies() -> list[str]:
    return sorted({row.currency for row in ledger.balances()})


def report(year: int, at: datetime, *, currency: str) -> Report:
    """Return a year, up to today where it is not over: some two dozen statements, whatever the number of orders."""
    today = timezone.localtime(at, periods.zone()).date()
    first, last = date(year, 1, 1), min(date(year, 12, 31), max(today, date(year, 1, 1)))
    # Of the year in which the books begin, there is nothing to tell before that month.
    first = min(max(first, periods.first_month() or first), last)
    before = date(year - 1, 1, 1), date(year - 1, 12, 31)
    moved, moved_before = (_of(periods.earned_and_spent(*span), currency) for span in ((first, last), before))
    stands, stood = (_of(periods.standing(day), currency) for day in (last, before[1]))
    sides = _sides((stands, stood), (last, before[1]), currency)
    owed = -stands.get("2110", 0)
    asked = payments.payouts().filter(currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN))
    return Report(
        first=first, last=last, currency=currency,
        income=_lines(moved, moved_before, "income", currency), expenses=_lines(moved, moved_before, "expense", currency),
        owned=sides["asset"], owed=sides["liability"],
        equity=_lines(stands, stood, "equity", currency), cash=_cash(first, last, stood, currency),
        cash_before=Money(sum(stood.get(code, 0) for code in MONEY), currency),
        funds=[
            Fund(code, Money(-stood.get(code, 0), currency), Money(-stands.get(code, 0), currency))
            for code in FUNDS if code in stood or code in stands
        ],
        uses=_uses(first, last, currency), orders=surplus.orders_in(first, last, currency),
        members=members.register().filter(standing__in=MEMBERS).count(), owed_to_members=Money(owed, currency),
        waiting=Money(asked.aggregate(sum=Sum("amount_minor"))["sum"] or 0, currency),
        year=surplus.years().filter(ends_on__gte=first, ends_on__lte=last, currency=currency).first(),
    )  # fmt: skip


def _uses(first: date, last: date, currency: str) -> list[Use]:
    since, until = periods.midnight(first), periods.midnight(last + timedelta(days=1))
    rows = spending.paid_from_funds(since, until, currency)[:NAMED]
    return [
        Use(timezone.localtime(row.paid_at, periods.zone()).date(), row.approval.source, row.approval.purpose,
            row.approval.decision.name, row.amount)
        for row in rows if row.paid_at and row.approval
    ]  # fmt: skip


def _of(rows: list[ledger.Balance], currency: str) -> dict[str, int]:
    return {row.code: row.minor for row in rows if row.currency == currency}


def _lines(now: dict[str, int], before: dict[str, int], kind: str, currency: str) -> list[Line]:
    sign = 1 if kind in ("asset", "expense") else -1
    return [
        Line(code, Money(sign * now.get(code, 0), currency), Money(sign * before.get(code, 0), currency))
        for code, account in CHART.items()
        if account.kind == kind and (now.get(code) or before.get(code))
    ]


def _sides(
    times: tuple[dict[str, int], dict[str, int]], days: tuple[date, date], currency: str
) -> dict[str, list[Line]]:  # fmt: skip
    """Return what is owned and what is owed, on the last day and a year before. What stands the other way round is on the other
    side under its own name, and what one member owes takes nothing off what another has.
    """
    found: dict[str, list[Line]] = {"asset": [], "liability": []}
    for code, account in CHART.items():
        if account.kind not in found or code == CREDIT_OF_THE_COOP:
            continue
        if code not in EACH_APART and not any(code in stands for stands in times):
            continue
        now, before = (
            ledger.split(code, currency, _parts(code, stands, day, currency)) for stands, day in zip(times, days, strict=True)
        )
        for this, last in zip(now, before, strict=True):
            if this.minor or last.minor:
                found[this.account.kind].append(Line(code, this.usual, last.usual, this.account.kind != account.kind))
    return found


def _parts(code: str, stands: dict[str, int], day: date, currency: str) -> list[int]:
    if code in EACH_APART:
        return ledger.parts_at(code, currency, periods.midnight(day + timedelta(days=1)))
    return [stands.get(code, 0)]


def _cash(first: date, last: date, stood: dict[str, int], currency: str) -> list[MonthOfCash]:
    found, total, month = [], sum(stood.get(code, 0) for code in MONEY), first
    while month <= last:
        end = min(last, periods.month_after(month) - timedelta(days=1))
        change = sum(row.minor for row in periods.moved(month, end) if row.currency == currency and row.code in MONEY)
        total += change
        found.append(MonthOfCash(month, Money(change, currency), Money(total, currency)))
        month = periods.month_after(month)
    return found

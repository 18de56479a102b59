"""Half a year of a co-op of freelancers: quotes that clients confirm, work, invoices, wages in time, one client who is late."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.blueprints.demo.services.life import Year
from toadlane.kernel.money import Money
from toadlane.money.payments import queries as paying
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments import queries
from toadlane.trade.assignments import services as work
from toadlane.trade.assignments.models import Activity, Assignment

Row = dict[str, Any]
# What pays wages and reminds clients.
TIMERS = ("assignments.pay_wages", "assignments.remind_clients")
ANSWERED = timedelta(days=2)


def freelancers(year: Year) -> None:
    """Live through the gigs that the demo's data names, each step on its day."""
    gigs = Gigs(year.cast, year.last, year.guest)
    for day in year.live(gigs.days):
        gigs.touch(day, year.now)
        year.ring(TIMERS)
    year.placed = gigs.sent


class Gigs:
    """What is done for clients, from the quote to their money."""

    def __init__(self, cast: Cast, ends: date, guest: Principal) -> None:
        self.cast, self.guest, self.sent = cast, guest, 0
        self.days: dict[date, list[tuple[Callable[[Row, date, datetime], None], Row]]] = {}
        self.activities: dict[str, Activity] = {}
        for one in cast.data.get("put_by", ()):
            self._plan(ends - timedelta(days=one["days_ago"]), self._put_by, one)
        for one in cast.data["gigs"]:
            self._plan(ends - timedelta(days=one["days_ago"]), self._quote, one)

    def _plan(self, day: date, step: Callable[[Row, date, datetime], None], one: Row) -> None:
        self.days.setdefault(day, []).append((step, one))

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            step(one, day, now)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.cast.coop.currency)

    def _put_by(self, one: Row, day: date, now: datetime) -> None:
        work.put_in(amount=self._money(one["minor"]), key=f"demo:{day}", by=self.cast.holding("treasurer"), at=now)

    def _quote(self, one: Row, day: date, now: datetime) -> None:
        by, name = self.cast.by(one["by"]), one["activity"]
        if name not in self.activities:
            self.activities[name] = work.open_activity(name=name, by=by, at=now)
        client = next(row for row in self.cast.data["clients"] if row["id"] == one["client"])
        first = day + timedelta(days=one.get("ahead", 5))
        one["last"] = first + timedelta(days=one["days"] - 1)
        order = work.write_quote(
            activity=self.activities[name], title=one["title"], trade=one.get("trade", "any"), first_day=first,
            last_day=one["last"], lines=[work.Line(text, minor) for text, minor in one["lines"]],
            client=work.Client(**{key: value for key, value in client.items() if key not in ("id", "signs")}), by=by, at=now,
        )  # fmt: skip
        one["order"], one["signs"] = work.send(assignment=order, by=by, at=now).pk, client["signs"]
        self.sent += 1
        if one.get("answer", "yes") != "none":
            self._plan(day + ANSWERED, self._answer, one)

    def _order(self, one: Row) -> Assignment:
        return Assignment.objects.select_related("activity").get(pk=one["order"])

    def _answer(self, one: Row, day: date, now: datetime) -> None:
        """The client says yes or no at the address in the letter; whoever will do it signs a contract of work."""
        order = self._order(one)
        if one.get("answer") == "no":
            work.decline_quote(assignment=order, by=self.guest, at=now)
            return
        work.confirm(assignment=order, name=one["signs"], digest=queries.digest(order), by=self.guest, at=now)
        labor = order.net_minor - order.fee_minor
        contract = work.engage(
            activity=order.activity, worker=self.cast.memberships[one["by"]], trade=order.trade, first_day=order.first_day,
            last_day=order.last_day, days=one["days"], amount=self._money(labor), means="cost",
            assignment=order, by=self.cast.by(one["by"]), at=now,
        )  # fmt: skip
        self._plan(one["last"], self._invoice, one)
        self.days.setdefault(contract.pay_by, [])  # The wage leaves by itself on that evening.

    def _invoice(self, one: Row, day: date, now: datetime) -> None:
        work.invoice(assignment=self._order(one), by=self.cast.by(one["by"]), at=now)
        if "pays_after" in one:
            self._plan(day + timedelta(days=one["pays_after"]), self._receive, one)

    def _receive(self, one: Row, day: date, now: datetime) -> None:
        """The money is on the account: the treasurer says so, and another of the board has looked."""
        payment = paying.of_subject(self._order(one).subject)
        assert payment is not None
        payments.record_receipt(payment=payment, by=self.cast.holding("treasurer"), at=now)
        payment.refresh_from_db()
        payments.confirm_receipt(payment=payment, by=self.cast.by(self.cast.data["looks"]), at=now)

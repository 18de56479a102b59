"""How a demo co-op keeps its own books: bills and entries that two people see, days that are closed, a year and its surplus."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.blueprints.demo.services.civics import Civics
from toadlane.democracy.proposals import queries as proposals
from toadlane.democracy.proposals import services as deciding
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.queries import periods
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as payments
from toadlane.ownership.bookkeeping import services as books
from toadlane.ownership.surplus import queries as years
from toadlane.ownership.surplus import services as surplus
from toadlane.ownership.surplus.models import Year
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops

Row = dict[str, Any]


class Treasury:
    """The books of one co-op, each step on its day. `touch` is called every evening."""

    def __init__(self, cast: Cast, begins: date, ends: date, civics: Civics) -> None:
        self.cast, self.begins, self.civics = cast, begins, civics
        self.days: dict[date, list[tuple[Callable[[Row, date, datetime], None], Row]]] = {}
        for one in cast.data.get("bills", ()):
            for ago in range(one["days_ago"], -1, -one.get("every", one["days_ago"] + 1)):
                self._plan(ends - timedelta(days=ago), self._enter, one)
        for one in cast.data.get("closings", ()):
            self._plan(ends - timedelta(days=one["days_ago"]), self._close, one)
        for one in cast.data.get("surplus", ()):
            self._plan(ends - timedelta(days=one["days_ago"]), self._share_out, one)
            self._plan(ends - timedelta(days=one["paid_days_ago"]), self._pay_out, one)

    def _plan(self, day: date, step: Callable[[Row, date, datetime], None], one: Row) -> None:
        self.days.setdefault(day, []).append((step, one))

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            step(one, day, now)

    def _two(self, one: Row) -> tuple[Any, Any]:
        """Return who does it and who looks at it afterwards: the treasurer, and somebody else of the board."""
        board = [row["id"] for row in self.cast.data["people"] if "board" in row.get("offices", ())]
        first = one.get("by") or next(row["id"] for row in self.cast.data["people"] if "treasurer" in row.get("offices", ()))
        return self.cast.by(first), self.cast.by(next(name for name in board if name != first))

    def _enter(self, one: Row, day: date, now: datetime) -> None:
        """Somebody enters what was paid or earned; another books it, unless it is to lie on the desk."""
        first, second = self._two(one)
        about = {"text": one["text"], "reference": one.get("reference", ""), "on": day, "by": first, "at": now}
        if one.get("kind") == "duty":
            if not (owed := _owed(one["code"], _end_of_month(day, 0))):
                return
            draft = books.enter_bill(kind=one["kind"], code=one["code"], net_minor=owed, **about)
        elif "legs" in one:
            draft = books.enter(legs=[(code, minor) for code, minor in one["legs"]], **about)
        else:
            amounts = {"code": one.get("code", ""), "net_minor": one["net"], "tax_minor": one.get("tax", 0)}
            draft = books.enter_bill(kind=one["kind"], **amounts, **about)
        if one.get("is_seen", True):
            books.approve(draft=draft, by=second, at=now)

    def _close(self, one: Row, day: date, now: datetime) -> None:
        """The month before last is closed: by one who asks, and another who has looked."""
        first, second = self._two(one)
        asked = books.ask_to_close(until_on=_end_of_month(day, 1), by=first, at=now)
        if one.get("is_seen", True):
            books.confirm_close(closing=asked, by=second, at=now)

    # -------------------------------------------------------------------------------------------------------- surplus

    def _share_out(self, one: Row, day: date, now: datetime) -> None:
        """The treasurer works the first year out and puts it to the members."""
        first, _second = self._two(one)
        starts, ends = self.begins.replace(day=1), _end_of_month(day, 0)
        one["name"] = f"{starts.year}-{ends:%y}" if starts.year < ends.year else str(ends.year)
        if "published" in one:
            told = {"source": one["source"], "published_on": day, "interest": Decimal(one["published"])}
            surplus.record_rate(year=ends.year, **told, by=first, at=now)
        year = surplus.work_out(name=one["name"], starts_on=starts, ends_on=ends, by=first, at=now)
        year = surplus.put_to_members(year=year, by=first, at=now)
        found = proposals.find(year.proposal or 0)
        assert found is not None
        for who in one["support"]:
            deciding.support(proposal=found, by=self.cast.by(who), at=now)
        self.civics.begun[found.number] = one

    def _pay_out(self, one: Row, day: date, now: datetime) -> None:
        """What goes back in money joins the payouts; one sends it and another confirms, once the members have decided."""
        year = years.year(one.get("name", ""))
        if year is not None and year.state == Year.State.BOOKED:
            first, second = self._two(one)
            surplus.hand_over(by=Principal.job(self.cast.coop.pk), at=now)
            for payout in payouts.payouts().filter(subject=year.subject):
                payments.record_sent(errand=payout, by=first, at=now)
                payments.confirm_sent(errand=payout, by=second, at=now)


def _owed(code: str, until: date) -> int:
    """Return what was owed on an account at the end of a day, and still is."""
    stood = sum(-row.minor for row in periods.standing(until) if row.code == code)
    return max(0, min(stood, -ledger.balance(code, coops.of_scope(current_coop_id()).currency).minor))


def _end_of_month(day: date, before: int) -> date:
    """Return the last day of the month before a day, or of so many months earlier."""
    last = day.replace(day=1) - timedelta(days=1)
    for _month in range(before):
        last = last.replace(day=1) - timedelta(days=1)
    return last

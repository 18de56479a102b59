"""Members of a demo co-op who pay each other's work with credit."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.kernel.money import Money
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order

Row = dict[str, Any]


class Credit:
    """What is ordered with credit, and what of it goes back, each on its day. `touch` is called every evening."""

    def __init__(self, cast: Cast, ends: date) -> None:
        self.cast, self.zone = cast, ZoneInfo(cast.coop.time_zone)
        self.days: dict[date, list[tuple[Callable[[Row, date, datetime], None], Row]]] = {}
        self.made: dict[str, Order] = {}
        for one in cast.data.get("credit", ()):
            self._plan(ends, one["days_ago"], self._order, one)
            if "back_days_ago" in one:
                self._plan(ends, one["back_days_ago"], self._give_back, one)

    def _plan(self, ends: date, days_ago: int, step: Callable[[Row, date, datetime], None], one: Row) -> None:
        self.days.setdefault(ends - timedelta(days=days_ago), []).append((step, one))

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            step(one, day, now)

    def _order(self, one: Row, day: date, now: datetime) -> None:
        by, person = self.cast.by(one["by"]), self.cast.persons[one["by"]]
        listing = next(row for row in self.cast.listings if row.title.startswith(one["what"]))
        first = day + timedelta(days=one["in_days"])
        starts, ends = (datetime.combine(on, at, self.zone) for on, at in ((first, time(9)), (first, time(19))))
        quote = orders.quote(wish=orders.Wish(listing_id=listing.pk, starts=starts, ends=ends), by=by, at=now)
        contact = orders.Contact(name=person.name, email=person.email or "", language=self.cast.coop.language)
        placed = orders.check_out(
            quote_ids=[quote.pk], contact=contact, key=f"demo:credit:{quote.pk}", method="credit", by=by, at=now
        )  # fmt: skip
        self.made[self._name(one)] = placed.orders[0]

    def _give_back(self, one: Row, _day: date, now: datetime) -> None:
        """Whoever did the work gives a part of it back."""
        order = Order.objects.get(pk=self.made[self._name(one)].pk)
        keeper = {membership.pk: name for name, membership in self.cast.memberships.items()}
        by, amount = self.cast.by(keeper[order.provider_id or 0]), Money(one["back"], order.currency)
        orders.refund(order=order, amount=amount, reason=one["why"], key=f"demo:{order.pk}:back", by=by, at=now)
        orders.do_chores(order_ids=[order.pk], by=by, at=now)

    @staticmethod
    def _name(one: Row) -> str:
        return f"{one['days_ago']}:{one['by']}:{one['what']}"

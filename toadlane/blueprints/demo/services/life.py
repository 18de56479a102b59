"""A year in a demo co-op, day by day: people order, members answer, work is done, timers ring, money moves.

Chance is seeded: every demo has the same year.
"""

import re
from collections.abc import Callable, Container, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.blueprints.demo.services.civics import TIMERS, Civics
from toadlane.blueprints.demo.services.credit import Credit
from toadlane.blueprints.demo.services.gatherings import Gatherings
from toadlane.blueprints.demo.services.kindness import Kindness
from toadlane.blueprints.demo.services.opinions import Opinions
from toadlane.blueprints.demo.services.owning import Owning
from toadlane.blueprints.demo.services.treasury import Treasury
from toadlane.blueprints.demo.services.troubles import Troubles
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.clock import services as clock
from toadlane.plumbing.outbox import timers, worker
from toadlane.plumbing.tenancy.prepared import Prepared
from toadlane.society.members import queries as members
from toadlane.society.members.models import Worker
from toadlane.trade.booking import services as booking
from toadlane.trade.booking.policies import Window
from toadlane.trade.catalog import services as catalog
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.work.models import Offer

GOOD = Card(number="4242424242424242")
EVENING = time(18, 30)
# What stands before the street in an address: an offer names the street and never the door.
STREET = re.compile(r"^.*\d\S*\s+")
# Days of the week on which even a quiet co-op is looked after.
OFTEN = (0, 3)
# What rings every evening, and what is enough once a week.
DAILY = ("orders.ring_timers",)
WEEKLY = ("orders.place_visits", "payments.pay_out", "payments.sweep", "ledger.seal", "benefits.charge")


class Year:
    """One co-op on its way through a year. `now` is what its clock says; every deed is done at that instant."""

    def __init__(self, cast: Cast, begins: datetime, ends: datetime, progress: Callable[[str], None]) -> None:
        self.cast, self.now, self.ends, self.progress = cast, begins, ends, progress
        self.chance = Random(cast.coop.slug)
        self.zone = ZoneInfo(cast.coop.time_zone)
        self.job = Principal.job(cast.coop.pk)
        self.guest = Principal(coop_id=cast.coop.pk, channel=Channel.WEB)
        self.placed = 0
        first, self.last = (moment.astimezone(self.zone).date() for moment in (begins, ends))
        self.civics, self.gatherings = Civics(cast, self.last), Gatherings(cast, self.last)
        if datetime.combine(self.last, EVENING, self.zone) >= ends:
            self.last -= timedelta(days=1)
        self.opinions, self.troubles = Opinions(cast, first, self.last), Troubles(cast, self.last)
        self.kindness, self.owning = Kindness(cast, self.last, GOOD), Owning(cast, self.last, GOOD)
        self.treasury, self.credit = Treasury(cast, first, self.last, self.civics), Credit(cast, self.last)

    def live(self, planned: Container[date] | None = None) -> Iterator[date]:
        """Yield each evening, with the clock set to it and the day's jobs done.

        :param planned: the only days on which anything is to happen beside what is planned here; others are slept through
        """
        day = self.now.astimezone(self.zone).date() + timedelta(days=1)
        while (evening := datetime.combine(day, EVENING, self.zone)) < self.ends:
            if planned is not None and day not in planned and self._is_quiet(day):
                day += timedelta(days=1)
                continue
            clock.advance(by=self.cast.holding("board"), until=evening)
            self.now = evening
            drawing = self.gatherings.timers(day)
            self.ring(DAILY + (WEEKLY if day.weekday() == 0 else ()) + self.owning.timers(day) + self._decide(day) + drawing)
            yield day
            self.drain()
            if day.weekday() == 0 or day == self.last:
                self.opinions.touch(day, self.now)
                self.civics.read(self.now)
            self.troubles.touch(day, self.now)
            self.kindness.touch(day, self.now)
            self.owning.touch(day, self.now)
            self.treasury.touch(day, self.now)
            self.credit.touch(day, self.now)
            self.drain()
            if day.day == 1 and day.month % 3 == 1:
                self.progress(f"{self.cast.coop.name}: {day:%B %Y}")
            day += timedelta(days=1)
        clock.advance(by=self.cast.holding("board"), until=self.ends)
        self.now = self.ends
        self.ring(DAILY + WEEKLY + TIMERS)

    def _is_quiet(self, day: date) -> bool:
        busy = (self.gatherings, self.troubles, self.kindness, self.owning, self.treasury, self.credit)
        return day.weekday() not in OFTEN and day != self.last and not any(day in one.days for one in busy)

    def _decide(self, day: date) -> tuple[str, ...]:
        """Let members meet, propose and vote; return what has to ring for it."""
        self.gatherings.touch(day, self.now)
        if not self.civics.is_busy(day):
            return ()
        self.civics.touch(day, self.now)
        return TIMERS

    def ring(self, names: tuple[str, ...]) -> None:
        for name in names:
            worker.turn(timers.named(name), coop_id=self.cast.coop.pk)
        self.drain()

    def drain(self) -> int:
        return worker.drain(coop_id=self.cast.coop.pk)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def often(self, of_ten_thousand: int) -> bool:
        return self.chance.randrange(10_000) < of_ten_thousand

    def customer(self) -> tuple[dict[str, Any], Principal]:
        data = self.chance.choice(self.cast.data["customers"])
        if not data.get("has_account"):
            return data, self.guest
        return data, members.principal(person_id=self.cast.persons[data["name"]].pk, channel=Channel.WEB)

    def contact(self, who: dict[str, Any]) -> orders.Contact:
        return orders.Contact(
            name=who["name"], email=who.get("email", ""), phone=who.get("phone", ""), address=who["address"],
            language=self.cast.coop.language,
        )  # fmt: skip

    def order(self, wish: orders.Wish, who: dict[str, Any], by: Principal) -> Order | None:
        """Ask for a price, place it and pay it; a time that is taken is simply not had."""
        contact = self.contact(who)
        try:
            quote = orders.quote(wish=wish, by=by, at=self.now)
            placed = orders.check_out(
                quote_ids=[quote.pk], contact=contact, key=f"demo:{quote.pk}", card=GOOD, by=by, at=self.now
            )
        except (booking.Closed, booking.Taken, catalog.SoldOut):
            return None
        self.placed += 1
        return placed.orders[0]


def in_state(*states: str) -> list[Order]:
    return _in_state(states)()


@cache
def _in_state(states: tuple[str, ...]) -> Prepared[Any]:
    whole = ("process", "checkout", "series", "provider", "worker")
    return Prepared(lambda: Order.objects.filter(state__in=states).select_related(*whole).order_by("pk"))


_OFFERED: Prepared[Any] = Prepared(lambda: Offer.objects.filter(state=Offer.State.OFFERED).select_related("job").order_by("pk"))


def home_services(year: Year) -> None:
    """Visits: about five a week, some of them in series, offered to three member co-ops that send their own people."""
    for one in year.cast.data["organisations"]:
        delegate = year.cast.by(one["delegates"][0])
        calendar = booking.open_resource(
            name=one["name"], time_zone=year.cast.coop.time_zone, membership_id=year.cast.memberships[one["id"]].pk,
            capacity=len(one["workers"]), after_minutes=30, by=delegate, at=year.now,
        )  # fmt: skip
        week = [Window(weekday=day, opens=time(8), closes=time(20)) for day in range(6)]
        booking.set_week(resource=calendar, windows=week, by=delegate, at=year.now)
    series = {0: 2, 1: 2, 3: 4, 6: 4}  # customer: every so many weeks
    for day in year.live():
        _do_visits(year, day)
        if day.day == 3 and (customer := (day.month * 5) % 12) in series:
            who = year.cast.data["customers"][customer]
            _book_visit(year, who, _by(year, who), day, every_weeks=series.pop(customer))
        if year.often(5000):
            _book_visit(year, *year.customer(), day)
        _pay_what_is_open(year)
        if day == year.last:  # One job is left for whoever looks: nobody has answered it yet.
            who = year.cast.data["customers"][0]
            _book_visit(year, who, _by(year, who), day)
            continue
        year.drain()
        _answer_offers(year)


def _by(year: Year, who: dict[str, Any]) -> Principal:
    if who.get("has_account"):
        return members.principal(person_id=year.cast.persons[who["name"]].pk, channel=Channel.WEB)
    return year.guest


def _book_visit(year: Year, who: dict[str, Any], by: Principal, day: date, *, every_weeks: int = 0) -> None:
    chance = year.chance
    start = day + timedelta(days=chance.randint(3, 9))
    start += timedelta(days=1) if start.weekday() == 6 else timedelta(0)
    addons = {name: 1 for name in ("oven", "fridge", "windows", "laundry", "pets") if chance.random() < 0.18}
    wish = orders.Wish(
        size=chance.choice(("one", "two", "two", "three")), level=chance.choice(("once_over", "once_over", "top_to_bottom")),
        addons=addons, starts=year.at(start, chance.choice((9, 9, 13))), area=STREET.sub("", who["address"]),
        tip_minor=chance.choice((0, 0, 0, 500)), every_weeks=every_weeks,
    )  # fmt: skip
    year.order(wish, who, by)


def _pay_what_is_open(year: Year) -> None:
    """Customers pay the visits of their series when the letter comes."""
    for order in in_state("unpaid"):
        if order.checkout is not None and order.series_id is not None:
            placed = orders.settle(checkout=order.checkout, by=year.job, at=year.now)
            if placed.payment is not None and not placed.is_paid:
                orders.pay(placed=placed, card=GOOD, by=year.job, at=year.now)
                year.placed += 1


def _answer_offers(year: Year) -> None:
    speaks = {year.cast.memberships[one["id"]].pk: one for one in year.cast.data["organisations"]}
    for _round in range(3):
        open_offers = _OFFERED()
        for offer in open_offers:
            one = speaks[offer.membership_id]
            by = year.cast.by(one["delegates"][0])
            try:
                if year.often(600):
                    orders.pass_(offer=offer, by=by, at=year.now)
                    continue
                order = orders.accept(offer=offer, by=by, at=year.now)
                orders.do_chores(order_ids=[order.pk], by=by, at=year.now)
                who = year.cast.persons[year.chance.choice(one["workers"])]
                worker_row = Worker.objects.get(membership_id=offer.membership_id, person=who, ended_on=None)
                orders.assign(order=order, worker=worker_row, by=by, at=year.now)
            except booking.Taken:
                orders.pass_(offer=offer, by=by, at=year.now)
        if not year.drain() and not open_offers:
            break


def _do_visits(year: Year, day: date) -> None:
    """What was planned for today was done today; now and then somebody cancels the evening before."""
    for order in in_state("assigned"):
        if order.starts_at is None or order.worker is None:
            continue
        starts_on = order.starts_at.astimezone(year.zone).date()
        by = members.principal(person_id=order.worker.pk, channel=Channel.WEB)
        if starts_on == day:
            orders.start(order=order, by=by, at=order.starts_at + timedelta(minutes=2))
            orders.finish(order=order, by=by, at=order.ends_at or year.now)
        elif starts_on == day + timedelta(days=1) and year.often(250):
            customer = Principal(coop_id=year.cast.coop.pk, channel=Channel.WEB, order_id=order.pk)
            orders.advance(order=order, transition="cancel", by=customer, at=year.now)
            orders.do_chores(order_ids=[order.pk], by=customer, at=year.now)


def marketplace(year: Year) -> None:
    """Things sold, lent and taught: whatever kinds of listing this co-op has."""
    listings = {kind: [one for one in year.cast.listings if one.process == kind] for kind in ("purchase", "booking", "inquiry")}
    for listing, one in zip(year.cast.listings, year.cast.data["listings"], strict=True):
        if listing.process == "booking":
            booking.open_resource(
                name=listing.title, time_zone=year.cast.coop.time_zone, listing_id=listing.pk, unit="day",
                capacity=one["units"], check_in=time(9), check_out=time(19), is_always_open=True,
                by=year.cast.by(one["by"]), at=year.now,
            )  # fmt: skip
    makers: dict[str, Callable[[Year, Any, date], Order | None]] = {"purchase": _buy, "booking": _borrow, "inquiry": _ask}
    chances = {"purchase": 5700, "booking": 4700, "inquiry": 600}
    for day in year.live():
        _serve(year)
        for kind, found in listings.items():
            if found and year.often(chances[kind]):
                makers[kind](year, year.chance.choice(found), day)
            if found and day == year.last:  # One of each waits for its member.
                next((one for one in found if makers[kind](year, one, day)), None)


def _buy(year: Year, listing: Any, day: date) -> Order | None:
    who, by = year.customer()
    version = year.chance.choice(sorted(listing.prices)) if listing.prices else ""
    quantity = 1 if version else year.chance.choice((1, 1, 1, 2))
    return year.order(orders.Wish(listing_id=listing.pk, quantity=quantity, variant=version), who, by)


def _borrow(year: Year, listing: Any, day: date) -> Order | None:
    who, by = year.customer()
    first = day + timedelta(days=year.chance.randint(2, 8))
    last = first + timedelta(days=year.chance.choice((0, 0, 1, 2)))
    return year.order(orders.Wish(listing_id=listing.pk, starts=year.at(first, 9), ends=year.at(last, 19)), who, by)


def _ask(year: Year, listing: Any, day: date) -> Order | None:
    who, by = year.customer()
    year.placed += 1
    return orders.inquire(
        listing_id=listing.pk, contact=year.contact(who), text=year.chance.choice(year.cast.data["questions"]),
        key=f"demo:ask:{listing.pk}:{day}", by=by, at=year.now, coop=year.cast.coop,
    )  # fmt: skip


def _serve(year: Year) -> None:
    """Members answer what came in: they send what was bought, accept what was asked for."""
    keeper = {membership.pk: name for name, membership in year.cast.memberships.items()}
    deeds = {"paid": "ship", "requested": "accept", "open": "answer", "shipped": "receive"}
    for order in in_state(*deeds):
        by = year.cast.by(keeper[order.provider_id or 0])
        if order.state == "shipped":
            if not year.often(2500):
                continue
            by = Principal(coop_id=year.cast.coop.pk, channel=Channel.WEB, order_id=order.pk)
        try:
            orders.advance(order=order, transition=deeds[order.state], by=by, at=year.now)
        except booking.Taken:
            orders.advance(order=order, transition="decline", by=by, at=year.now)
        orders.do_chores(order_ids=[order.pk], by=by, at=year.now)

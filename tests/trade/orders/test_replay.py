"""Past orders under other rules: what really came to the ledger is what the replay says, and what would have come is exact."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, as_guest, fresh, tick
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import dry_runs
from toadlane.society.members.queries import principal
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import replay, simulated, simulation, splits

pytestmark = pytest.mark.django_db
RATES = {"fees.community": "0.5", "fees.commission_vat": "0.20", "fees.benefits": "0.02"}


@dataclass
class Room:
    """A market with a workshop at 50.00 an hour: VAT 20 %, commission 10 %, half of it to the fund, benefits 2 %."""

    coop: Any
    maker: market.Maker
    listing: Any
    at: Any
    day: Any
    placed: list[Any] = field(default_factory=list)

    @property
    def by(self) -> Principal:
        return principal(person_id=self.maker.person.pk, channel=Channel.WEB)

    def order(self, hours: int = 2, tip: int = 0) -> Any:
        by = Principal(coop_id=self.coop.pk, channel=Channel.API)
        wish = orders.Wish(listing_id=self.listing.pk, starts=self.day, ends=self.day + timedelta(hours=hours), tip_minor=tip)
        quote = orders.quote(wish=wish, by=by, at=self.at)
        key = f"k{len(self.placed)}"
        placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key=key, by=by, at=self.at, card=Card(number=GOOD))
        order = orders.act(order=queries.find(placed.orders[0].pk), transition="accept", by=self.by, at=self.at)
        self.placed.append(order)
        return order

    def back(self, order: Any, minor: int, key: str) -> None:
        at = self.day + timedelta(days=4)
        orders.refund(order=fresh(order), amount=Money(minor, "EUR"), reason="", key=key, by=self.by, at=at)

    def release(self) -> None:
        for later in (timedelta(hours=9), timedelta(days=3)):
            tick(self.coop, self.day + later)
        orders.do_chores(order_ids=[order.pk for order in self.placed], by=self.by, at=self.day)

    def replay(self, **values: Any) -> Any:
        return run(self.day + timedelta(days=30), **values)


def run(until: Any, **values: Any) -> Any:
    """Replay everything before `until` with some rules changed; `trade__vat_rate` stands for `trade.vat_rate`."""
    before = dict(bylaws.book().document)
    after = deepcopy(before)
    for name, value in values.items():
        after["rules"][name.replace("__", ".")]["value"] = value
    return simulation.run(before=before, after=after, since=until - timedelta(days=365), until=until)


@pytest.fixture
def room(at, day):
    coop = market.found(at, **RATES)
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        yield Room(coop, maker, market.room(maker, "Workshop", 5000, at, capacity=20), at, day)


def every_ending(room: Room) -> None:
    """Orders that end in every way that there is, each 100.00 before VAT unless it says otherwise."""
    paid, early, partly, whole, odd = (room.order(tip=500), room.order(), room.order(), room.order(), room.order(hours=3))
    late, nobody_home, ours, in_time = (room.order() for _ in range(4))
    orders.refund(order=fresh(early), amount=Money(3333, "EUR"), reason="", key="early", by=room.by, at=room.at)
    for order, deed, who, when in (
        (late, "cancel", as_guest(late), room.day - timedelta(hours=3)),
        (in_time, "cancel", as_guest(in_time), room.day - timedelta(hours=24)),
        (ours, "call_off", room.by, room.at),
        (nobody_home, "no_show", room.by, room.day),
    ):
        orders.act(order=fresh(order), transition=deed, by=who, at=when)
    room.release()
    room.back(partly, 1001, "part")
    room.back(partly, 77, "part again")
    room.back(whole, 12000, "whole")
    room.back(late, 1234, "of what was kept")
    orders.do_chores(order_ids=[order.pk for order in room.placed], by=room.by, at=room.day)
    assert fresh(paid).state == fresh(odd).state == "released"


def test_under_the_rules_they_were_placed_by_orders_come_to_what_is_in_the_books(room):
    every_ending(room)
    found = room.replay(fees__commission="0.12").facts
    came = found["currencies"]["EUR"]["before"]
    assert found["orders"] == 8, "the one that the workshop called off moves nothing under any rules"
    owed = -books.balance("2110", "EUR").minor
    assert came["members"] + came["vat"] == owed
    assert came["fee"] == -books.balance("4100", "EUR").minor - books.balance("4190", "EUR").minor
    assert came["aside"] == -books.balance("2120", "EUR").minor
    assert came["fee_vat"] == -books.balance("2310", "EUR").minor
    assert came["fund"] == -books.balance("2150", "EUR").minor
    assert came["customers"] == books.balance("1100", "EUR").minor
    assert found["checked"] == {"like": 8, "same": 8, "apart": []}


def test_many_small_refunds_are_replayed_as_they_were_booked(room):
    """A tax stays that of what it is on, and the VAT of the work that of its price without the tip, however small the parts."""
    orders_ = [room.order(tip=777), room.order(hours=3)]
    room.release()
    for number in range(40):
        room.back(orders_[0], 7, f"small {number}")
        room.back(orders_[1], 13, f"odd {number}")
    orders.do_chores(order_ids=[order.pk for order in orders_], by=room.by, at=room.day)
    came = room.replay(fees__commission="0.12").facts["currencies"]["EUR"]["before"]
    assert came["fee_vat"] == -books.balance("2310", "EUR").minor
    assert came["fee"] == -books.balance("4100", "EUR").minor - books.balance("4190", "EUR").minor
    rests = [splits.rest(fresh(order)) for order in orders_]
    assert came["vat"] == sum(rest.vat_minor for rest in rests)
    assert came["members"] == -books.balance("2110", "EUR").minor - came["vat"]


@pytest.mark.parametrize("which", ["before", "after"])
def test_no_cent_is_lost_under_either_document(room, which):
    every_ending(room)
    came = room.replay(fees__commission="0.0733", trade__vat_rate="0.135").facts["currencies"]["EUR"][which]
    assert came["customers"] == sum(came[name] for name in ("members", "vat", "aside", "fee", "fee_vat", "sales"))


def test_a_fee_of_one_percent_more_costs_the_member_what_the_platform_gets(room):
    room.order(hours=2, tip=500)
    room.release()
    found = room.replay(fees__commission="0.11")
    before, after = (found.facts["currencies"]["EUR"][name] for name in ("before", "after"))
    assert (before["fee"], after["fee"]) == (1000, 1100)
    assert (before["fee_vat"], after["fee_vat"], before["fund"], after["fund"]) == (200, 220, 500, 550)
    assert (before["members"], after["members"]) == (10000 - 1000 - 200 - 200 + 500, 10000 - 1100 - 220 - 200 + 500)
    assert before["customers"] == after["customers"] == 12500
    [row] = found.own["EUR"]
    assert (row["member"], row["class"], row["orders"]) == (room.maker.membership.pk, "provider", 1)
    [of_class] = found.facts["currencies"]["EUR"]["classes"]
    assert (of_class["known"], of_class["less"], of_class["more"], of_class["least"]) == (1, 1, 0, -120)
    assert found.facts["currencies"]["EUR"]["members"] == [], "people are not named before everybody"


@pytest.mark.parametrize(("hours_before", "kept"), [("72", 5000), ("3", 0), ("3.001", 5000)])
def test_notice_is_counted_against_the_new_tiers_to_the_second(room, hours_before, kept):
    """Called off exactly three hours before: at the edge counts as enough."""
    order = room.order()
    orders.act(order=order, transition="cancel", by=as_guest(order), at=room.day - timedelta(hours=3))
    found = room.replay(fees__late_cancel=[{"hours_before_lt": hours_before, "rate": "0.5"}]).facts["currencies"]["EUR"]
    assert found["before"]["members"] == 5000, "fifty percent with less than a day"
    assert found["after"]["members"] == found["after"]["customers"] == kept


def test_what_was_called_off_for_nothing_would_have_cost_something(room):
    order = room.order()
    orders.act(order=order, transition="cancel", by=as_guest(order), at=room.day - timedelta(hours=25))
    found = room.replay(fees__late_cancel=[{"hours_before_lt": "48", "rate": "0.25"}]).facts["currencies"]["EUR"]
    assert (found["before"]["members"], found["after"]["members"]) == (0, 2500)


@pytest.mark.parametrize(("benefits", "possible"), [("0.88", True), ("0.8801", False)])
def test_shares_that_come_to_more_than_the_price_are_counted_and_left_out(room, benefits, possible):
    """100.00 less 10.00 and 2.00 of VAT on it leaves 88.00; the VAT of the price itself is with the member too."""
    room.order()
    room.release()
    found = room.replay(fees__benefits=benefits, trade__vat_rate="0").facts["currencies"]["EUR"]
    assert found["impossible"]["after"] == ({} if possible else {"less_than_nothing": {"orders": 1, "minor": 12000}})
    assert found["orders"] == int(possible)


def test_nothing_is_sold_where_whoever_does_it_would_have_to_pay(at, day):
    coop = market.found(at, **RATES, **{"fees.commission": "1", "trade.vat_rate": "0"})
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk), pytest.raises(orders.LessThanNothing):
        Room(coop, maker, market.room(maker, "Workshop", 5000, at), at, day).order()


def test_later_refunds_change_nothing_of_what_was_replayed(room):
    order = room.order()
    room.order()
    room.release()
    until = room.day + timedelta(days=4)  # The refund below is made at this very instant, and is not before it.
    first = run(until, fees__commission="0.12")
    room.back(order, 6000, "later")
    assert run(until, fees__commission="0.12") == first
    assert run(until + timedelta(seconds=1), fees__commission="0.12") != first


def test_statements_do_not_grow_with_orders(room):
    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            room.replay(fees__commission="0.12")
        return len(seen.captured_queries)

    room.order()
    room.release()
    bylaws.book()
    few = counted()
    for _ in range(6):
        room.order()
    room.release()
    assert counted() == few <= 10


def test_next_door_nothing_is_replayed(wheels, room):
    room.order()
    room.release()
    with scope(wheels.pk):
        assert run(room.day + timedelta(days=30), fees__commission="0.12") is None


class Watched(dict):
    """Rules that remember which of them were read."""

    def __init__(self, rules: Any) -> None:
        super().__init__(rules)
        self.read: set[str] = set()

    def __getitem__(self, rule: str) -> Any:
        self.read.add(rule)
        return super().__getitem__(rule)

    def get(self, rule: str, default: Any = None) -> Any:
        self.read.add(rule)
        return super().get(rule, default)


def test_the_rules_that_are_declared_as_replayed_are_those_that_are_read(room, monkeypatch):
    """None more: a patch of it would show a replay without a difference. None less: it would show none at all."""
    every_ending(room)
    book = simulation._draft(bylaws.book().document)
    book.__dict__["rules"] = watched = Watched(book.rules)
    under = replay.Under(book)
    for past, _real in simulation.pasts.read(room.at - timedelta(days=9), room.day + timedelta(days=30)):
        under.of(past)
    under._from_the_card(replay.Choice("", "", (), 0), "EUR")
    assert watched.read == set(dry_runs.rules_of("orders"))


# --- visits, which the co-op's own rate card prices


@pytest.fixture
def visit(inside, slate, book, wish, at, day):
    """A visit of two rooms, top to bottom, with the oven: 81 + 32 + 16 euro, three hours and a half of work and the oven."""
    order = book(wish)
    [offer] = orders_of(order)
    orders.accept(offer=offer, by=slate.by, at=at)
    orders.do_chores(order_ids=[order.pk], by=slate.by, at=at)
    orders.assign(order=fresh(order), worker=slate.worker, by=slate.by, at=at)
    orders.start(order=fresh(order), by=slate.worker_by, at=day)
    orders.finish(order=fresh(order), by=slate.worker_by, at=day + timedelta(hours=4))
    orders.act(order=fresh(order), transition="confirm", by=as_guest(order), at=day + timedelta(hours=5))
    assert fresh(order).state == "released"
    return fresh(order)


def orders_of(order):
    from tests.conftest import run_jobs
    from toadlane.trade.work.models import Offer

    run_jobs()
    return list(Offer.objects.filter(job__subject=order.subject))


def test_a_visit_is_priced_again_from_what_was_chosen(visit, day):
    card = deepcopy(bylaws.book().rules["trade.rates"]["value"])
    card["hourly"] += 100
    found = run(day + timedelta(days=9), trade__rates=card).facts["currencies"]["EUR"]
    hours = visit.lines[0]["quantity"]
    assert found["before"]["net"] == visit.net_minor == 12900
    assert found["after"]["net"] == 12900 + int(hours) * 100
    assert found["members"][0]["member"] == visit.provider_id, "organisations are named"


def test_what_is_no_longer_on_the_card_is_counted_and_never_guessed(visit, day):
    card = deepcopy(bylaws.book().rules["trade.rates"]["value"])
    card["levels"] = [level for level in card["levels"] if level["id"] != "top_to_bottom"]
    found = run(day + timedelta(days=9), trade__rates=card)
    money = found.facts["currencies"]["EUR"]
    assert money["impossible"]["after"] == {"not_offered": {"orders": 1, "minor": visit.total_minor}} and money["orders"] == 0
    document = dict(bylaws.book().document)
    [told] = simulated.shown(facts=found.facts, own=found.own, before=document, after=document)
    assert "1 order could not have been made" in told.warnings[0] and "nobody knows" in told.warnings[0]


def test_the_pay_floor_is_kept_to_the_cent(visit, day):
    minutes = visit.spec["minutes"]
    kept = visit.net_minor - 645  # The fee is 5 %, and the VAT is not pay.
    exact = kept * 60 // minutes
    assert kept * 60 % minutes, "so that one cent more is one too much"
    below = run(day + timedelta(days=9), pay__floor_hour=exact).facts["currencies"]["EUR"]
    above = run(day + timedelta(days=9), pay__floor_hour=exact + 1).facts["currencies"]["EUR"]
    assert below["impossible"]["after"] == {} and below["orders"] == 1
    assert above["impossible"]["after"] == {"below_floor": {"orders": 1, "minor": visit.total_minor}} and above["orders"] == 0


def test_it_is_told_drawn_and_tabled(visit, day):
    before = dict(bylaws.book().document)
    after = deepcopy(before)
    after["rules"]["fees.commission"]["value"] = "0.06"
    found = run(day + timedelta(days=9), fees__commission="0.06")
    [told] = simulated.shown(facts=found.facts, own=found.own, before=before, after=after)
    assert (told.was, told.will) == ("5%, as it is", "6%, as proposed")
    assert "The platform would have kept €1.29 more." in told.points
    assert [(pair.label, pair.before, pair.after) for pair in told.pairs] == [("slate", 645, 774)]
    assert told.tables[0].rows[0][3:] == ["€6.45", "€7.74", "€1.29"] == told.tables[0].foot[3:]
    assert any("comes to the cent" in note for note in told.notes)

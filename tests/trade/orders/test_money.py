"""Where an order's money goes when something goes otherwise: cancelled late, nobody home, refunded in parts, disputed."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import run_jobs
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, as_guest, fresh, tick
from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.queries import principal
from toadlane.trade.booking.models import Allocation
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import oversight, showing, splits

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(at):
    """A market with a workshop at 50.00 an hour, VAT 20 %, commission 10 %, half of it to the community fund."""
    coop = market.found(at, **{"fees.community": "0.5", "fees.commission_vat": "0.20", "fees.benefits": "0.02"})
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        yield coop, maker, market.room(maker, "Workshop", 5000, at)


@pytest.fixture
def taken(room, at, day):
    coop, maker, listing = room
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    wish = orders.Wish(listing_id=listing.pk, starts=day, ends=day + timedelta(hours=2), tip_minor=500)
    quote = orders.quote(wish=wish, by=by, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=by, at=at, card=Card(number=GOOD))
    order = queries.find(placed.orders[0].pk)
    return orders.act(order=order, transition="accept", by=of(maker), at=at)


def of(maker):
    return principal(person_id=maker.person.pk, channel=Channel.WEB)


def test_the_split_is_that_of_vector_o1(taken):
    """O1 but for the card costs: 100.00 net, VAT 20 %, tip 5.00, commission 10 % with VAT 20 % on it, benefits 2 %."""
    shares = {share["kind"]: share["minor"] for share in taken.split}
    assert shares == {"provider": 11100 - 500, "tip": 500, "benefits": 200, "commission": 1000, "commission_vat": 200}
    assert taken.total_minor == 12500 and sum(shares.values()) == 12500


@pytest.mark.parametrize(
    ("before", "kept"),
    [(timedelta(hours=24), 0), (timedelta(hours=24) - timedelta(seconds=1), 5000), (timedelta(hours=2), 5000),
     (timedelta(hours=2) - timedelta(seconds=1), 10000)],
)  # fmt: skip
def test_who_cancels_late_pays_whoever_kept_the_time_free(taken, room, day, before, kept):
    _coop, maker, _listing = room
    order = orders.act(order=fresh(taken), transition="cancel", by=as_guest(taken), at=day - before)
    order = fresh(order)
    assert (order.state, order.refunded_minor) == ("cancelled", 12500 - kept)
    assert books.balance("2110", "EUR", holder=maker.membership.holder).minor == -kept
    assert books.balance("2100", "EUR").minor == 0 and books.balance("4100", "EUR").minor == 0
    assert Payment.objects.get().refunded_minor == 12500 - kept
    assert not Allocation.objects.exists()
    assert not oversight.releases_equal_splits().faults


def test_after_the_beginning_it_is_too_late_to_cancel(taken, day):
    with pytest.raises(orders.TooLate):
        orders.act(order=fresh(taken), transition="cancel", by=as_guest(taken), at=day)


def test_nobody_opened(taken, room, day):
    _coop, maker, _listing = room
    with pytest.raises(orders.TooEarly):
        orders.act(order=fresh(taken), transition="no_show", by=of(maker), at=day - timedelta(minutes=1))
    orders.act(order=fresh(taken), transition="no_show", by=of(maker), at=day)
    assert books.balance("2110", "EUR", holder=maker.membership.holder).minor == -10000
    assert fresh(taken).refunded_minor == 2500


def test_whoever_offers_it_and_calls_it_off_gives_everything_back(taken, room, at):
    _coop, maker, _listing = room
    orders.act(order=fresh(taken), transition="call_off", by=of(maker), at=at)
    assert fresh(taken).refunded_minor == 12500 and books.balance("1100", "EUR").minor == 0


def released(taken, coop, day):
    end = day + timedelta(hours=2)
    tick(coop, end)
    tick(coop, end + timedelta(days=2))
    order = fresh(taken)
    assert order.state == "released"
    return order


def test_half_back_after_the_release_takes_half_of_each_share(taken, room, day):
    """R1, with the tip as a share of its own: the provider gives 53.00 and 2.50."""
    coop, maker, _listing = room
    order = released(taken, coop, day)
    assert books.balance("2150", "EUR").minor == -500 and books.balance("6400", "EUR").minor == 500
    made = orders.refund(order=order, amount=Money(6250, "EUR"), reason="", key="r", by=of(maker), at=day)
    orders.do_chores(order_ids=[order.pk], by=of(maker), at=day)
    assert {s["kind"]: s["minor"] for s in made.shares} == {
        "provider": 5300, "tip": 250, "benefits": 100, "commission": 500, "commission_vat": 100,
    }  # fmt: skip
    assert made.stage == "released"
    assert books.balance("2110", "EUR", holder=maker.membership.holder).minor == -11100 + 5550
    assert books.balance("4190", "EUR").minor == 500 and books.balance("2310", "EUR").minor == -100
    assert books.balance("2150", "EUR").minor == -250


def test_what_the_provider_was_paid_out_already_they_owe(taken, room, day):
    from toadlane.money.ledger import services as ledger
    from toadlane.money.ledger.services import Leg

    coop, maker, _listing = room
    order = released(taken, coop, day)
    whose = maker.membership.holder
    ledger.post(
        key="payout", narration="Paid out", by=Principal.job(coop.pk), at=day,
        postings=[Leg("2110", Money(11000, "EUR"), holder=whose), Leg("1000", Money(-11000, "EUR"))],
    )  # fmt: skip
    made = orders.refund(order=order, amount=Money(12500, "EUR"), reason="", key="r", by=of(maker), at=day)
    orders.do_chores(order_ids=[order.pk], by=of(maker), at=day)
    assert made.stage == "paid_out"
    assert books.balance("2110", "EUR", holder=whose).minor == 0
    assert books.balance("1210", "EUR", holder=whose).minor == 11000
    assert books.balance("2120", "EUR").minor == 0 and books.balance("2310", "EUR").minor == 0


def test_a_refund_in_parts_is_exact_at_the_end_and_never_too_much(taken, room, day):
    coop, maker, _listing = room
    order = released(taken, coop, day)
    for n, part in enumerate((1000, 2333, 9167)):
        orders.refund(order=fresh(order), amount=Money(part, "EUR"), reason="", key=f"r{n}", by=of(maker), at=day)
    assert {share["minor"] for share in fresh(order).left} == {0}
    with pytest.raises(orders.TooMuchBack):
        orders.refund(order=fresh(order), amount=Money(1, "EUR"), reason="", key="more", by=of(maker), at=day)


def test_the_fund_gives_back_what_it_got_and_not_a_cent_more_whatever_the_parts(taken, room, day):
    """Half of a commission of 10.00, given back in three parts: each half rounds up, and the fund would be short of a cent."""
    coop, maker, _listing = room
    order = released(taken, coop, day)
    assert books.balance("2150", "EUR").minor == -500
    for n, part in enumerate((4167, 4167, 4166)):
        orders.refund(order=fresh(order), amount=Money(part, "EUR"), reason="", key=f"r{n}", by=of(maker), at=day)
        assert books.balance("2150", "EUR").minor <= 0
    assert books.balance("2150", "EUR").minor == books.balance("6400", "EUR").minor == 0


def test_two_refunds_on_their_way_do_not_count_the_same_money_twice(taken, room, day, at):
    """Both are asked for before the provider has answered either: what 2110 holds can be given once, the rest is owed."""
    from toadlane.money.ledger import services as ledger
    from toadlane.money.ledger.services import Leg

    coop, maker, _listing = room
    order, whose = released(taken, coop, day), maker.membership.holder
    legs = [Leg("2110", Money(6100, "EUR"), holder=whose), Leg("1000", Money(-6100, "EUR"))]
    ledger.post(key="payout", narration="Paid out", by=Principal.job(coop.pk), at=day, postings=legs)
    for n in range(2):
        orders.refund(order=fresh(order), amount=Money(6250, "EUR"), reason="", key=f"r{n}", by=of(maker), at=day)
    orders.do_chores(order_ids=[order.pk], by=of(maker), at=day)
    assert books.balance("2110", "EUR", holder=whose).minor == 0, "a member’s pay never turns negative in silence"
    assert books.balance("1210", "EUR", holder=whose).minor == 6100


def test_the_customer_cannot_give_themselves_money_back(taken, at):
    with pytest.raises(Refused):
        orders.refund(order=fresh(taken), amount=Money(1, "EUR"), reason="", key="r", by=as_guest(taken), at=at)


def test_a_dispute_waits_for_the_mediator_and_releases_the_rest(taken, room, day):
    coop, maker, _listing = room
    orders.act(order=fresh(taken), transition="dispute", by=as_guest(taken), at=day + timedelta(hours=1))
    tick(coop, day + timedelta(days=30))
    assert fresh(taken).state == "disputed" and books.balance("2100", "EUR").minor == -12500
    mediator = Principal(coop_id=coop.pk, channel=Channel.WEB, person_id=1, roles=frozenset({"mediator"}))
    facts = orders.Facts(refund_minor=2500, reason="half an hour was missing")
    with pytest.raises(Refused):
        orders.act(order=fresh(taken), transition="settle", by=of(maker), at=day, facts=facts)
    orders.act(order=fresh(taken), transition="settle", by=mediator, at=day + timedelta(days=30), facts=facts)
    order = fresh(taken)
    assert (order.state, order.refunded_minor) == ("settled", 2500)
    assert books.balance("2100", "EUR").minor == 0
    assert books.balance("2110", "EUR", holder=maker.membership.holder).minor == -(11100 - 2220)
    assert not oversight.releases_equal_splits().faults and oversight.releases_equal_splits().looked_at == 1


def test_a_price_below_the_floor_is_refused_kindly(inside, slate, guest, at, wish, sparkle):
    book = bylaws.book()
    # 95 % of 129.00 in four and a half hours is 27.23 an hour.
    book._parsed["pay.floor_hour"] = Money(2723, "EUR")
    assert orders.quote(wish=wish, by=guest, at=at).total_minor == 12900
    book._parsed["pay.floor_hour"] = Money(2724, "EUR")
    try:
        with pytest.raises(orders.BelowTheFloor, match=r"27\.24"):
            orders.quote(wish=wish, by=guest, at=at)
    finally:
        del book._parsed["pay.floor_hour"]


def test_moving_is_free_until_the_notice_begins(inside, slate, wish, book, at, day):
    order = book(wish)
    run_jobs()
    from toadlane.trade.work.models import Offer

    orders.act(order=fresh(order), transition="accept", by=slate.by, at=at)
    assert Offer.objects.get().state == "accepted"
    later = day + timedelta(days=1)
    orders.act(order=fresh(order), transition="move", by=as_guest(order), at=at, facts=orders.Facts(starts_at=later))
    moved = fresh(order)
    assert (moved.state, moved.starts_at) == ("accepted", later)
    assert Allocation.objects.get().starts_at == later
    free_until = queries.notice.free_until(moved, bylaws.book())
    facts = orders.Facts(starts_at=later + timedelta(days=1))
    with pytest.raises(orders.TooLate):
        late = free_until + timedelta(seconds=1)
        orders.act(order=moved, transition="move", by=as_guest(order), at=late, facts=facts)
    orders.act(order=fresh(order), transition="move", by=as_guest(order), at=free_until, facts=facts)


@given(
    net=st.integers(1, 10**7), tip=st.integers(0, 10**5), parts=st.lists(st.integers(1, 10**7), max_size=6),
    rates=st.tuples(*[st.integers(0, 100).map(lambda p: f"{p}/400") for _ in range(4)]),
)  # fmt: skip
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shares_sum_to_the_price_and_refunds_to_the_shares(net, tip, parts, rates):
    class Book:
        number = 3

        def value(self, rule):
            known = dict(zip(("fees.commission", "fees.commission_vat", "fees.benefits", "fees.community"), rates, strict=True))
            return {"trade.sale_model": "agent", "trade.vat_rate": "0.135"}.get(rule) or known[rule]

        def maybe(self, _rule):
            return None

    sums = splits.split(Money(net, "EUR"), tip=Money(tip, "EUR"), book=Book())
    assert sum(share["minor"] for share in sums.shares) == sums.total.minor == net + sums.vat.minor + tip
    assert splits.paid_for(Money(net, "EUR"), book=Book()).minor == sums.total.minor - tip
    left = sums.shares
    for part in parts:
        take = min(part, sum(share["minor"] for share in left))
        gave, left = splits.take_back(left, take)
        assert sum(share["minor"] for share in gave) == take
        assert all(share["minor"] >= 0 for share in left)
    gave, left = splits.take_back(left, sum(share["minor"] for share in left))
    assert all(share["minor"] == 0 for share in left)


def test_every_sum_of_a_checkout_is_that_of_its_orders(taken):
    assert not oversight.checkouts_add_up().faults and not oversight.paid_orders_have_their_time().faults
    assert Order.objects.count() == 1


def shown_of(order):
    return {
        share.label: share.amount.minor for share in showing.page(fresh(order), as_guest(order), order.placed_at).split.shares
    }


def test_the_page_shows_where_the_money_went_after_a_late_cancellation(taken, room, day):
    orders.act(order=fresh(taken), transition="cancel", by=as_guest(taken), at=day - timedelta(hours=5))
    assert shown_of(taken) == {"Hana": 5000, "Back to the customer": 7500}


def test_the_page_shows_that_all_went_back(taken, day):
    orders.act(order=fresh(taken), transition="cancel", by=as_guest(taken), at=day - timedelta(hours=30))
    page = showing.page(fresh(taken), as_guest(taken), day)
    assert shown_of(taken) == {"Back to the customer": 12500} and page.note == "All of it went back."


def test_the_page_shows_what_each_share_gave_of_a_refund(taken, room, at):
    before = shown_of(taken)
    orders.refund(order=fresh(taken), amount=Money(2500, "EUR"), reason="window", key="r", by=of(room[1]), at=at)
    after = shown_of(taken)
    assert after.pop("Back to the customer") == 2500
    assert sum(after.values()) == 12500 - 2500 and after.keys() == before.keys()
    assert all(after[label] < before[label] for label in before)
    assert after["VAT"] == 1600, "the tax on what is left: 96.00 of 120.00, without the tip"


def test_what_was_never_charged_is_not_shared_out(room, at, day):
    coop, maker, listing = room
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    quote = orders.quote(wish=orders.Wish(listing_id=listing.pk, starts=day, ends=day + timedelta(hours=2)), by=by, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=by, at=at, card=Card(number=GOOD))
    order = orders.act(order=queries.find(placed.orders[0].pk), transition="decline", by=of(maker), at=at)
    page = showing.page(fresh(order), as_guest(order), at)
    assert page.split is None and (page.note, page.paid) == ("Nothing was charged.", "Not charged")
    assert [told for told, _tone in page.standing] == ["Not this time"]


def test_cancelling_says_what_it_costs_before_it_is_done(taken, day):
    page = showing.page(fresh(taken), as_guest(taken), day - timedelta(hours=5))
    assert (page.terms.costs.minor, page.terms.back.minor) == (5000, 7500)
    assert [(tier.since, tier.share) for tier in page.terms.tiers] == [
        (day - timedelta(hours=24), "50%"),
        (day - timedelta(hours=2), "100%"),
    ]


def charged_back(taken, by, at):
    """Let the bank of whoever paid take it back."""
    payment = Payment.objects.get()
    job = Principal.job(taken.coop_id)
    payments.open_dispute(
        payment=payment, provider_ref="dp_1", amount=payment.amount, fee=Money(1500, "EUR"), by=job, at=at
    )  # fmt: skip
    run_jobs()
    return payment, job


def test_what_the_bank_took_back_is_neither_shared_out_nor_given_back_again(taken, room, at, day):
    coop, maker, _listing = room
    payment, job = charged_back(taken, of(maker), at)
    assert Letter.objects.filter(subject__contains="taken back").exists(), "who would do the work is told before"
    with pytest.raises(orders.ChargedBack):
        orders.refund(order=fresh(taken), amount=Money(100, "EUR"), reason="x", key="r", by=of(maker), at=at)
    late = day + timedelta(days=10)
    tick(coop, late)
    assert (fresh(taken).state, fresh(taken).released_at) == ("done", None)
    assert "taken the money back" in showing.page(fresh(taken), of(maker), late).note
    # The card company finds for us: it goes on.
    payments.close_dispute(payment=payment, provider_ref="dp_1", won=True, by=job, at=late)
    run_jobs()
    tick(coop, late + timedelta(minutes=10))
    assert fresh(taken).released_at and books.balance("2100", "EUR").minor == 0


def test_an_order_that_was_charged_back_ends_without_giving_back_twice(taken, room, at):
    _coop, maker, _listing = room
    charged_back(taken, of(maker), at)
    order = orders.act(order=fresh(taken), transition="call_off", by=of(maker), at=at)
    assert fresh(order).refunded_minor == 0 and books.balance("2100", "EUR").minor == 0


@pytest.mark.parametrize(("step", "times"), [(1, 50), (2, 50), (3, 50), (7, 100), (100, 20), (4_033, 3)])
@pytest.mark.parametrize("kinds", [("sales", "vat"), ("commission", "commission_vat"), ("guest_fee", "guest_fee_vat")])
def test_a_tax_stays_that_of_what_it_is_on_however_many_small_parts_go_back(kinds, step, times):
    """Of 121.00 with 21 % tax, cents went back and no tax with them: the last credit note was off by more than is allowed."""
    whole = [{"kind": kind, "minor": minor} for kind, minor in zip((*kinds, "provider"), (10_000, 2_100, 500), strict=True)]
    left = whole
    for _ in range(times):
        gave, left = splits.take_back(left, step, whole)
        assert all(one["minor"] >= 0 for one in (*gave, *left)) and sum(one["minor"] for one in gave) == step
        assert abs(left[1]["minor"] - half_up(Fraction(left[0]["minor"] * 21, 100))) <= 1
    _gave, left = splits.take_back(left, sum(one["minor"] for one in left), whole)
    assert [one["minor"] for one in left] == [0, 0, 0]

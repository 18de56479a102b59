"""Of a currency with three decimals Stripe moves hundredths alone: people are told, and what rules say is rounded."""

from datetime import timedelta

import pytest

from tests.money.payments.stripe.connected import fresh, of
from tests.money.payments.stripe.test_life import released
from tests.trade.orders import market
from tests.trade.orders.conftest import NUALA, as_guest
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payout, Refund
from toadlane.trade.catalog.models import Listing
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinars(mugs):
    """A mug for 12.350 dinars, of which the commission takes 1.235."""
    Listing.objects.filter(pk=mugs.pk).update(currency="KWD", price_minor=12_350)
    mugs.refresh_from_db()
    return mugs


def dinar(minor):
    return Money(minor, "KWD")


def test_what_cannot_be_moved_is_refused_before_anything_is_written_and_the_nearest_is_said(there, hana, dinars):
    order = there.order(dinars, key="a")
    assert order.currency == "KWD" and order.total_minor == 12_350
    there.pay(order)
    with pytest.raises(orders.NotInSteps) as no:
        orders.refund(order=fresh(order), amount=dinar(1_235), reason="", key="r", by=of(hana), at=there.at)
    assert "1.230" in no.value.hint and not Refund.objects.exists() and fresh(order).refunded_minor == 0
    for key, minor in (("a", 1_230), ("b", 5_000)):
        orders.refund(order=fresh(order), amount=dinar(minor), reason="", key=key, by=of(hana), at=there.at)
        orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    assert set(Refund.objects.values_list("state", flat=True)) == {"done"} and fresh(order).refunded_minor == 6_230


def test_what_a_member_is_owed_is_paid_as_far_as_it_can_be_moved(there, hana, dinars):
    there.onboard(hana)
    order = there.order(dinars, key="a")
    there.pay(order)
    released(there, order, hana)
    owed = -books.balance("2110", "KWD", holder=hana.membership.holder).minor
    there.go_on(days=8)
    there.pay_out()
    payout = Payout.objects.get(currency="KWD")
    assert payout.state == "done" and payout.amount_minor == owed - owed % 10 > 0
    assert -books.balance("2110", "KWD", holder=hana.membership.holder).minor == owed % 10


def test_who_cancels_late_gets_back_what_can_be_moved_rounded_up(there, hana):
    """Half of 12.350 stays with whoever kept the time free: 6.175 cannot go back, 6.180 can."""
    room = market.room(hana, "Workshop", 12_350, there.at)
    Listing.objects.filter(pk=room.pk).update(currency="KWD")
    starts = there.at.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
    wish = orders.Wish(listing_id=room.pk, starts=starts, ends=starts + timedelta(hours=1))
    quote = orders.quote(wish=wish, by=there.guest, at=there.at)
    placed = orders.check_out(
        quote_ids=[quote.pk], contact=NUALA, key="k", by=there.guest, at=there.at, return_url="http://testserver/back/"
    )
    order = fresh(placed.orders[0])
    there.pay(order)
    orders.act(order=fresh(order), transition="accept", by=of(hana), at=there.at)
    there.go_on(minutes=1)
    orders.act(order=fresh(order), transition="cancel", by=as_guest(order), at=starts - timedelta(hours=3))
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    assert fresh(order).refunded_minor == 6_180 and Refund.objects.get().state == "done"
    assert books.balance("2110", "KWD", holder=hana.membership.holder).minor == -6_170
    assert books.balance("2100", "KWD").minor == 0

"""Of each order the platform keeps at least so much, and at most so much: by rule, and to the cent."""

from datetime import timedelta

import pytest

from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA
from toadlane.kernel.money import Money
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import splits

pytestmark = pytest.mark.django_db
O3 = {"fees.commission": "0.10", "fees.commission_vat": "0", "fees.benefits": "0", "fees.community": "0", "trade.vat_rate": "0"}


@pytest.mark.parametrize(
    ("net", "kept", "rule"),
    [
        (300, 50, "fees.commission_least"), (494, 50, "fees.commission_least"), (495, 50, "fees.commission"),
        (500, 50, "fees.commission"), (505, 51, "fees.commission"), (40, 40, "fees.commission_least"),
        (20_000, 2_000, "fees.commission"), (20_004, 2_000, "fees.commission"), (20_005, 2_000, "fees.commission_most"),
        (1_000_000, 2_000, "fees.commission_most"),
    ],
)  # fmt: skip
def test_of_each_order_the_platform_keeps_between_two_amounts(at, net, kept, rule):
    """Vector O3 and the edges on both sides of it, to the cent; half a cent goes up."""
    coop = market.found(at, **{**O3, "fees.commission_least": 50, "fees.commission_most": 2_000})
    with scope(coop.pk):
        sums = splits.split(Money(net, "EUR"), tip=Money(33, "EUR"), book=bylaws.book())
        [commission] = [one for one in sums.shares if one["kind"] == "commission"]
        assert (commission["minor"], commission["rule"]) == (kept, rule)
        assert sum(one["minor"] for one in sums.shares) == sums.total.minor == net + 33
        assert not splits.is_overdrawn(sums)
        drawn = splits.of_sums(sums, bylaws.book())
        assert sum(share.amount.minor for share in drawn.shares) == net + 33
        [platform] = [share for share in drawn.shares if share.kind == "platform"]
        said = {"fees.commission_least": "€0.50 of each order at least", "fees.commission_most": "€20.00 of each order at most"}
        assert platform.why == said.get(rule, "10% of the price before VAT")


@pytest.mark.parametrize(("least", "most", "kept"), [(0, 0, 1_000), (2_000, 0, 2_000), (0, 400, 400), (2_000, 400, 400)])
def test_nothing_is_no_limit_and_the_most_is_stronger_than_the_least(at, least, most, kept):
    coop = market.found(at, **{**O3, "fees.commission_least": least, "fees.commission_most": most})
    with scope(coop.pk):
        sums = splits.split(Money(10_000, "EUR"), tip=Money(0, "EUR"), book=bylaws.book())
        assert {one["kind"]: one["minor"] for one in sums.shares} == {"provider": 10_000 - kept, "commission": kept}


def test_the_limits_hold_for_what_has_a_part_of_its_own(at):
    more = {"fees.commission_by": {"goods": "0.50"}, "fees.commission_most": 2_000}
    with scope(market.found(at, **{**O3, **more}).pk):
        sums = splits.split(Money(10_000, "EUR"), tip=Money(0, "EUR"), book=bylaws.book(), sold="goods")
        assert {one["kind"]: one["rule"] for one in sums.shares} == {
            "provider": "fees.commission_by", "commission": "fees.commission_most",
        }  # fmt: skip
        assert splits.of_sums(sums, bylaws.book()).total.minor == 10_000


def test_an_order_with_a_least_part_is_split_and_given_back_to_the_cent(at, day):
    """The order names the rule that set it, and a refund takes back of each share in proportion."""
    coop = market.found(at, **{**O3, "fees.commission_least": 1_500})
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        listing = market.room(maker, "Workshop", 5000, at)
        by = Principal(coop_id=coop.pk, channel=Channel.API)
        wish = orders.Wish(listing_id=listing.pk, starts=day, ends=day + timedelta(hours=2))
        quote = orders.quote(wish=wish, by=by, at=at)
        placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key="k", by=by, at=at, card=Card(number=GOOD))
        order = queries.find(placed.orders[0].pk)
        assert {one["kind"]: (one["minor"], one["rule"]) for one in order.split} == {
            "provider": (8_500, "fees.commission"), "commission": (1_500, "fees.commission_least"),
        }  # fmt: skip
        gave, left = splits.take_back(order.split, 3_333, order.split)
        assert sum(one["minor"] for one in gave) == 3_333 and sum(one["minor"] for one in left) == 6_667
        assert {one["kind"]: one["minor"] for one in gave} == {"provider": 2_833, "commission": 500}
        assert "€15.00 of each order at least" in [share.why for share in splits.shown(order, bylaws.book()).shares]


def test_a_co_op_older_than_the_limits_has_none(at):
    with scope(market.found(at, **O3).pk):
        book = bylaws.book()

        class Older:
            number = book.number
            value = book.value

            def maybe(self, rule):
                return None if rule.startswith("fees.commission_") else book.maybe(rule)

        sums = splits.split(Money(300, "EUR"), tip=Money(0, "EUR"), book=Older())
        assert {one["kind"]: one["minor"] for one in sums.shares} == {"provider": 270, "commission": 30}

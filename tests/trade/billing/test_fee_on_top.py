"""Fair stays: the host gets the whole price, the guest pays a fee on top, and half of that is the community's."""

from datetime import timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.money.invoicing.schematron import faults
from tests.trade.billing.conftest import fresh, of, tick
from tests.trade.orders import market
from toadlane.kernel.money import Money
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.models import Invoice
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.billing.queries import sellers
from toadlane.trade.booking.models import Resource
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import splits

pytestmark = pytest.mark.django_db
STAYS = {"fees.commission": "0", "fees.guest": "0.15", "fees.community": "0.5", "trade.vat_rate": "0", "fees.commission_vat": "0"}


def euro(minor):
    return Money(minor, "EUR")


def stays(minor, at, **values):
    """A market of homes, founded with the rules of fair stays; one room by the night."""
    coop = market.found(at, **{**STAYS, **values})
    host = market.maker(coop, "hana", at)
    with scope(coop.pk):
        listing = Listing.objects.create(
            provider=host.membership, kind="time", process="booking", pricing="per_night", unit="night", title="The loft",
            currency="EUR", price_minor=minor, state=State.LIVE, created_at=at, changed_at=at, live_since=at,
        )  # fmt: skip
        Resource.objects.create(listing_id=listing.pk, name="The loft", time_zone="UTC", is_always_open=True, unit="night")
    return coop, host, listing


@pytest.fixture
def room(at, wheels):
    coop, host, listing = stays(8_000, at)
    with scope(coop.pk):
        yield coop, host, listing


@pytest.fixture
def stay(buy, room):
    """Three nights, asked for, taken on, and lived; nobody says that anything was wrong."""
    coop, _host, _listing = room
    order = buy(hours=68, tip=0)
    assert order.state == "accepted"
    for _ in range(4):
        tick(coop, order.ends_at + timedelta(days=3))
    assert fresh(order).released_at is not None
    return fresh(order)


def balances():
    return {code: books.balance(code, "EUR").minor for code in ("2100", "2110", "4100", "4190", "6400", "2150", "2310")}


def test_three_nights_of_80_cost_276_of_which_240_are_the_hosts_18_the_projects_and_18_the_platforms(stay, room):
    assert (stay.net_minor, stay.on_top_minor, stay.total_minor, stay.captured_minor) == (24_000, 3_600, 27_600, 27_600)
    assert balances() == {"2100": 0, "2110": -24_000, "4100": -3_600, "4190": 0, "6400": 1_800, "2150": -1_800, "2310": 0}
    shown = splits.of_order(stay, bylaws.book())
    assert [(one.label, one.amount.minor) for one in shown.shares] == [
        ("Hana", 24_000), ("The platform", 1_800), ("Community fund", 1_800),
    ]  # fmt: skip
    assert shown.shares[1].rule.title.startswith("On top of the price")
    assert sum(one.amount.minor for one in shown.shares) == stay.total_minor
    assert all(not found.faults for found in invariants.verify_coop().values())


@pytest.mark.parametrize(
    ("price", "fee", "project", "platform"), [(8_555, 1_283, 642, 641), (8_000, 1_200, 600, 600), (3, 0, 0, 0), (4, 1, 1, 0)]
)
def test_a_cent_that_cannot_be_halved_is_the_funds_and_the_sum_is_exact(room, price, fee, project, platform):
    """85.55: a fee of 12.83, of which 6.42 and 6.41."""
    book = bylaws.book()
    sums = splits.split(euro(price), tip=euro(0), book=book)
    assert (sums.on_top.minor, sums.total.minor) == (fee, price + fee)
    assert splits.paid_for(euro(price), book=book) == sums.total
    fund = splits.community(sums.shares, book)
    assert (fund, fee - fund) == (project, platform)
    assert sum(share["minor"] for share in sums.shares) == sums.total.minor


@pytest.mark.parametrize("steps", [[27_600], [9_200, 18_400], [1, 9_199, 3, 18_397]])
def test_what_goes_back_takes_its_part_of_the_fee_along_and_leaves_nothing_at_the_end(stay, room, steps):
    coop, host, _listing = room
    for number, minor in enumerate(steps):
        orders.refund(order=fresh(stay), amount=euro(minor), reason="", key=f"r{number}", by=of(host), at=stay.released_at)
        orders.do_chores(order_ids=[stay.pk], by=Principal.job(coop.pk), at=stay.released_at)
        run_jobs()
        left = fresh(stay)
        host_has = sum(share["minor"] for share in left.left if share["kind"] == "provider")
        assert host_has + splits.on_top(left.left) == 27_600 - left.refunded_minor
        assert splits.rest(left).vat.minor == 0
        if left.refunded_minor == 9_200:
            assert (host_has, splits.on_top(left.left), books.balance("2150", "EUR").minor) == (16_000, 2_400, -1_200)
    assert books.balance("4100", "EUR").minor + books.balance("4190", "EUR").minor == 0
    assert (balances()["2110"], balances()["2150"], balances()["6400"]) == (0, 0, 0)
    assert all(not found.faults for found in invariants.verify_coop().values())


def test_the_guest_reads_the_fee_apart_before_and_after_and_gets_an_invoice_for_it_from_the_co_op(said, stay, room, client):
    _coop, host, listing = room
    supply, fee = Invoice.objects.order_by("pk")
    assert (supply.role, supply.net_minor, supply.seller) == ("supply", 24_000, host.membership)
    assert (fee.role, fee.net_minor, fee.seller_name, fee.buyer_name) == ("on_top", 3_600, "Market eG", "Nuala Brophy")
    for one in (supply, fee):
        assert faults(bytes(one.xml), "cii") == [] == faults(invoicing.as_ubl(one), "ubl")
    [record] = sellers.records(stay.released_at.year)
    assert {name: (q.consideration, q.fees) for name, q in record.quarters.items() if q.activities} in (
        [{f"Q{n}": (24_000, 0)} for n in range(1, 5)]), "what the guest paid the platform was never the host's"  # fmt: skip
    with outside():
        page = client.get(f"/c/market/listings/{listing.pk}/").content.decode()
        assert "€92" in page, "a night as one pays it"
        api = browser(host.person).get(f"/api/v1/coops/market/orders/{stay.pk}").json()
    assert (api["on_top"]["minor"], api["net"]["minor"], api["total"]["minor"]) == (3_600, 24_000, 27_600)


def test_a_quote_says_what_comes_on_top_and_the_tax_on_it(at):
    coop, _host, listing = stays(8_000, at, **{"trade.vat_rate": "0.10", "fees.commission_vat": "0.20"})
    with scope(coop.pk):
        starts = (at + timedelta(days=3)).replace(hour=16, minute=0)
        wish = orders.Wish(listing_id=listing.pk, starts=starts, ends=starts + timedelta(days=2, hours=18))
        quote = orders.quote(wish=wish, by=Principal(coop_id=coop.pk, channel=Channel.WEB), at=at)
        assert (quote.net_minor, quote.vat_minor, quote.on_top_minor, quote.total_minor) == (24_000, 2_400, 4_320, 30_720)
        shares = {share["kind"]: share["minor"] for share in quote.split}
        assert shares == {"provider": 26_400, "guest_fee": 3_600, "guest_fee_vat": 720}


def test_where_the_co_op_itself_sells_nothing_comes_on_top_and_an_older_co_op_asks_nothing(at):
    coop, _host, _listing = stays(8_000, at, **{"trade.sale_model": "principal"})
    with scope(coop.pk):
        assert splits.split(euro(100), tip=euro(0), book=bylaws.book()).on_top.minor == 0
        assert splits.paid_for(euro(100), book=bylaws.book()) == splits.split(euro(100), tip=euro(0), book=bylaws.book()).total


def test_charlie_reads_neither_the_order_nor_its_invoice(said, stay, charlie):
    fee = Invoice.objects.get(role="on_top")
    with outside():
        for path in (f"orders/{stay.pk}", f"invoicing/invoices/{fee.pk}"):
            assert browser(charlie).get(f"/api/v1/coops/market/{path}").status_code in (403, 404)

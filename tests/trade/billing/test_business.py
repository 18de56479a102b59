"""Businesses give their VAT number: between states they owe the tax. Small sellers charge none. Each invoice says why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import run_jobs
from tests.money.invoicing.schematron import faults
from tests.trade.billing.conftest import GOOD, HANA, NUALA, fresh, of, tick
from tests.trade.orders import market
from toadlane.kernel.money import Money
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.models import Invoice
from toadlane.money.invoicing.policies import taxing
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.orders import queries as orders_queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import pasts, replay, splits
from toadlane.trade.orders.queries.taxes import Sellers, taxed

pytestmark = pytest.mark.django_db
GERMAN, IRISH, FRENCH = "DE136695976", "IE6388047V", "FR40303265045"
BLAU = replace(NUALA, company="Blau eG", vat_number="de 136 695 976")


def bought(room, day, at, *, contact=NUALA, vat_number="", listing=None, hours=2):
    coop, maker, workshop = room
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    wish = orders.Wish(listing_id=workshop.pk, starts=day, ends=day + timedelta(hours=hours), vat_number=vat_number)
    if listing:
        wish = orders.Wish(listing_id=listing.pk, vat_number=vat_number)
    quote = orders.quote(wish=wish, by=by, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=contact, key=f"k{quote.pk}", by=by, at=at, card=Card(number=GOOD))
    order = orders_queries.find(placed.orders[0].pk)
    assert placed.checkout.total_minor == order.total_minor == placed.payment.amount_minor
    if listing is None:
        orders.act(order=order, transition="accept", by=of(maker), at=at)
    return quote, order


def release(order, maker, coop, day):
    if order.kind == "purchase":
        orders.act(order=fresh(order), transition="ship", by=of(maker), at=day)
    for _ in range(5):
        tick(coop, day + timedelta(days=40))
    assert fresh(order).released_at is not None
    return Invoice.objects.get(subject=order.subject, role="supply")


def passes(invoice):
    assert faults(bytes(invoice.xml), "cii") == [] and faults(invoicing.as_ubl(invoice), "ubl") == []
    return invoicing.document(invoice)


@pytest.mark.parametrize("when", ["with the price", "with the order"])
def test_a_business_in_another_state_owes_the_tax_itself(said, room, day, at, when):
    """100.00 from Ireland to Germany: no VAT, whether the number came with the question for the price or with the order."""
    coop, maker, _listing = room
    quote, order = bought(room, day, at, contact=BLAU, vat_number=GERMAN if when == "with the price" else "")
    assert quote.total_minor == (10000 if when == "with the price" else 12000)
    assert (order.net_minor, order.vat_minor, order.total_minor, order.tax) == (10000, 0, 10000, {"why": "reverse"})
    assert sum(share["minor"] for share in order.split) == sum(share["minor"] for share in order.left) == 10000
    document = passes(release(order, maker, coop, day))
    assert (document.buyer.name, document.buyer.vat_number, document.buyer.country) == ("Blau eG", GERMAN, "DE")
    (tax,) = document.taxes
    assert (tax.category, tax.rate, tax.tax, tax.reason) == ("AE", 0, 0, "Reverse charge")
    fee = passes(Invoice.objects.get(role="commission"))
    assert [(one.category, one.tax) for one in fee.taxes] == [("S", 200)], "the co-op and its member are in one state"


def test_a_business_in_the_same_state_pays_the_tax_and_finds_its_number_on_the_invoice(said, room, day, at):
    coop, maker, _listing = room
    _quote, order = bought(room, day, at, contact=replace(NUALA, vat_number=IRISH))
    assert (order.vat_minor, order.tax) == (2000, {})
    document = passes(release(order, maker, coop, day))
    assert (document.buyer.vat_number, document.taxes[0].category) == (IRISH, "S")


def test_goods_to_a_business_in_another_state_say_where_they_went(said, room, day, at):
    coop, maker, _listing = room
    _quote, order = bought(room, day, at, contact=BLAU, listing=market.thing(maker, "Mug", 2000, at))
    assert (order.total_minor, order.tax) == (2000, {"why": "intra"})
    document = passes(release(order, maker, coop, day))
    assert (document.taxes[0].category, document.deliver_to) == ("K", "DE")


def test_a_small_business_charges_no_tax_and_its_prices_say_so(said, room, day, at):
    coop, maker, listing = room
    page = Client().get(f"/c/market/listings/{listing.pk}/").content.decode()
    assert "€60" in page and "VAT included" in page
    small = replace(HANA, is_small=True, vat_number="")
    invoices.give(membership=maker.membership, said=small, by=of(maker), at=at + timedelta(seconds=1))
    page = Client().get(f"/c/market/listings/{listing.pk}/").content.decode()
    assert "€50" in page and "VAT included" not in page
    quote, order = bought(room, day, at)
    assert (quote.total_minor, order.vat_minor, order.tax) == (10000, 0, {"why": "small"})
    document = passes(release(order, maker, coop, day))
    assert (document.taxes[0].category, document.taxes[0].tax) == ("E", 0) and "small business" in document.taxes[0].reason
    fee = passes(Invoice.objects.get(role="commission"))
    assert [(one.category, one.tax) for one in fee.taxes] == [("S", 200)], "on the fee the tax is a matter of its own"


def test_the_fee_to_a_member_in_another_state_bears_no_tax(said, room, day, at):
    coop, maker, _listing = room
    away = replace(HANA, vat_number=FRENCH, country="FR")
    invoices.give(membership=maker.membership, said=away, by=of(maker), at=at + timedelta(seconds=1))
    _quote, order = bought(room, day, at)
    kinds = {share["kind"] for share in order.split}
    assert order.tax == {"fee_why": "reverse"} and "commission_vat" not in kinds and order.vat_minor == 2000
    release(order, maker, coop, day)
    fee = passes(Invoice.objects.get(role="commission"))
    assert [(one.category, one.reason) for one in fee.taxes] == [("AE", "Reverse charge")]


def test_part_of_it_back_is_credited_without_tax_too(said, room, day, at):
    coop, maker, _listing = room
    _quote, order = bought(room, day, at, contact=BLAU)
    release(order, maker, coop, day)
    orders.refund(order=fresh(order), amount=Money(3333, "EUR"), reason="", key="r", by=of(maker), at=day + timedelta(days=41))
    run_jobs()
    document = passes(Invoice.objects.get(role="supply", type_code="381"))
    assert [(one.category, one.basis, one.tax) for one in document.taxes] == [("AE", 3333, 0)]


@pytest.mark.parametrize(("kind", "activity", "why"), [
    ("booking", "personal_service", "reverse"), ("booking", "immovable_property", ""), ("booking", "transport_rental", ""),
    ("visit", "personal_service", ""), ("purchase", "immovable_property", "intra"),
])  # fmt: skip
def test_what_is_bound_to_a_place_is_taxed_there(at, kind, activity, why):
    coop = market.found(at, **{"invoicing.activity": activity})
    with scope(coop.pk):
        known = Sellers(number=IRISH, coops_number=IRISH)
        assert taxed(known, kind=kind, buyer=GERMAN, book=bylaws.book()).why == why


@pytest.mark.parametrize(("facts", "why"), [
    ({}, ""), ({"buyer": GERMAN}, "reverse"), ({"buyer": IRISH}, ""), ({"seller": "", "buyer": GERMAN}, ""),
    ({"buyer": "CHE123"}, ""), ({"buyer": "XI123"}, ""), ({"buyer": "XI123", "goods": True}, "intra"),
    ({"buyer": GERMAN, "place_bound": True}, ""), ({"buyer": GERMAN, "is_small": True}, "small"),
])  # fmt: skip
def test_why_no_tax_is_charged(facts, why):
    assert taxing.why_untaxed(**{"is_small": False, "seller": IRISH, "buyer": "", **facts}) == why


@pytest.mark.parametrize(("said", "read"), [
    ("de 136.695-976", GERMAN), (GERMAN, GERMAN), ("DE136695977", ""), ("136695976", ""), ("GR094259216", "EL094259216"),
    ("CHE123456789MWST", "CHE123456789MWST"), ("", ""), ("IE" + "1" * 30, ""),
])  # fmt: skip
def test_a_number_is_read_however_it_is_written_and_its_digits_are_checked(said, read):
    assert taxing.number(said) == read


def test_a_wrong_number_is_said_to_be_wrong_wherever_it_is_typed(said, room, day, at):
    _coop, _maker, listing = room
    with pytest.raises(orders.NotAVatNumber):
        bought(room, day, at, contact=replace(NUALA, vat_number="DE1"))
    said_now = {"starts": f"{day:%Y-%m-%dT%H:%M}", "ends": f"{day + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
    answer = Client().post(f"/c/market/orders/request/{listing.pk}/", {
        **said_now, "nonce": "6f1a1a52-9e4c-4f6a-8b7f-1d1a4b1a7c11", "full_name": "N", "email": "n@n.test", "vat_number": "DE1",
        "method": "card",
    })  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422 and "This is not a VAT number" in page and 'value="DE1"' in page
    wish = {"listing": listing.pk, "starts": day.isoformat(), "ends": (day + timedelta(hours=2)).isoformat()}
    client = Client()
    wrong = client.post("/api/v1/coops/market/orders/quotes", wish | {"vat_number": "DE1"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_a_vat_number")
    right = client.post("/api/v1/coops/market/orders/quotes", wish | {"vat_number": GERMAN}, content_type="application/json")
    assert (right.json()["why_untaxed"], right.json()["total"]["minor"]) == ("reverse", 10000)


def test_a_replay_of_past_orders_knows_that_no_tax_was_charged(said, room, day, at):
    coop, maker, _listing = room
    _quote, order = bought(room, day, at, contact=BLAU)
    release(order, maker, coop, day)
    ((past, real),) = pasts.read(at, day + timedelta(days=60))
    assert replay.Under(bylaws.book()).shares(past) == real.shares == {s["kind"]: s["minor"] for s in fresh(order).split}
    assert splits.rest(fresh(order)).vat_minor == 0

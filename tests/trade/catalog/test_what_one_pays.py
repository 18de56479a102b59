"""Customers read what they will pay, look for things by it, and say where they are in words."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.cache import cache

from tests.conftest import browser, run_jobs
from tests.trade.orders import market as shop_of
from toadlane.money.invoicing import services as invoices
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members.queries import principal
from toadlane.ui import towns

pytestmark = pytest.mark.django_db
PAGE = "/c/market/listings/"


@pytest.fixture
def shop(at):
    """VAT is 20 %. A mug of 28.00 before tax, with a pin in Lyon."""
    coop = shop_of.found(at)
    with scope(coop.pk):
        mug = shop_of.thing(shop_of.maker(coop, "hana", at), "Mug", 2800, at)
        mug.latitude, mug.longitude = mug.public_latitude, mug.public_longitude = "45.76000", "4.83500"
        mug.save()
        from toadlane.plumbing.outbox import events
        from toadlane.trade.catalog.events import ListingChanged

        events.publish(ListingChanged(listing_id=mug.pk))
        run_jobs()
        coop.country = "FR"
        coop.save()
        yield coop, mug


def test_the_price_of_a_listing_includes_the_tax(shop, client):
    assert "€33.60" in client.get(PAGE).content.decode()
    page = client.get(f"{PAGE}{shop[1].pk}/").content.decode()
    assert "€33.60" in page and "VAT included; €28.00 before." in page
    assert '"price": "33.60"' in page or '"price": 33.6' in page, "machines read it too"


@pytest.mark.parametrize(("asked", "found"), [({"most": "33.60"}, True), ({"most": "33.59"}, False), ({"least": "33.60"}, True),
                                              ({"least": "33.61"}, False), ({"most": "28"}, False)])  # fmt: skip
def test_it_is_found_by_what_one_pays(shop, client, asked, found):
    assert ("Mug" in client.get(PAGE, asked).content.decode()) is found


@pytest.fixture
def change(shop, at):
    """Members decide on a rule, and what follows from it follows."""

    def changed(rule, value):
        book, coop = bylaws.book(), shop[0]
        patch = Patch(book.number, (Op(rule, book.rule(rule)["value"], value),))
        by = Principal.job(coop.pk, "enactment")
        rules.enact(patch=patch, decision=f"2027-{book.number}", passed_by="simple", by=by, at=at)
        run_jobs()

    return changed


def is_found(client, **asked):
    return "Mug" in client.get(PAGE, asked).content.decode()


def test_what_a_small_business_sells_is_found_and_shown_at_the_price_without_tax(shop, client, at):
    _coop, mug = shop
    own = principal(person_id=mug.provider.person_id, channel=Channel.WEB)
    said = {"name": "Hana", "street": "2 Quay", "city": "Cork", "country": "IE", "tax_number": "123/45"}
    for is_small, paid, below in ((True, "28.00", "27.99"), (False, "33.60", "33.59")):
        invoices.give(membership=mug.provider, said=invoices.Said(**said, is_small=is_small), by=own, at=at)
        run_jobs()
        assert f"€{paid}" in client.get(PAGE).content.decode() or f"€{int(float(paid))}" in client.get(PAGE).content.decode()
        assert is_found(client, most=paid) and not is_found(client, most=below)
        assert is_found(client, least=paid) and not is_found(client, least=f"{float(paid) + 0.01:.2f}")


def test_where_the_rules_change_what_one_pays_things_are_found_by_the_new_price(shop, client, change):
    assert is_found(client, most="33.60")
    change("trade.vat_rate", "0.25")
    assert not is_found(client, most="34.99") and is_found(client, most="35")
    change("fees.guest", "0.10")
    assert "€37.80" in client.get(PAGE).content.decode()
    assert not is_found(client, most="37.79") and is_found(client, most="37.80")


@pytest.mark.parametrize(("asked", "found"), [
    ({"near": "Lyon", "km": "10"}, True), ({"near": "Paris", "km": "10"}, False), ({"near": "45.76, 4.83", "km": "10"}, True),
    ({"box": "45.7,4.7,45.8,4.9"}, True), ({"box": "45.8,4.7,45.9,4.9"}, False),
])  # fmt: skip
def test_a_place_is_a_town_two_numbers_or_a_part_of_the_map(shop, client, asked, found):
    page = client.get(PAGE, asked).content.decode()
    assert (f"{PAGE}{shop[1].pk}/" in page) is found
    assert ("Only on the part of the map" in page) is ("box" in asked)


def test_a_part_of_town_that_stands_on_a_card_is_a_place(shop, client):
    """The village of a small co-op is on no list of towns."""
    mug = shop[1]
    mug.area = "Vaudelin, la ruelle"
    mug.save()
    page = client.get(PAGE, {"near": "vaudelin", "km": "5"}).text
    assert "One thing to put right" not in page and f"{PAGE}{mug.pk}/" in page
    assert "One thing to put right" in client.get(PAGE, {"near": "Va", "km": "5"}).text, "two letters name nothing"


@pytest.mark.parametrize("asked", [{"near": "Nowhereville-sur-Rien", "km": "10"}, {"box": "1,2,3"}, {"box": "91,0,92,1"}])
def test_a_place_that_cannot_be_is_said(shop, client, asked):
    page = client.get(PAGE, asked).content.decode()
    assert "One thing to put right" in page and "Mug" in page, "the rest of the search counts"


@pytest.fixture
def geocoder(settings):
    """A server that speaks as Nominatim does, and knows one lane."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = b'[{"lat": "45.7612", "lon": "4.8351"}]' if "Kiln" in self.path else b"[]"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.TOADLANE_GEOCODER = f"http://127.0.0.1:{server.server_port}/search"
    cache.clear()
    yield asked
    server.shutdown()


def test_the_operators_geocoder_knows_what_our_list_of_towns_does_not(geocoder):
    assert towns.find("12 Kiln Lane", "FR") == towns.Town(45.7612, 4.8351)
    assert towns.find("12 Kiln Lane", "FR") and len(geocoder) == 1, "asked once, then kept"
    assert "countrycodes=fr" in geocoder[0]
    assert towns.find("Xyzzy", "FR") is None
    assert towns.find("Lyon", "FR") and len(geocoder) == 2, "towns on our list are nobody else's business"


def test_a_geocoder_that_does_not_answer_stops_nobody(settings):
    settings.TOADLANE_GEOCODER = "http://127.0.0.1:9/search"
    cache.clear()
    assert towns.find("12 Kiln Lane", "FR") is None


def test_who_sets_a_price_is_told_that_the_tax_comes_on_top(shop):
    _coop, mug = shop
    hers = browser(mug.provider.person)
    assert "20% comes on top" in hers.get(f"{PAGE}new/goods/").text
    assert "20% comes on top" in hers.get(f"{PAGE}{mug.pk}/edit/").text

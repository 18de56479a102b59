"""Stock pictures: half of a standard license goes to the artist and three quarters of an extended one, from 100.00 on."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import OPERATOR, browser
from tests.trade.orders.conftest import GOOD, at, tick  # noqa: F401
from toadlane.blueprints import installer
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payout
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import services as joining
from toadlane.society.people.models import Person
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import oversight, simulation

pytestmark = pytest.mark.django_db
HOME = "/api/v1/coops/shots"
PICTURE = {
    "id": "picture", "names": {"en": "Picture"}, "process": "purchase", "unit": "item", "place": "none",
    "variants": [{"id": name, "names": {"en": f"{name.title()} license"}} for name in ("standard", "extended")],
}  # fmt: skip
RULES = {
    "trade.vat_rate": "0", "pay.payout_days": 0, "pay.least_payout": 10_000, "trade.curation": False,
    "fees.commission": "0.50", "fees.commission_by": {"picture.extended": "0.25"},
}  # fmt: skip


@pytest.fixture
def shots(db, at):  # noqa: F811
    founder = Person.objects.create(email="fay@shots.test", name="Fay")
    coop = installer.found(
        blueprint="marketplace", name="Shots", slug="shots", founder=founder, by=OPERATOR, at=at, sandbox=True, currency="USD",
        values=RULES,
    )  # fmt: skip
    with scope(coop.pk):
        person = Person.objects.create(email="ada@shots.test", name="Ada")
        artist = joining.admit(person=person, member_class="provider", by=Principal.job(coop.pk, "founder"), at=at)
        board = browser(founder)
        assert board.put(f"{HOME}/listings/kinds", {"kinds": [PICTURE]}, content_type="application/json").status_code == 200
        yield coop, artist


def post(client: Client, path: str, body: dict, status: int = 201, **headers: str) -> dict:
    answer = client.post(f"{HOME}{path}", body, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def hang(artist, prices: dict) -> int:
    """Let an artist put a picture in the window over the API."""
    own = browser(artist.person)
    said = {"kind": "picture", "title": "A heron", "text": "At dawn.", "prices": prices}
    made = post(own, "/listings", said)
    assert post(own, f"/listings/{made['id']}/submit", {}, 200)["state"] == "live"
    return made["id"]


def buy(listing: int, variant: str, key: str) -> dict:
    client = Client()
    quote = post(client, "/orders/quotes", {"listing": listing, "variant": variant})
    contact = {"name": "Nuala", "email": "n@a.test", "address": "9 Mill Lane"}
    body = {"quotes": [quote["id"]], "contact": contact, "card": {"number": GOOD}}
    return quote | {"order": post(client, "/orders", body, **{"Idempotency-Key": key})["orders"][0]["id"]}


def deliver(coop, artist, when) -> None:
    for order in Order.objects.filter(state="paid"):
        post(browser(artist.person), f"/orders/{order.pk}/ship", {}, 200)
    tick(coop, when + timedelta(days=14, minutes=5))


def test_half_of_a_standard_license_and_three_quarters_of_an_extended_one(shots, at):  # noqa: F811
    coop, artist = shots
    listing = hang(artist, {"standard": 10_000, "extended": 40_000})
    told = Client().get(f"{HOME}/listings/{listing}").json()
    assert told["price"]["minor"] == 10_000 and [one["price"]["minor"] for one in told["variants"]] == [10_000, 40_000]
    standard, extended = buy(listing, "standard", "s"), buy(listing, "extended", "e")
    assert extended["title"] == "A heron, Extended license"
    assert [line["text"] for line in extended["lines"]] == ["A heron, Extended license"]
    by_all, by_kind = "Of the price of each order", "Of a kind of listing that is named here"
    for bought, rule, artists, ours in ((standard, by_all, 5_000, 5_000), (extended, by_kind, 30_000, 10_000)):
        assert [share["amount"]["minor"] for share in bought["split"]] == [artists, ours]
        assert all(share["rule"].startswith(rule) and share["url"] for share in bought["split"])
    assert [share["why"] for share in extended["split"]] == ["75% of the price before VAT", "25% of the price before VAT"]
    deliver(coop, artist, at)
    assert books.balance("2110", "USD", artist.holder).minor == -35_000 and books.balance("4100", "USD").minor == -15_000
    order = Order.objects.get(pk=extended["order"])
    assert {(one["rule"], one["of"]) for one in order.split} == {("fees.commission_by", "picture.extended")}
    page = browser(artist.person).get(f"/c/shots/orders/{order.pk}/").content.decode()
    assert by_kind in page and "75%" in page
    assert "Picture, Extended license" in Client().get("/c/shots/rules/fees.commission_by/").content.decode()
    assert oversight.releases_equal_splits().faults == ()


def test_what_a_hundredth_is_short_of_a_hundred_waits(shots, at):  # noqa: F811
    coop, artist = shots
    job = Principal.job(coop.pk)
    buy(hang(artist, {"standard": 19_998}), "standard", "a")
    deliver(coop, artist, at)
    later = at + timedelta(days=15)
    assert books.balance("2110", "USD", artist.holder).minor == -9_999
    assert payments.pay_out(by=job, at=later) == [] and not Payout.objects.exists()
    buy(hang(artist, {"standard": 2}), "standard", "b")
    deliver(coop, artist, later)
    [payout] = payments.pay_out(by=job, at=later + timedelta(days=15))
    assert (payout.amount_minor, payout.state) == (10_000, "done")


def test_a_version_that_is_not_on_sale_cannot_be_bought(shots):
    _coop, artist = shots
    listing = hang(artist, {"standard": 10_000, "extended": None})
    for variant in ("extended", "", "unheard_of"):
        answer = Client().post(f"{HOME}/orders/quotes", {"listing": listing, "variant": variant}, content_type="application/json")
        assert answer.status_code == 422 and answer.json()["field"] == "variant", answer.content
    own = browser(artist.person)
    for wrong, field in (
        ({"prices": {"gold": 5}}, "prices.gold"), ({"prices": {"standard": -1}}, "prices.standard"),
        ({"price_minor": 5}, "price_minor"),
    ):  # fmt: skip
        answer = own.patch(f"{HOME}/listings/{listing}", wrong, content_type="application/json")
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field, answer.content
    bare = own.patch(f"{HOME}/listings/{listing}", {"prices": {}}, content_type="application/json")
    assert bare.status_code == 422 and bare.json()["errors"][0]["field"] == "prices"


def test_two_versions_of_a_thing_are_two_things_in_the_basket(shots):
    _coop, artist = shots
    listing = hang(artist, {"standard": 10_000, "extended": 40_000})
    client = Client()
    page = client.get(f"/c/shots/listings/{listing}/").content.decode()
    assert 'name="variant" value="extended"' in page and "from $100" in page
    for variant in ("standard", "extended"):
        assert client.post(f"/c/shots/orders/buy/{listing}/", {"quantity": 1, "variant": variant}).status_code == 302
    assert client.post(f"/c/shots/orders/buy/{listing}/", {"quantity": 1, "variant": "gold"}).status_code == 422
    inside = client.get("/c/shots/orders/basket/").context["inside"]
    assert [(one.title, one.amount.minor) for one in inside.items] == [
        ("A heron, Standard license", 10_000), ("A heron, Extended license", 40_000),
    ]  # fmt: skip
    assert [share.amount.minor for share in inside.split.shares] == [35_000, 15_000]
    client.post(f"/c/shots/orders/basket/{listing}/", {"quantity": 1, "variant": "standard", "out": "1"})
    assert [one.variant for one in client.get("/c/shots/orders/basket/").context["inside"].items] == ["extended"]


def test_a_question_about_a_thing_in_versions_needs_no_choice(shots):
    _coop, artist = shots
    listing = hang(artist, {"standard": 10_000, "extended": 40_000})
    asked = {"listing": listing, "text": "Is it a grey heron?", "contact": {"name": "Nuala", "email": "n@a.test"}}
    assert post(Client(), "/orders/inquiries", asked)["kind"] == "inquiry"


def test_only_what_is_bought_by_the_piece_comes_in_versions(shots):
    board = browser(Person.objects.get(email="fay@shots.test"))
    for wrong in ({"process": "booking"}, {"unit": "night"}, {"variants": [{"id": "a", "names": {"en": "A"}}] * 2}):
        kinds = {"kinds": [{**PICTURE, **wrong}]}
        answer = board.put(f"{HOME}/listings/kinds", kinds, content_type="application/json")
        assert answer.status_code == 422 and answer.json()["code"] == "not_a_kind", answer.content


def test_what_another_part_would_have_done_is_replayed_by_license(shots, at):  # noqa: F811
    coop, artist = shots
    listing = hang(artist, {"standard": 10_000, "extended": 40_000})
    buy(listing, "standard", "s")
    buy(listing, "extended", "e")
    deliver(coop, artist, at)
    book = bylaws.book()
    after = {
        **book.document,
        "rules": {**book.rules, "fees.commission_by": {**book.rule("fees.commission_by"), "value": {"picture": "0.10"}}},
    }
    found = simulation.run(before=book.document, after=after, since=at, until=at + timedelta(days=30))
    sums = found.facts["currencies"]["USD"]
    assert found.facts["checked"] == {"like": 2, "same": 2, "apart": []}
    assert (sums["before"]["members"], sums["after"]["members"]) == (35_000, 45_000)


def test_a_part_is_between_nothing_and_all(shots):
    rule = dict(bylaws.book().rule("fees.commission_by"))
    from toadlane.society.bylaws.rules.documents import NotARule, check

    for fine in ({}, {"picture": "0"}, {"picture": "1"}):
        check("fees.commission_by", rule | {"value": fine})
    for wrong in ({"picture": "1.01"}, {"picture": "-0.01"}, {"picture": "half"}, ["picture"], {"picture": 0.5}):
        with pytest.raises(NotARule):
            check("fees.commission_by", rule | {"value": wrong})

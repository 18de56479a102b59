"""Looking around, offering something, and who may see which."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.conftest import browser, run_jobs
from tests.trade.catalog.conftest import MUG
from toadlane.trade.catalog.models import Listing, State

HOME = "/c/wheels/listings/"


def photo(width=900, height=600) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return SimpleUploadedFile("mug.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def offered(mug, maker, at):
    from toadlane.trade.catalog import services

    services.submit(listing=mug, by=maker, at=at)
    run_jobs()
    return mug


def test_the_window_shows_what_is_in_it(client, offered, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(HOME, {"q": "stoneware"})
    assert page.status_code == 200 and "Stoneware mug" in page.text and "€28" in page.text


def test_a_draft_is_not_in_the_window(client, mug):
    assert "Stoneware mug" not in client.get(HOME).text
    assert client.get(f"{HOME}{mug.pk}/").status_code == 404


@pytest.mark.parametrize("wrong", [{"near": "nowhere"}, {"least": "9", "most": "1"}, {"km": "7"}, {"starts": "2027-02-30"}])
def test_what_cannot_be_understood_is_said_and_the_rest_counts(client, offered, wrong):
    page = client.get(HOME, {"q": "mug", **wrong})
    assert page.status_code == 200 and 'id="errors"' in page.text and "Stoneware mug" in page.text


def test_an_address_we_did_not_give_out_is_refused_kindly(client, offered):
    assert client.get(HOME, {"cursor": "zzz"}).status_code == 400


def test_the_page_of_a_listing(client, offered):
    page = client.get(f"{HOME}{offered.pk}/")
    assert page.status_code == 200
    assert '"@type": "Product"' in page.text and 'property="og:title"' in page.text and "Clay" in page.text


def test_a_member_offers_something_from_the_first_word_to_the_window(client, market, charlie):
    client = browser(charlie)
    assert "Things for sale" in client.get(f"{HOME}new/").text
    said = {
        "title": "Belly vase",
        "text": "For three stems.",
        "language": "en",
        "price": "52.00",
        "stock": "2",
        "f_material": "clay",
    }
    answer = client.post(f"{HOME}new/goods/", said)
    vase = Listing.objects.get()
    assert answer.status_code == 302 and (vase.price_minor, vase.stock, vase.state) == (5200, 2, State.DRAFT)
    assert client.post(f"{HOME}{vase.pk}/pictures/", {"file": photo(), "alt": "A vase"}).status_code == 302
    assert client.post(f"{HOME}{vase.pk}/submit/").status_code == 302
    vase.refresh_from_db()
    assert vase.state == State.LIVE and vase.cover is not None
    run_jobs()
    page = client.get(HOME).text
    assert "Belly vase" in page and f"{vase.cover.key}/400.avif 400w" in page


def test_what_was_typed_stays_when_something_is_wrong(market, charlie):
    page = browser(charlie).post(f"{HOME}new/goods/", {"title": "", "text": "Kept words", "language": "en", "price": "-1"})
    assert page.status_code == 422 and "Kept words" in page.text and not Listing.objects.exists()


def test_an_incomplete_draft_says_what_is_missing(maker, charlie, at):
    from toadlane.trade.catalog import services

    half = services.create(kind="goods", said={"title": "Half"}, provider_id=maker.membership_id, by=maker, at=at)
    page = browser(charlie).post(f"{HOME}{half.pk}/submit/")
    assert page.status_code == 422 and "Say what it costs." in page.text


@pytest.mark.parametrize("path", ["mine/", "new/", "new/goods/", "queue/", "kinds/", "kinds/goods/", "kinds/goods/material/"])
def test_a_stranger_finds_only_the_window(client, market, path):
    assert client.get(f"{HOME}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "edit/", "pictures/"])
def test_someone_of_another_coop_sees_no_draft(mug, alice, path):
    assert browser(alice).get(f"{HOME}{mug.pk}/{path}").status_code == 404
    assert browser(alice).get(f"/c/sparkle/listings/{mug.pk}/{path}").status_code == 404


def test_the_board_makes_a_kind_and_a_field_without_code(market, charlie):
    client = browser(charlie)
    kind = {"name_en": "Rooms", "process": "booking", "unit": "night", "place": "required", "deposit": "on"}
    assert client.post(f"{HOME}kinds/new/", kind).status_code == 302
    field = {"name_en": "View", "type": "enum", "options": "The sea\nThe yard", "privacy": "public", "filterable": "on"}
    refused = client.post(f"{HOME}kinds/rooms/new/", {**field, "type": "text", "filterable": ""})
    assert refused.status_code == 422 and "Only a list is chosen from" in refused.text and "The sea\nThe yard" in refused.text
    assert client.post(f"{HOME}kinds/rooms/new/", field).status_code == 302
    assert "The sea" in client.get(f"{HOME}new/rooms/").text
    assert "The yard" in client.get(HOME, {"kind": "rooms"}).text
    assert client.post(f"{HOME}kinds/rooms/view/remove/").status_code == 302
    assert "The sea" not in client.get(f"{HOME}new/rooms/").text
    assert client.get(f"{HOME}kinds/").status_code == 200


def test_the_board_names_versions_and_each_has_its_price(market, charlie):
    client = browser(charlie)
    kind = {"name_en": "Picture", "process": "purchase", "unit": "item", "place": "none", "variants": "At home\nTo sell with"}
    assert client.post(f"{HOME}kinds/new/", {**kind, "unit": "night"}).status_code == 422, "only pieces come in versions"
    assert client.post(f"{HOME}kinds/new/", kind).status_code == 302
    assert "To sell with" in client.get(f"{HOME}kinds/picture/").text
    page = client.get(f"{HOME}new/picture/").text
    assert 'name="p_at_home"' in page and 'name="price"' not in page
    said = {"title": "Heron", "text": "At dawn", "language": "en", "p_at_home": "5", "p_to_sell_with": ""}
    assert client.post(f"{HOME}new/picture/", said).status_code == 302
    made = Listing.objects.get(title="Heron")
    assert (made.prices, made.price_minor) == ({"at_home": 500}, 500)
    kind["variants"] = "At home\nIn a book"
    assert client.post(f"{HOME}kinds/picture/", kind).status_code == 302
    assert client.post(f"{HOME}{made.pk}/edit/", {**said, "p_in_a_book": "9"}).status_code == 302
    made.refresh_from_db()
    assert made.prices == {"at_home": 500, "in_a_book": 900}
    assert client.post(f"{HOME}{made.pk}/edit/", {**said, "p_at_home": ""}).status_code == 302, "a draft may lack its prices"
    refused = client.post(f"{HOME}{made.pk}/submit/")
    assert refused.status_code == 422 and "Say what it costs." in refused.text


def test_whoever_may_offer_nothing_is_not_led_to_a_page_that_is_not_there(sparkle, alice, bob):
    """At home services the co-op itself says what it offers."""
    mine, new = "/c/sparkle/listings/mine/", 'href="/c/sparkle/listings/new/"'
    assert new in browser(bob).get(mine).text
    page = browser(alice).get(mine).text
    assert new not in page and "its officers put it up" in page


def test_a_degree_is_written_with_a_comma_where_people_write_it_so(market, charlie):
    said = {"title": "Vase", "text": "", "language": "fr", "price": "52", "stock": "1"}
    place = {"latitude": "48,856", "longitude": "−2,352"}
    answer = browser(charlie).post(f"{HOME}new/goods/", {**said, **place}, headers={"accept-language": "es"})
    vase = Listing.objects.get()
    assert answer.status_code == 302 and (str(vase.latitude), str(vase.longitude)) == ("48.85600", "-2.35200")


def test_a_draft_is_thrown_away_and_what_stood_in_the_window_is_not(mug, maker, charlie, alice, at):
    from toadlane.trade.catalog import services

    page, hers = f"{HOME}{mug.pk}/", browser(charlie)
    hers.post(f"{page}pictures/", {"file": photo(), "alt": "A mug"})
    assert "Throw the draft away" in hers.get(page).text
    assert browser(alice).post(f"{page}throw-away/").status_code == 404 and Listing.objects.exists()
    assert "The draft is gone." in hers.post(f"{page}throw-away/", follow=True).text and not Listing.objects.exists()
    run_jobs()
    cup = services.create(kind="goods", said={**MUG, "title": "Cup"}, provider_id=maker.membership_id, by=maker, at=at)
    services.submit(listing=cup, by=maker, at=at)
    assert "Only a draft" in hers.post(f"{HOME}{cup.pk}/throw-away/", follow=True).text and Listing.objects.exists()
    assert "Throw the draft away" not in hers.get(f"{HOME}{cup.pk}/").text


def test_a_draft_is_thrown_away_over_the_api(mug, charlie, alice):
    address = f"/api/v1/coops/wheels/listings/{mug.pk}"
    assert browser(alice).delete(address).status_code == 404
    assert browser(charlie).delete(address).status_code == 204 and not Listing.objects.exists()

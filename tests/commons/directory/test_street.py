import pytest

from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops.models import Coop


@pytest.fixture
def street(sparkle, wheels):
    Coop.objects.filter(pk=sparkle.pk).update(
        sector="home", place="Ardmullen", latitude="53.27", longitude="-9.05", picture="clean"
    )
    Coop.objects.filter(pk=wheels.pk).update(sector="travel", place="Vaudelin")


def test_an_empty_street_invites_to_open_the_first_shop(client, db):
    said = client.get("/").content.decode()
    assert "Nobody trades here yet" in said
    assert "To let" in said


def test_every_shop_stands_on_the_street_with_its_owners_and_what_it_keeps(client, street):
    said = client.get("/").content.decode()
    assert "Sparkle" in said and "Wheels" in said
    assert "2 owners" in said  # Bob and Alice.
    assert "for the platform" in said
    assert "3 members" not in said


def test_a_chip_shows_one_sector_and_the_search_a_name_or_place(client, street):
    assert "Wheels" not in client.get("/?sector=home").content.decode()
    found = client.get("/?q=vaud").content.decode()
    assert 'href="/c/wheels/"' in found and 'href="/c/sparkle/"' not in found
    assert "No shop fits that" in client.get("/?q=nothing-like-it").content.decode()


def test_a_made_up_cursor_is_told_kindly(client, street):
    assert client.get("/?cursor=not-ours").status_code == 400


def test_a_longer_street_does_not_cost_more_statements(client, street, bob, at, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.conftest import OPERATOR
    from toadlane.blueprints import installer

    with CaptureQueriesContext(connection) as short:
        client.get("/")
    for n in range(4):
        installer.found(blueprint="marketplace", name=f"Shop {n}", slug=f"shop-{n}", founder=bob, by=OPERATOR, at=at)
    with django_assert_num_queries(len(short)):
        client.get("/")


def test_a_co_op_has_a_front_of_its_own_with_its_paint_and_the_rule_behind_its_fee(client, sparkle):
    Coop.objects.filter(pk=sparkle.pk).update(
        theme={"paint": ["#1c4b8c", "#a9c8f2"], "evil": "}</style>"}, tagline="Clean & kind"
    )
    answer = client.get("/c/sparkle/")
    said = answer.content.decode()
    assert "--paint:light-dark(#1c4b8c,#a9c8f2)" in said
    assert "evil" not in said
    assert "<h1" in said and "Clean &amp; kind" in said
    assert 'class="decided' in said
    nonce = said.split('<style nonce="')[1].split('"')[0]
    assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]


def test_a_theme_that_is_not_a_color_is_left_out(client, sparkle):
    Coop.objects.filter(pk=sparkle.pk).update(theme={"paint": ["red;} body{display:none", "#fff"]})
    assert "display:none" not in client.get("/c/sparkle/").content.decode()


def test_the_api_lists_co_ops_to_everyone_page_by_page(client, street):
    first = client.get("/api/v1/coops?limit=1").json()
    assert [coop["slug"] for coop in first["items"]] == ["sparkle"]
    second = client.get(f"/api/v1/coops?limit=1&cursor={first['next']}").json()
    assert [coop["slug"] for coop in second["items"]] == ["wheels"]
    assert second["next"] is None


def test_the_api_tells_of_one_co_op_what_its_front_tells(client, street):
    one = client.get("/api/v1/coops/sparkle").json()
    assert (one["members"], one["commission"], one["latitude"]) == (2, "0.05", 53.27)
    assert client.get("/api/v1/coops/nobody").status_code == 404


def test_charlies_co_op_shows_its_own_owners_alone(client, sparkle, wheels):
    with scope(wheels.pk):
        assert "one vote" in client.get("/c/wheels/").content.decode()


def test_a_price_is_worked_out_for_what_was_chosen_and_nothing_is_kept(client, sparkle):
    from toadlane.trade.orders.models import Quote

    small = client.get("/c/sparkle/?size=one&level=once_over").content.decode()
    large = client.get("/c/sparkle/?size=four&level=once_over").content.decode()
    assert "A price, now" in small and "Where your money goes" in small
    assert small.split("You pay")[1][:120] != large.split("You pay")[1][:120]
    assert 'value="four" selected' in large
    with scope(sparkle.pk):
        assert not Quote.objects.exists()


def test_what_is_not_on_the_list_shows_the_commonest_home(client, sparkle):
    assert 'value="two" selected' in client.get("/c/sparkle/?size=castle&level=%00").content.decode()


def test_the_price_list_stands_on_the_front_with_the_decision_behind_it(client, sparkle):
    said = client.get("/c/sparkle/").content.decode()
    assert "What it costs" in said and "An hour of work" in said and "€27" in said


def test_machines_are_told_who_it_is_and_nothing_can_end_the_telling(client, sparkle):
    Coop.objects.filter(pk=sparkle.pk).update(about="</script><b>")
    said = client.get("/c/sparkle/").content.decode()
    assert '"@type": "Organization"' in said
    assert "</script><b>" not in said


def test_what_htmx_fetches_brings_no_paint_of_its_own(client, sparkle):
    Coop.objects.filter(pk=sparkle.pk).update(theme={"paint": ["#1c4b8c", "#a9c8f2"]})
    assert "<style" not in client.get("/c/sparkle/", headers={"HX-Request": "true"}).content.decode()


def test_whoever_works_for_a_member_co_op_and_is_a_member_too_is_drawn_once(inside, alice, at):
    from tests.trade.orders.conftest import join
    from toadlane.commons.directory import queries
    from toadlane.plumbing.access.principals import Principal
    from toadlane.society.members import services as joining

    slate = join(inside, "slate", at)  # One worker, who is no member of Sparkle.
    act = Principal.job(inside.pk, "founder", "board")
    joining.add_worker(membership=slate.membership, name="Alice", person=alice, by=act, at=at)
    houses = {house.name: house.owners for house in queries.owners()}
    assert houses == {"slate": 2, "Worker": 1}, "Alice stands in the house she works in; Bob works in none"
    joining.add_worker(membership=slate.membership, name="Zoe", by=act, at=at)  # Without an account.
    assert queries.shops([inside])[0].owners == sum(house.owners for house in queries.owners()) == 4


def test_the_board_leads_to_booking_where_visits_are_booked_and_to_the_books_whoever_may_read_them(client, sparkle, wheels):
    said = client.get("/c/sparkle/").content.decode()
    assert 'href="/c/sparkle/orders/book/"' in said and 'href="/c/sparkle/books/"' in said
    assert "/orders/book/" not in client.get("/c/wheels/").content.decode()


def test_what_customers_said_stands_on_the_front(client, sparkle, monkeypatch, at):
    from toadlane.commons.directory import queries
    from toadlane.trade.reviews.queries import Summary, Told

    told = Told(1, 5, "Spotless.", "Nuala", at, "A clean", "", "")
    monkeypatch.setattr(queries, "said", lambda: ([told], Summary(count=4, stars=4.8)))
    said = client.get("/c/sparkle/").content.decode()
    assert "Spotless." in said and "4.8" in said and "from 4 reviews" in said


def test_a_co_op_that_writes_its_members_invoices_says_what_it_keeps_of_each(client, bob, at):
    from tests.conftest import OPERATOR
    from toadlane.blueprints import installer

    installer.found(blueprint="freelancers", name="Quill House", slug="quill-house", founder=bob, by=OPERATOR, at=at)
    assert "keeps 6.5% for the platform" in client.get("/").content.decode()
    front = client.get("/c/quill-house/").content.decode()
    assert "6.5%" in front and "of each invoice is kept by the" in front
    assert "of each price is kept" not in front
    assert "Become an owner" in front
    client.force_login(bob)
    assert "Become an owner" not in client.get("/c/quill-house/").content.decode()


def test_what_was_turned_down_was_decided_too(street, alice, at, monkeypatch):
    """The figure counts decisions, not what they changed: a proposal that failed is one, the founding is none."""
    from toadlane.commons.directory import queries
    from toadlane.democracy.proposals.queries import decisions

    assert queries.facts(at=at).decisions == 0
    monkeypatch.setattr(decisions, "every", lambda: Coop.objects.all())
    assert queries.facts(at=at).decisions == 2

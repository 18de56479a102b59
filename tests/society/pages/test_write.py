import pytest
from django.db import IntegrityError, connection

from tests.conftest import browser
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.pages import queries, services
from toadlane.society.pages.models import Page


@pytest.fixture
def written(inside, board, at):
    return services.write(title="Who we are", text="# Us\n\nThree *cleaners*.", place="board", by=board, at=at)


def test_the_board_writes_a_page_and_its_address_is_made_from_the_title(written):
    assert (written.slug, written.number, written.is_up) == ("who-we-are", 1, True)
    assert [version.text for version in queries.versions(written)] == [written.text]


def test_a_member_without_an_office_cannot_write(inside, worker, at):
    with pytest.raises(Refused):
        services.write(title="Mine", text="Mine", by=worker, at=at)


def test_an_address_is_used_once_even_after_its_page_was_taken_down(written, board, at):
    services.take_down(page=written, by=board, at=at)
    with pytest.raises(services.SlugTaken):
        services.write(title="Who we are", text="Again", by=board, at=at)


def test_of_two_who_change_a_page_at_once_the_second_is_told(written, board, at):
    services.rewrite(page=written, title="Who we are", text="First", based_on=1, by=board, at=at)
    with pytest.raises(services.PageChanged):
        services.rewrite(page=written, title="Who we are", text="Second", based_on=1, by=board, at=at)
    services.rewrite(page=written, title="Who we are", text="Second", based_on=2, by=board, at=at)
    assert [version.text for version in queries.versions(written)][:2] == ["Second", "First"]


def test_what_a_page_once_said_cannot_be_rewritten(written):
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE pages_pageversion SET text = 'other'")


def test_a_page_needs_a_title_and_a_text(inside, board, at):
    with pytest.raises(services.TextMissing):
        services.write(title=" ", text="Something", by=board, at=at)


def test_a_page_that_was_taken_down_is_seen_by_the_board_alone(written, board, worker, at):
    services.take_down(page=written, by=board, at=at)
    assert queries.at_slug("who-we-are", by=board)
    assert queries.at_slug("who-we-are", by=worker) is None


def test_charlie_sees_no_page_of_another_co_op_and_cannot_change_one(written, wheels, charlie, at):
    with scope(wheels.pk):
        by = members.principal(person_id=charlie.pk, channel=Channel.WEB)
        assert not Page.objects.exists()
        with pytest.raises(Refused):
            services.rewrite(page=written, title="Ha", text="Ha", based_on=1, by=by, at=at)


def test_anyone_reads_a_page_without_signing_in(client, written):
    said = client.get("/c/sparkle/pages/who-we-are/")
    assert said.status_code == 200
    assert b"<em>cleaners</em>" in said.content
    assert b">Us</h2>" in said.content  # A page has one h1, its title.
    assert client.get("/c/wheels/pages/who-we-are/").status_code == 404


def test_a_page_on_the_board_is_linked_from_every_page(client, written):
    assert b'href="/c/sparkle/pages/who-we-are/"' in client.get("/c/sparkle/pages/").content


def test_looking_first_saves_nothing_and_keeps_what_was_typed(inside, bob):
    typed = {"title": "Prices", "text": "*All* of them", "place": "nowhere", "position": "50", "preview": "1"}
    said = browser(bob).post("/c/sparkle/pages/-/new/", typed)
    assert b"<em>All</em>" in said.content
    assert b"*All* of them" in said.content
    assert not Page.objects.exists()


def test_writing_in_the_browser_ends_on_the_page(inside, bob):
    typed = {"title": "Prices", "text": "All of them", "place": "foot", "position": "50"}
    said = browser(bob).post("/c/sparkle/pages/-/new/", typed, follow=True)
    assert said.redirect_chain == [("/c/sparkle/pages/prices/", 302)]
    assert b"The page is up." in said.content


def test_a_faulty_page_comes_back_with_a_summary_that_links_to_the_field(inside, bob):
    said = browser(bob).post("/c/sparkle/pages/-/new/", {"title": "", "text": "Kept", "place": "foot", "position": "50"})
    assert said.status_code == 422
    assert b'href="#id_title"' in said.content
    assert b"Kept" in said.content


def test_the_same_by_the_api(inside, bob):
    sent = browser(bob)
    made = sent.post("/api/v1/coops/sparkle/pages", {"title": "Prices", "text": "**All**"}, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["html"] == '<p dir="auto"><strong>All</strong></p>\n'
    again = {"title": "Prices", "text": "None", "based_on": 7}
    refused = sent.put("/api/v1/coops/sparkle/pages/prices", again, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "page_changed")


def test_a_script_in_a_page_does_not_come_through(client, inside, board, at):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://elsewhere.test/p.png)"
    services.write(title="Bad", text=text, by=board, at=at)
    body = client.get("/c/sparkle/pages/bad/").content.split(b"<main")[1]
    assert b"<script" not in body
    assert b"javascript:" not in body.replace(b"[x](javascript:alert(1))", b"")
    assert b"<img" not in body


def test_the_list_costs_the_same_however_long(client, inside, board, at, django_assert_max_num_queries):
    for n in range(12):
        services.write(title=f"Page {n}", text="Text", by=board, at=at)
    with django_assert_max_num_queries(6):
        client.get("/c/sparkle/pages/")


def test_a_visitor_may_read_but_not_write(inside, at):
    visitor = Principal(coop_id=inside.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.write(title="Mine", text="Mine", by=visitor, at=at)


def test_a_link_leads_to_the_same_place_from_an_old_version_and_from_the_preview(client, written, board, at):
    services.rewrite(page=written, title="Who we are", text="See [how](../../rules/).", based_on=1, by=board, at=at)
    assert 'href="/c/sparkle/rules/"' in client.get("/c/sparkle/pages/who-we-are/versions/?version=2").content.decode()

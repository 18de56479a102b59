"""The demo is made by the services people use, and every desk of it has something to do."""

import pytest


@pytest.fixture
def found(server):
    """What the town's builder counted when it was done."""
    return server.town["found"]


COOPS = ("bright-early", "kiln-lane", "lending-shed")


@pytest.mark.parametrize("slug", COOPS)
def test_each_desk_has_something_to_do(found, slug):
    there = found[slug]
    assert there["applications"] and there["reports"] == ["open"]
    assert there["complaints"] == ["answered", "open"], "one for the other side, one for the mediator"
    waits = {"bright-early": "offered", "kiln-lane": "paid", "lending-shed": "requested"}[slug]
    assert there["states"][waits] and (slug != "bright-early" or there["offered"])


@pytest.mark.parametrize("slug", COOPS)
def test_money_has_gone_back_in_part_and_the_invoice_says_so(found, slug):
    assert found[slug]["refunded_in_part"] == 1
    assert found[slug]["invoices"]["380"] > found[slug]["invoices"]["381"] > 0


@pytest.mark.parametrize("slug", COOPS)
def test_both_sides_have_reviewed_and_nobody_read_first(found, slug):
    assert found[slug]["sides"] == ["customer", "provider"] and found[slug]["answers"]
    assert found[slug]["read_too_early"] == 0


@pytest.mark.parametrize("slug", COOPS)
def test_members_talk_and_the_foot_links_what_people_ask_for(found, slug):
    assert "discussion" in found[slug]["stages"]
    assert found[slug]["pages"] == ["foot"] * 3


def test_a_worker_holds_what_two_clients_paid_and_asked_for_half_a_day(found):
    assert found["bright-early"]["credits"] == [[75, 15]]


def test_no_job_was_given_up_and_none_is_left(found):
    assert (found["failed"], found["waiting"]) == (0, 0)


@pytest.mark.parametrize("slug", COOPS)
def test_what_has_to_be_true_is(found, slug):
    assert found[slug]["untrue"] == {}


@pytest.mark.parametrize("slug", COOPS)
def test_other_bookkeepers_read_the_books_without_a_complaint(found, slug):
    said = found[slug]["bookkeepers"]
    assert int(said.pop("entries")) > 20 and set(said.values()) == {""}, said

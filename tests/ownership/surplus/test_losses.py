"""The reserve carries the co-op through a bad year: a loss is covered out of it when the members say so, and once."""

from datetime import date

import pytest

from tests.conftest import browser
from toadlane.democracy.proposals.models import Proposal
from toadlane.money.ledger import queries as books
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.society.bylaws import queries as bylaws


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


@pytest.fixture
def lost(set_rules, member, earn, at, act, later, board):
    """A good year puts 20.00 into the reserve; the next one loses 50.00."""
    set_rules({"surplus.bases": [{"class": "", "basis": "equal"}], "surplus.education_fund": "0"})
    member("Dana")
    earn(10_000)
    earn(-5_000, at.replace(year=2028, month=2))
    now = later.replace(year=2029)
    for year in (2027, 2028):
        one = services.work_out(name=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), by=board, at=now)
        one = services.put_to_members(year=one, by=board, at=now)
        payload = {"year": one.name, "hash": one.hash}
        handlers.enact(payload=payload, decision=f"2029-{year}", passed_by="simple", by=act, at=now)
    assert (queries.loss("EUR").minor, books.balance("3100", "EUR").minor) == (5_000, -2_000)
    return now


def cover(minor, act, at, decision="2029-9"):
    handlers.enact_loss(payload={"amount_minor": minor}, decision=decision, passed_by="simple", by=act, at=at)


def test_it_is_covered_once_and_the_next_year_covers_the_rest(lost, act, board, earn):
    for _ in range(2):
        cover(2_000, act, lost)
    assert (queries.loss("EUR").minor, books.balance("3100", "EUR").minor) == (3_000, 0)
    assert books.checks()["ledger.restricted_funds"]().faults == [] and queries.years_hold().faults == []
    earn(4_000, lost.replace(month=2))
    found = services.work_out(
        name="2029", starts_on=date(2029, 1, 1), ends_on=date(2029, 12, 31), by=board, at=lost.replace(year=2030)
    )
    assert (found.result["losses_covered"], found.result["base"]) == (3_000, 1_000)


def test_what_is_covered_late_is_still_of_the_year_it_was_lost_in(lost, act, board, earn):
    earn(4_000, lost.replace(month=2))
    late = lost.replace(year=2030)
    cover(2_000, act, late)
    found = services.work_out(name="2029", starts_on=date(2029, 1, 1), ends_on=date(2029, 12, 31), by=board, at=late)
    assert found.result["losses_covered"] == 3_000, "though it was entered after that year"


@pytest.mark.parametrize(("minor", "code"), [(0, "NoSuchLoss"), (5_001, "NoSuchLoss"), (2_001, "ReserveShort"), (2_000, "")])
def test_no_more_than_was_lost_and_no_more_than_there_is(lost, act, board, minor, code):
    faults = [one.code for one in handlers.check_loss({"amount_minor": minor}, bylaws.book(), lost)]
    assert faults == ([code] if code else [])
    if code:
        with pytest.raises((services.NoSuchLoss, services.ReserveShort)):
            services.propose_cover(amount_minor=minor, by=board, at=lost)


def test_the_office_proposes_it_and_nobody_books_it_by_hand(lost, board, worker, bob, alice, charlie):
    with pytest.raises(Refused):
        services.cover(amount_minor=1, decision="x", by=board, at=lost)
    with pytest.raises(Refused):
        services.propose_cover(amount_minor=1, by=worker, at=lost)
    assert "€50.00" in browser(alice).get("/c/sparkle/surplus/").content.decode()
    assert browser(bob).post("/c/sparkle/surplus/losses/", {"amount_minor": "20.01"}).status_code == 422
    assert browser(bob).post("/c/sparkle/surplus/losses/", {"amount_minor": "20.00"}).status_code == 302
    assert Proposal.objects.latest("pk").contents == [{"kind": "loss", "payload": {"amount_minor": 2_000}}]
    assert handlers.describe_loss({"amount_minor": 2_000}, "en") == [
        "€20.00 of the losses of closed years are covered out of the reserve."
    ]
    assert browser(alice).get("/api/v1/coops/sparkle/surplus/repayments").json()["loss_minor"] == 5_000
    assert browser(charlie).post("/c/sparkle/surplus/losses/", {"amount_minor": "1"}).status_code in (403, 404)

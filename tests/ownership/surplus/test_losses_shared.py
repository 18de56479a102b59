"""A loss shared out as bylaws and law say: the reserve, members by what they did, nobody more than stands on their account."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import browser
from toadlane.democracy.proposals.models import Proposal
from toadlane.money.ledger import queries as books
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.ownership.surplus.models import Imputation
from toadlane.ownership.surplus.policies import losses
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.messaging.models import Announcement

# 100.00 earned in 2027: 20.00 to the reserve, the rest left in the accounts of four members, 20.00 each.
EARNED, RESERVE, EACH = 10_000, 2_000, 2_000


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


@pytest.fixture
def close(act, board, later):
    def go(year, at):
        one = services.work_out(name=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), by=board, at=at)
        services.put_to_members(year=one, by=board, at=at)
        handlers.enact(payload={"year": one.name, "hash": one.hash}, decision=f"d-{year}", passed_by="simple", by=act, at=at)
        return one

    return go


@pytest.fixture
def lose(set_rules, member, earn, at, later, close):
    """A good year that members left in their accounts, then one that loses as much as is said; return who they are, and when."""

    def go(minor, how="reserve", **more):
        set_rules({
            "surplus.bases": [{"class": "", "basis": "equal"}], "surplus.education_fund": "0", "surplus.cash_share": "0",
            "surplus.losses": how, **more,
        })  # fmt: skip
        people = [member(name)[0] for name in ("Dana", "Eli")]
        earn(EARNED)
        earn(-minor, at.replace(year=2028, month=2))
        now = later.replace(year=2029)
        close(2027, now)
        close(2028, now)
        return people, now

    return go


def share_out(board, act, at, decision="d-loss"):
    made = services.propose_imputation(name="2028", by=board, at=at)
    payload = {"loss": made.pk, "hash": made.hash}
    assert handlers.check_loss_shares(payload, bylaws.book(), at) == []
    for _ in range(2):
        handlers.enact_loss_shares(payload=payload, decision=decision, passed_by="simple", by=act, at=at)
    return queries.imputation(made.pk)


def standing():
    accounts = sorted(-row.minor for row in books.holders("3200", "EUR") if row.minor)
    return -books.balance("3100", "EUR").minor, accounts, queries.loss("EUR").minor


def holds():
    checks = (queries.years_hold, queries.layers_hold, queries.losses_hold, books.checks()["ledger.restricted_funds"])
    return [fault for check in checks for fault in check().faults]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "share", "lost", "reserve", "each", "left"),
    [
        ("reserve", "0.50", 5_000, 0, EACH, 3_000),
        ("reserve_first", "0.50", 1_999, 1, EACH, 0),
        ("reserve_first", "0.50", 2_000, 0, EACH, 0),
        ("reserve_first", "0.50", 2_004, 0, EACH - 1, 0),
        ("reserve_first", "0.50", 10_000, 0, 0, 0),
        ("reserve_first", "0.50", 10_001, 0, 0, 1),
        ("split", "0.50", 4_000, 0, 1_500, 0),
        ("split", "0.50", 4_008, 0, 1_499, 4),
        ("split", "1", 4_000, RESERVE, 1_000, 0),
        ("split", "0", 4_000, 0, EACH, 2_000),
    ],
)
def test_a_loss_is_borne_as_the_bylaws_say_and_no_account_goes_below_nothing(
    lose, board, act, how, share, lost, reserve, each, left
):
    """The members' part of 4.00, the reserve's 2.00, and what is left is carried: each on both sides of its edge."""
    _people, now = lose(lost, how, **{"surplus.losses_members": share})
    made = share_out(board, act, now)
    assert standing() == (reserve, [each] * 4 if each else [], left)
    assert made.carried.minor == left and made.amount_minor == lost and holds() == []


@pytest.mark.django_db
def test_it_is_done_once_and_the_next_surplus_covers_the_rest_first(lose, board, act, earn, close):
    _people, now = lose(10_500, "reserve_first")
    share_out(board, act, now)
    with pytest.raises(services.NoLossLeft):
        services.propose_imputation(name="2028", by=board, at=now)
    earn(1_500, now.replace(month=2))
    year = close(2029, now.replace(year=2030))
    assert (year.result["losses_covered"], year.result["base"]) == (500, 1_000) and holds() == []


@pytest.mark.django_db
def test_what_changed_between_proposal_and_decision_stops_it(lose, board, act):
    _people, now = lose(3_000, "reserve_first")
    made = services.propose_imputation(name="2028", by=board, at=now)
    services.cover(amount_minor=500, decision="d-cover", by=act, at=now)
    proposed = {"loss": made.pk, "hash": made.hash}
    assert [one.code for one in handlers.check_loss_shares(proposed, bylaws.book(), now)] == ["changed"]
    with pytest.raises(services.Changed):
        services.impute(pk=made.pk, digest=made.hash, decision="d-loss", by=act, at=now)
    assert share_out(board, act, now).amount_minor == 2_500 and holds() == []
    for payload in ({}, {"loss": True}, {"loss": 10**6, "hash": made.hash}):
        assert handlers.check_loss_shares(payload, bylaws.book(), now)


@pytest.mark.django_db
def test_the_database_keeps_what_was_decided_and_one_decision_a_year(lose, board, act):
    _people, now = lose(3_000, "reserve_first")
    made = share_out(board, act, now)
    rows = Imputation.objects.filter(pk=made.pk)
    for deed in (lambda: rows.update(reserve_minor=0), lambda: rows.update(booked_at=None), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    again = {name: getattr(made, name) for name in ("year", "amount_minor", "reserve_minor", "parts", "layers", "terms", "hash")}
    about = {"bylaws_version": 1, "worked_out_at": now, "worked_out_by": "x", "decision": "d-2", "booked_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Imputation.objects.create(**again, **about)


@pytest.mark.django_db
def test_what_is_left_of_the_oldest_year_goes_first_and_what_goes_back_later_is_the_rest(lose, board, act, earn, close, at):
    _people, now = lose(4_000, "reserve_first")
    share_out(board, act, now)
    assert [(one.year.name, one.total.minor) for one in queries.layers("EUR")] == [("2027", 6_000)]
    services.repay(name="2027", amount_minor=6_000, decision="d-back", by=act, at=now)
    assert standing()[1] == [] and holds() == []


@pytest.mark.django_db
def test_members_read_it_and_each_has_a_statement(lose, board, act, bob, alice, charlie):
    people, now = lose(4_000, "reserve_first")
    assert browser(alice).post("/c/sparkle/surplus/losses/shares/", {"name": "2028"}).status_code == 403
    assert browser(charlie).post("/c/sparkle/surplus/losses/shares/", {"name": "2028"}).status_code in (403, 404)
    with pytest.raises(Refused):
        services.impute(pk=1, digest="x", decision="x", by=board, at=now)
    assert "Share the loss of 2028 out" in browser(bob).get("/c/sparkle/surplus/").content.decode()
    assert browser(bob).post("/c/sparkle/surplus/losses/shares/", {"name": "2028"}).status_code == 302
    content = Proposal.objects.latest("pk").contents[0]
    said = handlers.describe_loss_shares(content["payload"], "en")
    assert said[:2] == ["€40.00 of the loss of 2028 are shared out.", "The reserve bears €20.00."]
    handlers.enact_loss_shares(payload=content["payload"], decision="d-1", passed_by="simple", by=act, at=now)
    assert Announcement.objects.filter(key="year:2028:loss").count() == 1
    person = people[0].person
    told = browser(person).get(f"/api/v1/coops/sparkle/surplus/years/2028/statements/{people[0].pk}").json()
    assert (told["loss_minor"], told["refund_minor"]) == (500, 0)
    assert browser(person).get(f"/c/sparkle/surplus/2028/statements/{people[0].pk}.pdf").content.startswith(b"%PDF")
    assert "€5.00" in browser(person).get("/c/sparkle/surplus/2028/").content.decode()
    rows = list(csv.DictReader(io.StringIO(browser(bob).get("/c/sparkle/surplus/2028/statements.csv").content.decode())))
    assert [row["loss"] for row in rows] == ["5.00"] * 4
    again = browser(bob).post("/api/v1/coops/sparkle/surplus/losses/shares", {"year": "2028"}, "application/json")
    assert (again.status_code, again.json()["code"]) == (422, "no_loss_left")


@pytest.fixture
def spanish(monkeypatch):
    """The law of Spain on losses, in a co-op of the tests' own form."""
    law, real = packs.load("es-27-1999").losses, packs.load
    monkeypatch.setattr(packs, "load", lambda pack: replace(real(pack), losses=law))


@pytest.mark.django_db
def test_by_spanish_law_the_reserve_bears_no_larger_part_than_it_usually_gets(spanish, lose, board, act):
    """It got a fifth of the one surplus of five years: of 50.00 it bears 10.00, though it holds 20.00."""
    _people, now = lose(5_000, "reserve_first")
    faults = [one.code for one in handlers.check_loss({"amount_minor": 1_001}, bylaws.book(), now)]
    assert faults == ["BeyondTheLaw"] and handlers.check_loss({"amount_minor": 1_000}, bylaws.book(), now) == []
    made = share_out(board, act, now)
    assert standing() == (1_000, [1_000] * 4, 0)
    assert made.terms["law"] == "Ley 27/1999, art. 59" and holds() == []
    assert "The law limits what the reserve may bear: Ley 27/1999, art. 59." in handlers.describe_loss_shares(
        {"loss": made.pk}, "en"
    )


@pytest.mark.django_db
def test_what_the_reserve_has_borne_already_counts_against_its_part(spanish, lose, board, act):
    _people, now = lose(5_000, "reserve")
    services.cover(amount_minor=1_000, decision="d-1", by=act, at=now)
    assert [one.code for one in handlers.check_loss({"amount_minor": 1}, bylaws.book(), now)] == ["BeyondTheLaw"]
    with pytest.raises(services.NobodyBears):
        services.propose_imputation(name="2028", by=board, at=now)


AMOUNTS = st.integers(0, 10**12)


@given(
    AMOUNTS, st.sampled_from(["reserve", "reserve_first", "split"]), st.fractions(0, 1, max_denominator=100), AMOUNTS,
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 100)), st.dictionaries(st.sampled_from("abcdef"), AMOUNTS),
)  # fmt: skip
def test_whatever_the_loss_it_is_borne_whole_and_by_nobody_beyond_what_they_have(lost, how, share, reserve, did, accounts):
    found = losses.impute(loss=lost, how=how, members_share=share, reserve=reserve, done={"": did}, weights={}, accounts=accounts)
    assert found.reserve + sum(found.members.values()) + found.carried == lost
    assert 0 <= found.reserve <= reserve and found.carried >= 0
    assert all(0 < part <= accounts[name] and did[name] for name, part in found.members.items())
    assert how != "reserve" or not found.members

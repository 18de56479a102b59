"""A year's surplus: from the books, by the rules, decided by the members, to the cent."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.money.payments.cards import euro
from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Payout
from toadlane.money.payments.services import by_hand
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.ownership.surplus.models import Year
from toadlane.ownership.surplus.policies.closing import Closed, Facts, Terms, close
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.society.bylaws import queries as bylaws

PLAIN = Terms(may_distribute=True, reserve="0.20", education="0.05", interest="0", cash="1", least_payout=0)


def facts(result, patronage=None, **more):
    about = {"losses_bf": 0, "tax": 0, "member_business": 1, "nonmember_business": 0, "capital": {}}
    return Facts(**{"result": result, "patronage": patronage or {"": {"1": 3, "2": 1}}, **about, **more})


def test_artists_staff_and_founders_share_as_their_bylaws_say():
    """Five per cent equally, five by years of service, ninety by royalties; every class to the cent."""
    done = {
        "founder": {"a1": 1, "a2": 1},
        "staff": {"b1": 1, "b2": 1, "b3": 2, "b4": 4},
        "artist": {"c1": 50, "c2": 30, "c3": 20},
    }
    terms = replace(PLAIN, reserve="0", education="0", weights={"founder": 5, "staff": 5, "artist": 90})
    found = close(facts(10_000_000, done), terms)
    assert [found.members[name] for name in ("a1", "a2")] == [250_000, 250_000]
    assert [found.members[name] for name in ("b1", "b2", "b3", "b4")] == [62_500, 62_500, 125_000, 250_000]
    assert [found.members[name] for name in ("c1", "c2", "c3")] == [4_500_000, 2_700_000, 1_800_000]
    assert sum(found.members.values()) == 10_000_000


def test_points_divide_a_small_surplus():
    found = close(facts(50_000, {"": {"a": 120, "b": 60, "c": 20}}), replace(PLAIN, reserve="0", education="0"))
    assert found.members == {"a": 30_000, "b": 15_000, "c": 5_000}


def test_a_loss_gives_nothing_and_is_carried_forward_and_covered_first():
    lost = close(facts(-10_000, losses_bf=5_000), PLAIN)
    assert (lost.base, lost.losses_cf, sum(lost.members.values())) == (0, 15_000, 0)
    won = close(facts(20_000, losses_bf=15_000), PLAIN)
    assert (won.base, won.losses_covered, won.losses_cf, won.reserve, won.education) == (5_000, 15_000, 0, 1_000, 250)


def test_business_with_others_stays_with_the_co_op():
    found = close(facts(10_000, member_business=3, nonmember_business=1), replace(PLAIN, reserve="0", education="0"))
    assert (found.nonpatronage, sum(found.members.values())) == (2_500, 7_500)


def test_where_distribution_is_forbidden_everything_stays():
    found = close(facts(10_000, capital={"1": 5_000}), replace(PLAIN, may_distribute=False, interest="0.05"))
    assert (found.members, found.interest, found.to_reserve + found.education) == ({}, {}, 10_000)


def test_interest_is_capped_by_what_there_is():
    terms = replace(PLAIN, reserve="0", education="0", interest="0.10")
    assert sum(close(facts(1_000, capital={"1": 75_000, "2": 25_000}), terms).interest.values()) == 1_000
    assert close(facts(50_000, capital={"1": 75_001, "2": 24_999}), terms).interest == {"1": 7_500, "2": 2_500}


def test_small_parts_are_credited_and_not_paid():
    found = close(facts(1_000, {"": {"a": 9, "b": 1}}), replace(PLAIN, reserve="0", education="0", least_payout=101))
    assert (found.cash, found.retained) == ({"a": 900}, {"b": 100})


@pytest.fixture
def shared(set_rules):
    set_rules({"surplus.bases": [{"class": "worker", "basis": "contributions"}]})


@pytest.fixture
def give(at, board):
    def go(who, amount):
        claim = services.claim(
            membership=who[0], activity="Phones", amount=Decimal(amount), done_on=at.date() + timedelta(days=9), by=who[1], at=at
        )
        return services.approve_claim(claim=claim, by=board, at=at)

    return go


@pytest.fixture
def booked(shared, member, give, earn, work_out, board, later, inside):
    dana, eli = member("Dana"), member("Eli")
    give(dana, "6"), give(eli, "2.5")
    earn(100_000)
    earn(-15_000)
    year = services.put_to_members(year=work_out(tax_minor=1_000), by=board, at=later)
    act = Principal.job(inside.pk, "enactment")
    for _ in range(2):
        handlers.enact(payload={"year": "2027", "hash": year.hash}, decision="2028-1", passed_by="simple", by=act, at=later)
    return dana, eli, queries.year("2027")


def test_from_the_books_to_the_members_and_the_year_is_closed(booked):
    dana, eli, year = booked
    closed = Closed(**year.result)
    # 850.00 less 20 % and 5 %, rounded up, and 10.00 tax: 627.50 to share by 6 and 2.5 hours.
    assert (closed.reserve, closed.education, closed.tax, closed.pool) == (17_000, 4_250, 1_000, 62_750)
    parts = {who[0].pk: closed.members[str(who[0].pk)] for who in (dana, eli)}
    assert list(parts.values()) == [44_294, 18_456]
    for code, minor in (("4100", 0), ("6100", 0), ("3900", 0), ("3100", -17_000), ("2150", -4_250), ("2340", -1_000)):
        assert books.balance(code, "EUR") == Money(minor, "EUR"), code
    assert books.balance("2410", "EUR", dana[0].holder) == euro(-44_294)
    assert queries.years_hold().faults == [] and books.checks()["ledger.zero_sums"]().faults == []


def test_what_is_paid_in_money_goes_out_with_all_payouts_and_is_seen_by_two(booked, board, second, job, later):
    dana, eli, _year = booked
    assert services.hand_over(by=job, at=later) == 1 and services.hand_over(by=job, at=later) == 0
    waiting = list(payments.payouts().order_by("holder"))
    assert {one.holder: one.amount_minor for one in waiting} == {dana[0].holder: 44_294, eli[0].holder: 18_456}
    assert {(one.code, one.subject, one.provider) for one in waiting} == {("2410", "year:2027", "manual")}
    assert payments.owed(later) == [], "it is not what orders brought"
    for one in waiting:
        by_hand.record_sent(errand=one, by=board, at=later)
        with pytest.raises(by_hand.SecondPersonNeeded):
            by_hand.confirm_sent(errand=one, by=board, at=later)
    by_hand.confirm_sent(errand=waiting[0], by=second, at=later)
    services.note_paid(by=job, at=later)
    assert queries.year("2027").paid_at is None, "one of them still waits"
    by_hand.confirm_sent(errand=waiting[1], by=second, at=later + timedelta(hours=1))
    for _ in range(2):
        services.note_paid(by=job, at=later)
    assert queries.year("2027").paid_at == later + timedelta(hours=1)
    assert books.balance("2410", "EUR") == euro(0) and books.balance("1000", "EUR") == euro(85_000 - 44_294 - 18_456)


def test_what_a_payout_is_of_cannot_be_changed(booked, job, later):
    services.hand_over(by=job, at=later)
    for change in ({"code": "2400"}, {"subject": "year:2026"}, {"amount_minor": 1}, {"holder": "membership:0"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payout.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payout.objects.create(
            id=ids.new(), key="x", holder="membership:1", code="3000", subject="x", currency="EUR", amount_minor=1,
            provider="manual", asked_at=later,
        )  # fmt: skip


def test_what_was_worked_out_twice_is_the_same_to_the_byte(shared, member, earn, work_out):
    member("Dana")
    earn(100_000)
    assert work_out().hash == work_out().hash and Year.objects.count() == 1


def test_what_was_kept_comes_to_the_same_again_though_the_database_keeps_names_as_it_likes(shared, member, give, earn, work_out):
    """Seven equal members share what seven do not divide: who gets the odd cents is said by the register, and stays said."""
    people = [member(name) for name in ("Dana", "Eli", "Fay", "Gus", "Hal", "Ina", "Jo")]
    for who in people:
        give(who, "2")
    # The register has them in another order than their rows were made in.
    for number, (membership, _by) in zip(range(907, 900, -1), people, strict=True):
        type(membership).objects.filter(pk=membership.pk).update(number=number)
    earn(100_001)
    work_out()
    year = Year.objects.get()
    assert len(set(year.result["members"].values())) > 1, "a cent is odd"
    assert close(queries.read_facts(year.facts), queries.read_terms(year.terms)).as_json() == year.result
    assert queries.years_hold().faults == []


def test_a_year_put_to_the_members_does_not_change(shared, member, earn, work_out, board, later):
    earn(100_000)
    year = services.put_to_members(year=work_out(), by=board, at=later)
    with pytest.raises(services.WrongMoment):
        work_out(tax_minor=5)
    for change in ({"hash": "0" * 64}, {"tax_minor": 5}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Year.objects.filter(pk=year.pk).update(**change)
    Year.objects.filter(pk=year.pk).update(result={**year.result, "reserve": 0})
    assert queries.years_hold().faults
    codes = [fault.code for fault in handlers.check({"year": "2027", "hash": year.hash}, bylaws.book(), later)]
    assert codes == ["changed"]


def test_a_year_that_is_not_over_cannot_be_closed(inside, board, at):
    with pytest.raises(services.NotOver):
        services.work_out(name="2027", starts_on=at.date(), ends_on=at.date(), by=board, at=at)


def test_a_year_ends_after_it_begins(inside, board, at):
    last = at.date() - timedelta(days=30)
    with pytest.raises(services.EndsTooEarly):
        services.work_out(name="2026", starts_on=last, ends_on=last, by=board, at=at)
    assert services.work_out(name="2026", starts_on=last - timedelta(days=1), ends_on=last, by=board, at=at).pk


def test_nobody_books_by_hand_and_workers_work_out_nothing(booked, board, worker, later):
    with pytest.raises(Refused):
        services.book(name="2027", digest=booked[2].hash, decision="x", by=board, at=later)
    with pytest.raises(Refused):
        services.work_out(name="2026", starts_on=later.date(), ends_on=later.date(), by=worker, at=later)


def test_where_the_bylaws_forbid_it_no_member_gets_anything(shared, set_rules, member, give, earn, work_out):
    give(member("Dana"), "6")
    earn(100_000)
    set_rules({"surplus.distribution": False})
    assert sum(work_out().result["members"].values()) == 0


def test_a_class_that_is_measured_otherwise_claims_nothing(set_rules, member, at):
    set_rules({"surplus.bases": [{"class": "co_op", "basis": "contributions"}]})
    dana, by = member("Dana")
    with pytest.raises(services.claiming.NotForThisClass):
        services.claim(membership=dana, activity="Phones", amount=Decimal(6), done_on=at.date(), by=by, at=at)


def test_nobody_approves_their_own_hours_and_a_refusal_has_a_reason(shared, member, bob, board, at):
    from toadlane.society.members.queries import of_person

    own = of_person(bob.pk).get()
    claim = services.claim(membership=own, activity="Phones", amount=Decimal(6), done_on=at.date(), by=board, at=at)
    with pytest.raises(Refused):
        services.approve_claim(claim=claim, by=board, at=at)
    dana, by = member("Dana")
    other = services.claim(membership=dana, activity="Phones", amount=Decimal(6), done_on=at.date(), by=by, at=at)
    with pytest.raises(services.ReasonNeeded):
        services.decline_claim(claim=other, reason=" ", by=board, at=at)
    assert services.decline_claim(claim=other, reason="It was five.", by=board, at=at).state == "declined"
    with pytest.raises(services.claiming.Judged):
        services.approve_claim(claim=other, by=board, at=at)


def test_the_pages_show_a_member_their_part(booked, sparkle, bob, alice, charlie):
    page = browser(booked[0][0].person).get("/c/sparkle/surplus/2027/").content.decode()
    assert "€442.94" in page and "€850.00" in page
    assert browser(alice).get("/c/sparkle/surplus/claims/").status_code == 200
    wrong = {"name": "2026", "starts_on": "2026-01-01", "ends_on": "2026-01-01", "tax_minor": "-1"}
    assert "A tax is not below nothing" in browser(bob).post("/c/sparkle/surplus/", wrong).content.decode()
    said = browser(bob).post("/c/sparkle/surplus/", wrong | {"tax_minor": "a lot"})
    assert said.status_code == 422 and "146.42" in said.content.decode() and 'value="a lot"' in said.content.decode()
    shown = browser(bob).get("/c/sparkle/surplus/").content.decode()
    for told in ('value="2028"', 'value="2028-01-01"', 'value="2028-12-31"'):
        assert told in shown, "the year that follows is written already"
    for path in ("", "2027/", "claims/"):
        assert browser(charlie).get(f"/c/sparkle/surplus/{path}").status_code in (403, 404)
    told = browser(alice).get("/api/v1/coops/sparkle/surplus/years/2027").json()
    assert told["decision"] == "2028-1" and told["result"]["pool"] == 62_750

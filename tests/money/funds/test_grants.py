"""Funds with purposes of their own: a share of revenue, grants to members by vote, and courses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.money.funds.conftest import euro, rule, spend
from toadlane.money.funds import handlers, queries, services
from toadlane.money.funds.models import Approval
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as deciding
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.members import queries as members

pytestmark = pytest.mark.django_db
APRIL = datetime(2027, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def timer(inside):
    return Principal.job(inside.pk)


@pytest.fixture
def earn(timer):
    """The co-op earns something, or gives it back."""

    def go(minor, when, code="4100"):
        amount = euro(abs(minor))
        legs = [ledger.debit("1000", amount), ledger.credit(code, amount)]
        if minor < 0:
            legs = [ledger.debit(code, amount), ledger.credit("1000", amount)]
        ledger.post(key=f"e:{when}:{minor}:{code}", narration="Earned", postings=legs, by=timer, at=when)

    return go


def test_a_thousand_of_revenue_feeds_the_solidarity_fund_with_twenty_five(earn, timer, at):
    rule(funds__solidarity="0.025")
    earn(110_000, at)
    earn(-10_000, at, code="4190")
    earn(5_000, at - timedelta(days=10))
    earn(7_000, APRIL)
    assert queries.earned("EUR", date(2027, 3, 1)) == euro(100_000)
    [made] = services.feed(by=timer, at=APRIL)
    assert books.balance("2152", "EUR") == euro(-2_500) and books.balance("6410", "EUR") == euro(2_500)
    assert {(p.rule, p.rule_version) for p in made.postings.all()} == {("funds.solidarity", 2)}
    earn(100_000, at + timedelta(days=1))
    assert services.feed(by=timer, at=APRIL + timedelta(days=3)) == [], "a month is fed from once"
    assert books.balance("2154", "EUR").minor == 0


def test_the_education_fund_beside_it_and_nothing_where_nothing_was_decided(earn, timer, at):
    earn(100_000, at)
    assert services.feed(by=timer, at=APRIL) == []
    rule(funds__education="0.01")
    services.feed(by=timer, at=APRIL)
    assert books.balance("2154", "EUR") == euro(-1_000) and books.balance("2152", "EUR").minor == 0


def test_a_month_that_lost_money_feeds_no_fund(earn, timer, at):
    rule(funds__solidarity="0.025")
    earn(-10_000, at, code="4190")
    assert services.feed(by=timer, at=APRIL) == []


def test_months_that_were_missed_are_caught_up_once_each_in_order_by_the_share_of_their_time(earn, timer, at):
    """The server stood still from March to June; in May the members decided on another share."""
    rule(funds__solidarity="0.025")
    earn(100_000, at)
    earn(-20_000, APRIL)
    earn(40_000, APRIL + timedelta(days=35))
    earn(10_000, APRIL + timedelta(days=65))
    last = BylawsVersion.objects.order_by("-number")[0]
    document = {**last.document, "rules": {**last.document["rules"]}}
    document["rules"]["funds.solidarity"] = {**document["rules"]["funds.solidarity"], "value": "0.05"}
    in_may = {"decision": "may", "at": APRIL + timedelta(days=40), "previous": last}
    deciding._append(document=document, changed=["funds.solidarity"], **in_may)
    july = datetime(2027, 7, 2, tzinfo=UTC)
    made = services.feed(by=timer, at=july)
    # March by 2.5 %; April lost money; May and June by 5 %.
    assert [entry.key.rpartition(":")[2] for entry in made] == ["2027-03", "2027-05", "2027-06"]
    assert [-entry.postings.get(account__code="2152").minor for entry in made] == [2_500, 2_000, 500]
    earn(50_000, APRIL + timedelta(days=1))
    assert services.feed(by=timer, at=july + timedelta(hours=6)) == [], "what is over is over"


def test_only_the_timer_feeds(worker, inside):
    with pytest.raises(Refused):
        services.feed(by=worker, at=APRIL)


def fill(code, timer, at, minor=100_000):
    ledger.post(
        key=f"fill:{code}", narration="A gift", by=timer, at=at,
        postings=[ledger.debit("1000", euro(minor)), ledger.credit(code, euro(minor))],
    )  # fmt: skip


def faults(at, **more):
    payload = spend(**{"source": "2150", "purpose": "A garden"} | more)["payload"]
    return [one.code for one in handlers.check(payload, bylaws.book(), at)]


def test_a_member_has_one_grant_in_a_calendar_year(inside, worker, approved, timer, at, dora, emil, bought, paid):
    fill("2150", timer, at)
    alice = members.register().get(pk=worker.membership_id)
    made = approved(source="2150", purpose="A garden", member=alice.number)
    assert (made.granted_to, made.grant_year, made.payee) == (alice, 2027, alice.name)
    assert faults(at, member=alice.number) == ["one_grant_a_year"]
    assert faults(datetime(2027, 12, 31, 22, tzinfo=UTC), member=alice.number) == ["one_grant_a_year"]
    assert faults(datetime(2028, 1, 1, 12, tzinfo=UTC), member=alice.number) == []
    assert faults(at, member=alice.number, source="6600") == ["not_a_fund", "one_grant_a_year"]
    assert faults(at, member=10_000) == ["no_such_member"]
    bob = members.register().exclude(pk=alice.pk).order_by("number")[0]
    assert faults(at, member=bob.number) == []
    told = handlers.describe(spend(member=alice.number)["payload"], "en")
    assert "It is a grant to Alice, the only one in this year." in told
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            decision=made.decision, digest="other", amount_minor=1, currency="EUR", purpose="x", source="2150", approved_at=at,
            granted_to=alice, grant_year=2027,
        )  # fmt: skip


def test_a_grant_is_paid_out_of_its_fund_to_the_member_alone(inside, worker, approved, timer, at, bought, paid):
    fill("2150", timer, at)
    alice = members.register().get(pk=worker.membership_id)
    made = approved(source="2150", purpose="A garden", member=alice.number)
    with pytest.raises(services.PayeeDiffers):
        bought(approval=made, payee="Acme")
    paid(bought(40_000, approval=made, payee=alice.name))
    assert books.balance("2150", "EUR") == euro(-60_000) and queries.fund_left("2150", "EUR") == euro(60_000)


@pytest.mark.parametrize(("minor", "found"), [(100_000, []), (100_001, ["fund_too_small"])])
def test_no_more_is_granted_than_a_fund_has(timer, at, inside, minor, found):
    fill("2154", timer, at)
    assert faults(at, source="2154", amount=minor) == found


def test_each_fund_is_for_its_own_purposes_and_the_ledger_keeps_to_them(timer, at, inside):
    purposes = {"2140": "client_default", "2150": "grant_award", "2152": "emergency_grant", "2154": "course"}
    for code, purpose in purposes.items():
        fill(code, timer, at)
        for n, wrong in enumerate(("", "party", *(set(purposes.values()) - {purpose, "grant_award"}))):
            with pytest.raises(ledger.RestrictedAccount):
                legs = [ledger.debit(code, euro(1), purpose=wrong), ledger.credit("1000", euro(1))]
                ledger.post(key=f"w{code}{n}", narration="No", postings=legs, by=timer, at=at)
        legs = [ledger.debit(code, euro(1), purpose=purpose), ledger.credit("1000", euro(1))]
        ledger.post(key=f"r{code}", narration="Yes", postings=legs, by=timer, at=at)

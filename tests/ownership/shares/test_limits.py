"""What came twice goes back; who leaves early leaves a part in the reserve; amounts and outside money have their limits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.ownership.shares.conftest import ORDINARY, pay
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as errands
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Refund
from toadlane.money.payments.services.providers import Answer, sandbox
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Redemption, Subscription
from toadlane.society.bylaws.rules import documents, packs

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/coops/sparkle/shares/redemptions"


def balance(code):
    return books.balance(code, "EUR").minor


def agree():
    return queries.register_equals_ledger().faults == [] and queries.promised_equals_ledger().faults == []


def test_a_rest_that_is_paid_twice_goes_back_once(take, member, job, at):
    dana = member("Dana")
    take(dana, 8, paid_rate="1/2")
    about = {"membership": dana[0], "share_class": "ordinary", "method": "card", "by": dana[1], "at": at}
    placed = [services.pay_rest(**about, key=key) for key in ("one", "two")]
    first, second = (pay(one, dana[1], at, job) for one in placed)
    assert (first.state, second.state, second.back_minor) == ("done", "lapsed", 10_000)
    assert (balance("1300"), balance("2100")) == (0, -10_000), "what came twice is held until it has gone back"
    assert [services.give_back_due(by=job, at=at) for _ in range(2)] == [1, 0]
    assert balance("2100") == 0 and Refund.objects.get().amount_minor == 10_000 and agree()
    assert Subscription.objects.get(pk=second.pk).state == "refunded"
    assert services.settle(subscription=second, by=job, at=at).state == "refunded"


def test_what_came_twice_and_the_bank_does_not_take_back_is_sent_another_way(
    take, member, make_officer, board, job, at, monkeypatch
):
    dana, second = member("Dana"), make_officer("Tara")
    take(dana, 8, paid_rate="1/2")
    about = {"membership": dana[0], "share_class": "ordinary", "method": "card", "by": dana[1], "at": at}
    for placed in [services.pay_rest(**about, key=key) for key in ("one", "two")]:
        pay(placed, dana[1], at, job)
    with monkeypatch.context() as there:
        there.setattr(sandbox.Sandbox, "refund", lambda self, **call: Answer("declined", reason="account_closed"))
        services.give_back_due(by=job, at=at)
    assert balance("2100") == -10_000, "it is still there, and the payer's"
    [refused] = errands.refused_refunds()
    payments.owe_refused(refund=refused, by=board, at=at)
    assert (balance("2100"), balance("2260")) == (0, -10_000) and agree()
    refused.refresh_from_db()
    payments.record_sent(errand=refused, by=board, at=at)
    payments.confirm_sent(errand=refused, by=second, at=at)
    assert (balance("2100"), balance("2260")) == (0, 0) and agree()
    assert services.give_back_due(by=job, at=at) == 0


def test_of_a_rest_that_was_paid_in_part_meanwhile_only_the_rest_is_taken(take, member, set_rules, job, at):
    set_rules(rest_months=12, rest_interest="0.05")
    dana = member("Dana")
    take(dana, 8, paid_rate="1/2")
    late = at.replace(year=2029)
    about = {"membership": dana[0], "share_class": "ordinary", "method": "card", "by": dana[1], "at": late}
    placed = [services.pay_rest(**about, key=key) for key in ("one", "two")]
    Subscription.objects.filter(pk=placed[0].subscription.pk).update(paid_minor=4_000, interest_minor=0)
    placed[0].subscription.refresh_from_db()
    services.settle(subscription=placed[0].subscription, by=job, at=late)
    second = pay(placed[1], dana[1], late, job)
    assert (second.state, second.back_minor, balance("1300"), balance("4900")) == ("lapsed", 4_000, 0, -500)
    services.give_back_due(by=job, at=late)
    assert Subscription.objects.get(pk=second.pk).state == "done" and Refund.objects.get().amount_minor == 4_000


def test_shares_asked_for_twice_beyond_the_cap_are_not_entered_and_go_back(set_rules, member, job, at):
    set_rules(classes=[{**ORDINARY, "max": 10}])
    dana = member("Dana")
    about = {"membership": dana[0], "share_class": "ordinary", "shares": 10, "method": "card", "by": dana[1], "at": at}
    placed = [services.subscribe(**about, key=key) for key in ("one", "two")]
    states = [pay(one, dana[1], at, job).state for one in placed]
    assert states == ["done", "lapsed"] and queries.holding(dana[0].pk, "ordinary").shares == 10
    services.give_back_due(by=job, at=at)
    assert (balance("2100"), balance("3000")) == (0, -25_000) and agree()


@pytest.mark.parametrize(("years", "part", "kept"), [(5, "0.30", 7_500), (0, "0.30", 0), (5, "0", 0), (5, "0.1111", 2_777)])
def test_who_leaves_early_leaves_a_part_in_the_reserve(take, member, set_rules, board, retire, at, years, part, kept):
    set_rules(withdrawal_limit="1", early_years=years, early_deduction=part)
    dana = member("Dana")
    take(dana, 10)
    retire(dana)
    services.approve_due(by=board, at=at.replace(month=5))
    one = Redemption.objects.get()
    assert (one.kept_minor, one.amount.minor) == (kept, 25_000 - kept)
    assert (balance("3000"), balance("3100"), balance("2400")) == (0, -kept, kept - 25_000) and agree()


@pytest.mark.parametrize(("days", "kept"), [(-1, True), (0, False)])
def test_the_last_early_day_is_the_one_before_the_years_are_over(take, member, set_rules, board, retire, at, days, kept):
    set_rules(withdrawal_limit="1", early_years=2, early_deduction="0.10")
    dana = member("Dana")
    take(dana, 10)
    [one] = retire(dana)
    one.membership.refresh_from_db()
    joined = one.membership.joined_on
    one.membership.left_on = joined.replace(year=joined.year + 2) + timedelta(days=days)
    assert bool(queries.kept_of_early_leaver(one)) == kept


def test_the_board_says_that_there_was_a_good_reason_and_nobody_says_it_of_themselves(
    take, member, set_rules, board, bob, charlie, retire, at
):  # fmt: skip
    set_rules(withdrawal_limit="1", early_years=5, early_deduction="0.30")
    dana = member("Dana")
    take(dana, 10)
    [one] = retire(dana)
    about = {"redemption": one, "at": at}
    with pytest.raises(services.OwnCase):
        services.excuse(**about, reason="Mine", by=replace(dana[1], roles=frozenset({"board"})))
    with pytest.raises(services.ReasonNeeded):
        services.excuse(**about, reason=" ", by=board)
    page = browser(bob).get("/c/sparkle/shares/queue/").content.decode()
    assert "Left early" in page and "stays in the reserve" in page
    said = browser(bob).post(f"{API}/{one.pk}/excuse", {"reason": "Voted against the merger"}, content_type="application/json")
    assert said.status_code == 200 and said.json()["excused"] == "Voted against the merger", said.content
    for stranger in (dana[0].person, charlie):
        refused = browser(stranger).post(f"{API}/{one.pk}/excuse", {"reason": "I"}, content_type="application/json")
        assert refused.status_code in (403, 404), refused.content
    with pytest.raises(services.WrongMoment):
        services.excuse(**about, reason="Again", by=board)
    services.approve_due(by=board, at=at.replace(month=5))
    assert (Redemption.objects.get().kept_minor, balance("3100")) == (0, 0) and agree()
    with pytest.raises(DatabaseError), transaction.atomic():
        Redemption.objects.update(kept_minor=1)


def test_what_can_be_asked_back_has_a_limit_in_one_hand(take, set_rules, member, shares):
    set_rules(most_withdrawable=25_000)
    dana = member("Dana")
    take(dana, 9)
    with pytest.raises(services.BeyondTheCap):
        take(dana, 2, key="two")
    take(dana, 1, key="three")
    assert queries.holding(dana[0].pk, "ordinary").shares == 10


def test_those_who_only_invest_hold_a_part_of_the_capital_at_most(set_rules, member, job, at):
    outside = {**ORDINARY, "id": "investor", "names": {"en": "Investor share"}, "investor": True}
    set_rules(classes=[ORDINARY, outside], investors_most="0.45")
    dana, eli = member("Dana"), member("Eli")

    def take(who, count, share_class, key):
        about = {"membership": who[0], "share_class": share_class, "shares": count, "method": "card", "by": who[1], "at": at}
        return pay(services.subscribe(**about, key=key), who[1], at, job)

    with pytest.raises(services.TooMuchInvested):
        take(eli, 1, "investor", "a")
    take(dana, 11, "ordinary", "b")
    assert take(eli, 9, "investor", "c").state == "done", "nine of twenty are 45 %"
    with pytest.raises(services.TooMuchInvested):
        take(eli, 1, "investor", "d")
    assert agree()


def founded(pack, currency="EUR", **values):
    law = packs.load(pack)
    given = {f"shares.{name}": value for name, value in values.items()}
    return documents.compose(values=given, currency=currency, pack=law.name, bounds=law.bounds)["rules"]


@pytest.mark.parametrize(
    ("pack", "currency", "name", "edge", "beyond"),
    [
        # What one member of a British society can ask back is 100,000 pounds at most.
        ("uk-society", "GBP", "most_withdrawable", 10_000_000, 10_000_001),
    ],
)
def test_the_law_bounds_what_may_be_paid_back(pack, currency, name, edge, beyond):
    assert founded(pack, currency)[f"shares.{name}"]["value"] == edge, "the default is lifted, or lowered, to it"
    assert founded(pack, currency, **{name: edge})[f"shares.{name}"]["value"] == edge
    with pytest.raises(documents.NotARule):
        founded(pack, currency, **{name: beyond})
    assert founded("none", currency, **{name: beyond})[f"shares.{name}"]["value"] == beyond

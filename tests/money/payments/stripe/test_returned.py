"""A payer's bank sends a refund back: the provider has the money again, the payer is owed it, and people send it another way."""

import pytest

from tests.money.payments.stripe.connected import balance, euro, fresh, of
from tests.money.payments.stripe.test_life import released
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Refund, TakeBack
from toadlane.plumbing.desk import registry as desk
from toadlane.society.coops import queries as coops
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Chore
from toadlane.trade.orders.queries import reversals

pytestmark = pytest.mark.django_db


def give_back(there, order, minor, maker):
    orders.refund(order=fresh(order), amount=euro(minor), reason="", key=f"r:{minor}", by=of(maker), at=there.at)
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)


def bank_sends_back(there):
    [refund] = there.stripe.books.kept["refund"]
    there.stripe.mail()
    there.stripe.books.fail_refund(refund)
    return there.stripe.mail()


def stands():
    refund = Refund.objects.get()
    return refund.state, balance("2260"), balance("1100", "manual:transfer")


def told(there, who):
    with coops.among_pages(there.coop):
        return [one.title for one in desk.waiting(who, there.at) if "could not be given back" in one.title]


@pytest.fixture
def refunded(there, hana, mugs):
    order = there.order(mugs, key="a")
    there.pay(order)
    there.pay(there.order(mugs, key="b"))
    give_back(there, order, 4_000, hana)
    there.agree()
    return order


def test_what_a_bank_sends_back_is_owed_to_the_payer_and_two_people_send_it_another_way(there, refunded, hana, office):
    (_olga, olga), (_pawel, pawel) = office
    assert stands() == ("done", 0, 0) and not told(there, olga)
    notices = bank_sends_back(there)
    assert [one["type"] for one in notices] == ["refund.failed", "charge.refund.updated"]
    there.post(*notices, *notices)
    assert stands() == ("returned", -4_000, 0) and balance("2100") == -16_000
    there.agree()
    # It was decided that it goes back: the order says so still, and nobody may give the same back again.
    assert (fresh(refunded).refunded_minor, there.payment(refunded).refunded_minor) == (4_000, 4_000)
    assert [one.state for one in reversals.of_order(fresh(refunded))] == ["returned"]
    assert told(there, olga) == ["€40.00 could not be given back to a customer"] and not told(there, of(hana))
    [waiting] = queries.by_hand().refunds
    with pytest.raises(payments.NotPossible):
        payments.confirm_sent(errand=waiting, by=pawel, at=there.at)
    payments.record_sent(errand=waiting, by=olga, at=there.at)
    assert not told(there, olga) and told(there, pawel)
    with pytest.raises(payments.SecondPersonNeeded):
        payments.confirm_sent(errand=waiting, by=olga, at=there.at)
    for _time in range(2):
        payments.confirm_sent(errand=waiting, by=pawel, at=there.at)
    assert stands() == ("done", 0, -4_000) and not told(there, pawel) and not queries.by_hand().refunds
    # A notice that comes late says nothing new.
    again = {**notices[0], "id": "evt_late"}
    there.post(again)
    assert stands() == ("done", 0, -4_000)
    assert [one.state for one in reversals.of_order(fresh(refunded))] == ["refund"]
    there.agree()


def test_a_refund_that_came_back_is_found_by_asking_where_the_notice_is_lost(there, refunded):
    bank_sends_back(there)
    payments.hear(by=there.job, at=there.at)
    assert stands() == ("returned", -4_000, 0)
    there.agree()


def test_a_refund_of_another_co_op_on_the_same_account_is_none_of_ours(there, refunded):
    [refund] = there.stripe.books.kept["refund"].values()
    for key in ("0197c0de-0000-7000-8000-000000000000:refund", "of-somebody-else"):
        there.stripe.mail()
        refund |= {"status": "failed", "metadata": {"call_key": key}}
        there.stripe.books.tell("refund.failed", refund)
        there.post_all()
        assert stands() == ("done", 0, 0)


def test_a_refund_that_its_bank_took_days_to_refuse_is_owed_too_and_nothing_is_paid_out_twice(there, hana, mugs):
    account = there.onboard(hana)
    order = there.order(mugs, key="a")
    there.pay(order)
    there.pay(there.order(mugs, key="b"))
    released(there, order, hana)
    there.go_on(days=8)
    there.pay_out()
    there.stripe.books.refunds = "pending"
    give_back(there, order, 10_000, hana)
    assert (stands()[:2], there.theirs(account)) == (("unknown", 0), 0)
    bank_sends_back(there)
    there.stripe.books.refunds = "succeeded"
    there.go_on(minutes=2)
    assert stands() == ("returned", -10_000, 0)
    assert (balance("1210"), TakeBack.objects.get().state, Chore.objects.filter(done_at=None).count()) == (0, "done", 0)
    there.go_on(days=8)
    assert there.pay_out() == [] and balance("2110") == 0
    there.agree()


@pytest.mark.parametrize("there", [{"pay.taken_back": "loss"}], indirect=True)
@pytest.mark.parametrize("won", [True, False])
def test_what_the_co_op_bore_for_a_member_is_the_co_ops_again_when_a_chargeback_is_won(there, hana, mugs, won):
    account, order = there.onboard(hana), there.order(mugs, key="a")
    payment = there.pay(order)
    there.pay(there.order(mugs, key="b"))
    released(there, order, hana)
    there.go_on(days=8)
    there.pay_out()
    there.stripe.books.pay_out({"amount": 4_500, "currency": "eur"}, account)
    dispute = there.stripe.books.dispute(there.stripe.books.get("payment_intent", payment.provider_ref)["latest_charge"])
    there.post_all()
    there.go_on(minutes=2)
    assert (balance("6200"), balance("1210")) == (9_000, 0)
    there.stripe.books.decide(dispute["id"], won=won)
    there.post_all()
    assert (balance("6200"), balance("1210"), balance("2110")) == (0 if won else 9_000, 0, 0)
    there.go_on(days=8)
    assert there.pay_out() == []
    there.agree()

"""A refund is asked for while the payer's bank has taken the money back already, and nobody here has heard of it."""

import pytest

from tests.money.payments.stripe.connected import balance, euro, fresh, of
from tests.money.payments.stripe.test_life import released
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Refund
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Chore

pytestmark = pytest.mark.django_db
ASKED = 2_569


@pytest.fixture
def raced(there, hana, mugs, request):
    """Return an order whose refund was refused, as it stands before the notice of the chargeback comes; and the dispute."""
    stage, asked, taken = (*getattr(request, "param", ("held", ASKED)), None)[:3]
    order = there.order(mugs, key="a")
    payment = there.pay(order)
    # Somebody else's orders keep the platform's balance above all that goes back.
    for key in "bcd":
        there.pay(there.order(mugs, key=key))
    if stage != "held":
        released(there, order, hana)
    if stage == "paid_out":
        there.onboard(hana)
        there.go_on(days=8)
        there.pay_out()
    there.stripe.mail()
    charge = there.stripe.books.get("payment_intent", payment.provider_ref)["latest_charge"]
    dispute = there.stripe.books.dispute(charge, taken)
    orders.refund(order=fresh(order), amount=euro(asked), reason="", key="r", by=of(hana), at=there.at)
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    return order, charge, dispute


def stands(order):
    """Return what the order, its payment and its chores say."""
    made, one = Refund.objects.get(), fresh(order)
    payment = paid.of_subject(one.checkout.subject)
    return (made.state, made.reason, one.refunded_minor, payment.refunded_minor, Chore.objects.filter(done_at=None).count())


def agree(there, charge, payment_gave):
    assert books.checks()["ledger.zero_sums"]().faults == []
    there.agree()
    assert there.stripe.books.get("charge", charge)["amount_refunded"] == payment_gave


EVERY = [(stage, asked) for stage in ("held", "released", "paid_out") for asked in (ASKED, 10_000)]


@pytest.mark.parametrize("raced", EVERY, indirect=True)
def test_it_waits_while_the_chargeback_is_open(there, raced):
    order, charge, _dispute = raced
    asked = fresh(order).refunded_minor
    assert stands(order) == ("unknown", "charged_back", asked, asked, 1)
    there.post_all()
    calls = len(there.stripe.calls)
    there.go_on(days=2)
    assert there.pay_out() == [], "what was taken back for it is not paid out meanwhile"
    assert stands(order) == ("unknown", "charged_back", asked, asked, 1)
    assert there.stripe.calls[calls:].count(("POST", "/v1/refunds")) == 0, "nobody is asked again and again"
    assert "refund" not in {alarm.kind for alarm in paid.alarms(there.at)}
    [waits] = [one for one in queries.reversals.of_order(fresh(order)) if one.state == "waits"]
    assert waits.amount == euro(asked)
    agree(there, charge, 0)


@pytest.mark.parametrize("raced", EVERY, indirect=True)
def test_lost_it_has_gone_back_once_and_whoever_gave_it_back_bears_it(there, hana, raced):
    order, charge, dispute = raced
    asked = fresh(order).refunded_minor
    there.post_all()
    there.stripe.books.decide(dispute["id"], won=False)
    there.post_all()
    there.go_on(minutes=2)
    there.go_on(minutes=2)
    assert stands(order) == ("failed", "by_the_bank", 10_000, 0, 0)
    assert sum(refund.amount_minor for refund in fresh(order).refunds.all()) == 10_000
    # Nothing of the order is left with anybody, and nothing is a loss: 90.00 of 100.00 were Hana's, and 10.00 the co-op's.
    assert (balance("6200"), balance("2100"), -balance("4100") - balance("4190")) == (0, -30_000, 0)
    assert balance("2110") + balance("1210") + sum(there.theirs(one) for one in there.stripe.books.kept["account"]) == 0
    assert {one.state for one in queries.reversals.of_order(fresh(order))} == (
        {"refund", "lost"} if asked < 10_000 else {"refund"}
    )
    agree(there, charge, 0)


@pytest.mark.parametrize("raced", EVERY, indirect=True)
def test_won_it_goes_back_after_all(there, hana, raced):
    order, charge, dispute = raced
    asked = fresh(order).refunded_minor
    there.post_all()
    there.stripe.books.decide(dispute["id"], won=True)
    there.post_all()
    for _hour in range(2):
        there.go_on(minutes=61)
    assert stands(order) == ("done", "", asked, asked, 0)
    assert balance("6200") == 0
    there.pay_out()
    # Hana has nine tenths of what is left, at Stripe or owed to her, where the order was released; and owes nothing.
    hers = sum(there.theirs(one) for one in there.stripe.books.kept["account"]) - balance("2110", hana.membership.holder)
    nine_tenths = (10_000 - asked) * 9 // 10
    assert fresh(order).released_at is None or hers in (nine_tenths, nine_tenths + 1)
    assert balance("1210") == 0
    agree(there, charge, asked)


@pytest.mark.parametrize("won", [True, False])
def test_it_ends_the_same_when_only_the_end_of_the_chargeback_is_heard(there, raced, won):
    order, charge, dispute = raced
    there.stripe.books.decide(dispute["id"], won=won)
    there.post(there.stripe.mail()[-1])
    for _hour in range(2):
        there.go_on(minutes=61)
    payments.hear(by=there.job, at=there.at)
    assert stands(order) == (("done", "", ASKED, ASKED, 0) if won else ("failed", "by_the_bank", 10_000, 0, 0))
    assert balance("6200") == 0
    agree(there, charge, ASKED if won else 0)


@pytest.mark.parametrize("raced", [("held", ASKED, 5_000)], indirect=True)
def test_what_the_bank_took_beside_it_is_not_counted_for_it(there, raced):
    """A bank that takes only a part takes it from what is left: the refund is still owed to the payer, and somebody is told."""
    order, charge, dispute = raced
    there.post_all()
    there.stripe.books.decide(dispute["id"], won=False)
    there.post_all()
    there.go_on(days=2)
    assert stands(order) == ("unknown", "charged_back", 5_000 + ASKED, ASKED, 1)
    assert "refund" in {alarm.kind for alarm in paid.alarms(there.at)}
    agree(there, charge, 0)


@pytest.mark.parametrize("raced", [("held", ASKED)], indirect=True)
@pytest.mark.parametrize("won", [True, False])
def test_called_off_meanwhile_the_rest_goes_back_when_it_is_won(there, hana, raced, won):
    order, charge, dispute = raced
    there.post_all()
    orders.act(order=fresh(order), transition="cancel", by=of(hana), at=there.at)
    assert fresh(order).refunded_minor == ASKED, "the bank has it: it does not go back a second time"
    there.stripe.books.decide(dispute["id"], won=won)
    there.post_all()
    for _hour in range(2):
        there.go_on(minutes=61)
    gave = 10_000 if won else 0
    assert (fresh(order).refunded_minor, there.payment(order).refunded_minor) == (10_000, gave)
    assert (balance("6200"), balance("2100"), Chore.objects.filter(done_at=None).count()) == (0, -30_000, 0)
    agree(there, charge, gave)


def test_what_was_taken_back_for_a_refund_that_failed_is_paid_out_again(there, hana, mugs):
    """Before, it stood as less than nothing on what members owe, and no payout of anybody went through."""
    account, order = there.onboard(hana), there.order(mugs, key="a")
    payment = there.pay(order)
    there.pay(there.order(mugs, key="b"))
    released(there, order, hana)
    there.go_on(days=8)
    there.pay_out()
    # Somebody has given it back at Stripe's own page.
    charge = there.stripe.books.get("payment_intent", payment.provider_ref)["latest_charge"]
    there.stripe.books.get("charge", charge)["amount_refunded"] = 10_000
    orders.refund(order=fresh(order), amount=euro(10_000), reason="", key="r", by=of(hana), at=there.at)
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    assert (Refund.objects.get().state, there.theirs(account), balance("1210")) == ("failed", 0, -9_000)
    assert there.pay_out() == [], "it is theirs again, and rests as all they earn"
    assert (balance("1210"), balance("2110", hana.membership.holder)) == (0, -9_000)
    there.go_on(days=8)
    assert [one.amount_minor for one in there.pay_out()] == [9_000]
    assert (there.theirs(account), balance("1210"), balance("2110")) == (9_000, 0, 0)
    there.agree()

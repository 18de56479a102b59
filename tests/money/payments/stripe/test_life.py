"""The whole life of an order's money with Stripe, over real HTTP to the stand-in: from the card to the bank, and back."""

from datetime import timedelta

import pytest

from tests.money.payments.stripe.connected import balance, euro, fresh, of
from tests.standins.stripe.books import DISPUTE_FEE
from tests.trade.orders import market
from tests.trade.orders.conftest import as_guest
from toadlane.money.payments.models import Payment, Payout, Refund, TakeBack
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db


def released(there, order, maker):
    """It is shipped, its customer says that it came, and its money is shared out."""
    orders.act(order=fresh(order), transition="ship", by=of(maker), at=there.at)
    orders.act(order=fresh(order), transition="receive", by=as_guest(order), at=there.at)
    assert fresh(order).state == "released"


def test_an_order_is_paid_at_stripe_sent_on_to_its_maker_and_reaches_their_bank(there, hana, mugs):
    order = there.order(mugs, key="a")
    payment = there.payment(order)
    assert (payment.provider, payment.state) == ("stripe", "created")
    page = there.press(payment)
    assert page.startswith(there.stripe.url) and there.press(payment) == page, "pressed twice, it is the same page"
    back = there.type_card(page)
    assert back.endswith(f"/pay/{payment.token}/back/")
    there.come_back(back)
    payment = there.payment(order)
    assert (payment.state, payment.captured_minor, payment.card_hint) == ("captured", 10_000, "4242")
    fee = 10_000 * 15 // 1000 + 25
    assert (payment.fee_minor, balance("6100"), balance("2100")) == (fee, fee, -10_000)
    there.agree()
    account = there.onboard(hana)
    released(there, order, hana)
    assert balance("2110", hana.membership.holder) == -9_000
    there.go_on(days=8)
    [payout] = there.pay_out()
    assert (payout.provider, payout.state, payout.amount_minor) == ("stripe", "done", 9_000)
    assert (there.theirs(account), there.ours(), balance("2110")) == (9_000, 10_000 - fee - 9_000, 0)
    there.stripe.books.pay_out({"amount": 9_000, "currency": "eur"}, account)
    assert there.theirs(account) == 0
    there.post_all()
    there.agree()


def test_what_is_held_is_charged_when_it_is_taken_on_and_let_go_when_not(there, hana, at):
    room = market.room(hana, "Workshop", 5_000, at)
    day = (at + timedelta(days=3)).replace(hour=9, minute=0, second=0)

    def booked(key, hour):
        wish = orders.Wish(listing_id=room.pk, starts=day + timedelta(hours=hour), ends=day + timedelta(hours=hour + 2))
        quote = orders.quote(wish=wish, by=there.guest, at=at)
        contact = orders.Contact(name="Nuala", email="nuala@ardmullen.test")
        return orders.check_out(quote_ids=[quote.pk], contact=contact, key=key, by=there.guest, at=at).orders[0]

    taken, left = booked("a", 0), booked("b", 3)
    for order in (taken, left):
        assert there.pay(order).state == "authorised"
    assert (there.ours(), there.theirs()) == (0, 0)
    orders.act(order=fresh(taken), transition="accept", by=of(hana), at=at)
    orders.act(order=fresh(left), transition="decline", by=of(hana), at=at)
    assert (there.payment(taken).state, there.payment(left).state) == ("captured", "voided")
    assert [one["status"] for one in there.stripe.books.kept["payment_intent"].values()] == ["succeeded", "canceled"]
    there.agree()


def test_one_of_two_makers_gives_back_before_and_after_being_paid_and_the_other_is_untouched(there, hana, mugs, at):
    ines = market.maker(there.coop, "ines", at)
    bowls = market.thing(ines, "Bowl", 5_000, at)
    account, other = there.onboard(hana), there.onboard(ines)
    first = there.order(mugs, bowls, key="a")
    assert there.pay(first).captured_minor == 15_000
    mug, bowl = sorted(first.checkout.orders.all(), key=lambda one: -one.total_minor)

    def give_back(order, minor, key, maker):
        orders.refund(order=fresh(order), amount=euro(minor), reason="", key=key, by=of(maker), at=there.at)
        orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)

    give_back(mug, 1_000, "before", hana)
    assert (fresh(mug).refunded_minor, fresh(bowl).refunded_minor, there.payment(first).refunded_minor) == (1_000, 0, 1_000)
    there.agree()
    for order, maker in ((mug, hana), (bowl, ines)):
        released(there, order, maker)
    there.go_on(days=8)
    assert {(one.holder, one.amount_minor) for one in there.pay_out()} == {
        (hana.membership.holder, 8_100), (ines.membership.holder, 4_500),
    }  # fmt: skip
    # Half of the mug goes back now: Hana's part is reversed, to the cent, and Ines keeps hers.
    give_back(mug, 4_500, "after", hana)
    assert [(one.state, one.amount_minor) for one in TakeBack.objects.all()] == [("done", 4_050)]
    assert (balance("1210"), there.theirs(account), there.theirs(other)) == (0, 8_100 - 4_050, 4_500)
    there.agree()
    # The rest of it: once more nothing is taken twice, and no more than there is.
    give_back(mug, 4_500, "rest", hana)
    assert (there.theirs(account), balance("1210"), Payment.objects.get().refunded_minor) == (0, 0, 10_000)
    assert {one.state for one in Refund.objects.all()} == {"done"}
    there.agree()


RULES = [("owed", 4_500, 0), ("kept", 4_500, 0), ("loss", 0, 4_500)]


@pytest.mark.parametrize(
    ("there", "owed", "lost"), [({"pay.taken_back": rule}, *more) for rule, *more in RULES], indirect=["there"]
)  # fmt: skip
def test_what_cannot_be_taken_back_is_owed_or_lost_as_the_bylaws_say(there, hana, mugs, owed, lost):
    account, order = there.onboard(hana), there.order(mugs, key="a")
    there.pay(order)
    # Somebody else's order keeps the platform's balance above what goes back.
    there.pay(there.order(mugs, key="b"))
    released(there, order, hana)
    there.go_on(days=8)
    there.pay_out()
    # Half of it has gone on to Hana's bank.
    there.stripe.books.pay_out({"amount": 4_500, "currency": "eur"}, account)
    orders.refund(order=fresh(order), amount=euro(10_000), reason="", key="r", by=of(hana), at=there.at)
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    # Stripe reverses as a whole or not at all: of 90.00 there are 45.00.
    assert [(one.state, one.reason) for one in TakeBack.objects.all()] == [("failed", "balance_insufficient")]
    assert (balance("1210"), balance("6200"), Refund.objects.get().state) == (2 * owed, 2 * lost, "done")
    there.agree()


@pytest.mark.parametrize("there", [{"pay.taken_back": "kept"}], indirect=True)
def test_what_a_maker_owes_is_kept_from_what_they_earn_next_where_the_bylaws_say_so(there, hana, mugs):
    account, first, second = there.onboard(hana), there.order(mugs, key="a"), there.order(mugs, key="b")
    for order in (first, second):
        there.pay(order)
    released(there, first, hana)
    there.go_on(days=8)
    there.pay_out()
    there.stripe.books.pay_out({"amount": 9_000, "currency": "eur"}, account)
    orders.refund(order=fresh(first), amount=euro(3_000), reason="", key="r", by=of(hana), at=there.at)
    orders.do_chores(order_ids=[first.pk], by=there.job, at=there.at)
    assert balance("1210", hana.membership.holder) == 2_700
    released(there, second, hana)
    there.go_on(days=8)
    assert [one.amount_minor for one in there.pay_out()] == [9_000 - 2_700]
    assert (balance("1210"), balance("2110"), there.theirs(account)) == (0, 0, 6_300)
    there.agree()


@pytest.mark.parametrize("won", [True, False])
def test_a_payers_bank_takes_it_back_and_gives_it_back_if_we_win(there, hana, mugs, won):
    order = there.order(mugs, key="a")
    payment = there.pay(order)
    there.pay(there.order(mugs, key="b"))
    there.stripe.mail()
    charge = there.stripe.books.get("payment_intent", payment.provider_ref)["latest_charge"]
    there.stripe.books.inquire(charge)
    there.post_all()
    assert there.payment(order).state == "captured", "an inquiry moves nothing"
    dispute = there.stripe.books.dispute(charge)
    told = there.stripe.mail()
    there.post(*told, times=3)
    assert (there.payment(order).state, balance("6110")) == ("disputed", DISPUTE_FEE)
    there.agree()
    there.stripe.books.decide(dispute["id"], won=won)
    # The end is told before the beginning is told once more.
    there.post(*there.stripe.mail(), *told)
    assert there.payment(order).state == ("captured" if won else "disputed")
    assert there.payment(order).disputes.get().state == ("won" if won else "lost")
    there.agree()


def test_a_dispute_is_heard_of_and_over_in_one_notice(there, hana, mugs):
    """Every notice but the last was lost: the last one is enough."""
    payment = there.pay(there.order(mugs, key="a"))
    there.stripe.mail()
    charge = there.stripe.books.get("payment_intent", payment.provider_ref)["latest_charge"]
    there.pay(there.order(mugs, key="b"))
    there.stripe.books.decide(there.stripe.books.dispute(charge)["id"], won=False)
    there.post(there.stripe.mail()[-1])
    payment.refresh_from_db()
    assert (payment.state, payment.disputes.get().state, balance("6110")) == ("disputed", "lost", DISPUTE_FEE)
    there.agree()


def test_nobody_is_paid_before_they_have_said_where_and_everybody_is_told_that_it_waits(there, hana, mugs):
    order = there.order(mugs, key="a")
    there.pay(order)
    released(there, order, hana)
    there.go_on(days=8)
    assert there.pay_out() == [] and not Payout.objects.exists()
    there.onboard(hana)
    assert [one.state for one in there.pay_out()] == ["done"]
    there.agree()

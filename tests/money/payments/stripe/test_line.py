"""What goes wrong on the line to Stripe: whatever is lost, and whenever, money moves once and both books say so."""

import pytest
import stripe as library

from tests.money.payments.stripe.connected import balance, euro, fresh, of
from tests.money.payments.stripe.test_life import released
from tests.trade.orders.conftest import as_guest
from toadlane.kernel.money import Money
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Payout, Refund
from toadlane.money.payments.services.providers.stripe import _calls
from toadlane.trade.orders import services as orders

pytestmark = pytest.mark.django_db
FAULTS = ["lost", "answer_lost", "500", "500_done", "429", "hangs"]


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    """Stripe's library waits between its tries, and for an answer; here it does so for less long."""
    monkeypatch.setattr(library.HTTPClient, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(library.HTTPClient, "MAX_DELAY", 0.002)
    monkeypatch.setattr(_calls, "TIMEOUTS", (1, 0.3))
    _calls._client.cache_clear()
    yield
    _calls._client.cache_clear()


def well(there):
    there.stripe.fault = lambda method, path: ""


@pytest.mark.parametrize("fault", FAULTS)
def test_one_bad_moment_is_not_even_noticed(there, hana, mugs, fault):
    """The library tries again under the same key, or we do when we look: nobody has to."""
    # The platform's balance has to bear what Stripe keeps of the first order.
    there.pay(there.order(mugs, key="b"))
    turn = iter(range(10_000))
    there.stripe.fault = lambda method, path: fault if next(turn) % 4 == 3 else ""
    order = there.order(mugs, key="a")
    for _again in range(3):
        page = there.press(there.payment(order))
        if page.startswith(there.stripe.url):
            break
    there.come_back(there.type_card(page))
    there.go_on(minutes=16)
    assert there.payment(order).state == "captured"
    orders.act(order=fresh(order), transition="cancel", by=as_guest(order), at=there.at)
    for _turn in range(4):
        there.go_on(minutes=31)
    assert (Refund.objects.get().state, fresh(order).state) == ("done", "cancelled")
    well(there)
    there.go_on(minutes=2)
    there.agree()
    assert len(there.stripe.books.kept["charge"]) == 2 and len(there.stripe.books.kept["refund"]) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_cannot_be_opened_is_tried_again_by_the_payer(there, mugs, fault):
    payment = there.payment(there.order(mugs, key="a"))
    there.stripe.fault = lambda method, path: fault if path.endswith("/checkout/sessions") else ""
    assert there.press(payment).endswith(f"/pay/{payment.token}/")
    payment.refresh_from_db()
    assert (payment.state, payment.reason, payment.doing) == ("failed", "not_reached", "")
    well(there)
    there.come_back(there.type_card(there.press(Payment.objects.get())))
    assert Payment.objects.get().state == "captured"
    assert len(there.stripe.books.kept["payment_intent"]) == 1
    there.agree()


@pytest.mark.parametrize("fault", FAULTS)
def test_while_nobody_knows_whether_it_was_paid_nothing_else_is_begun(there, mugs, fault):
    payment = there.payment(there.order(mugs, key="a"))
    page = there.press(payment)
    back = there.type_card(page)
    there.stripe.fault = lambda method, path: fault if "/checkout/sessions/" in path else ""
    there.come_back(back)
    assert there.press(payment) == page, "the page that is known, and no other"
    payment.refresh_from_db()
    assert (payment.state, len(there.stripe.books.kept["checkout.session"])) == ("requires_action", 1)
    well(there)
    there.come_back(back)
    payment.refresh_from_db()
    assert payment.state == "captured"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refund_whose_answer_is_lost_is_given_once(there, hana, mugs, fault):
    order = there.order(mugs, key="a")
    there.pay(order)
    there.pay(there.order(mugs, key="b"))
    there.stripe.fault = lambda method, path: fault if path.endswith("/refunds") else ""
    orders.refund(order=fresh(order), amount=euro(2_500), reason="", key="r", by=of(hana), at=there.at)
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    there.go_on(minutes=2)
    assert Refund.objects.get().state == "unknown"
    well(there)
    there.go_on(minutes=2)
    there.go_on(minutes=2)
    assert (Refund.objects.get().state, len(there.stripe.books.kept["refund"]), balance("2100")) == ("done", 1, -17_500)
    there.agree()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_payout_whose_answer_is_lost_is_sent_once(there, hana, mugs, fault):
    account, order = there.onboard(hana), there.order(mugs, key="a")
    there.pay(order)
    released(there, order, hana)
    there.go_on(days=8)
    there.stripe.fault = lambda method, path: fault if path.endswith("/transfers") else ""
    assert [one.state for one in there.pay_out()] == ["unknown"]
    there.go_on(minutes=2)
    assert Payout.objects.get().state == "unknown" and balance("2110", hana.membership.holder) == -9_000
    well(there)
    there.go_on(minutes=2)
    assert (Payout.objects.get().state, there.theirs(account), balance("2110")) == ("done", 9_000, 0)
    there.go_on(days=1)
    assert there.pay_out() == []
    there.agree()


def test_a_refund_waits_for_money_that_is_not_there_yet(there, hana, mugs):
    order = there.order(mugs, key="a")
    there.pay(order)
    missing = there.theirs() - 1_000
    there.stripe.books.move("", -missing, "eur", "adjustment", "elsewhere")
    orders.refund(order=fresh(order), amount=euro(5_000), reason="", key="r", by=of(hana), at=there.at)
    orders.do_chores(order_ids=[order.pk], by=there.job, at=there.at)
    assert (Refund.objects.get().state, Refund.objects.get().reason) == ("unknown", "balance_insufficient")
    there.stripe.books.move("", missing, "eur", "adjustment", "elsewhere")
    there.go_on(minutes=61)
    there.go_on(minutes=1)
    assert (Refund.objects.get().state, len(there.stripe.books.kept["refund"])) == ("done", 1)
    there.agree()


def test_a_wrong_key_moves_nothing_and_says_so_to_the_payer(there, mugs, settings):
    payment = there.payment(there.order(mugs, key="a"))
    settings.TOADLANE_PROVIDERS = {**there.stripe.settings(), "STRIPE_KEY": "sk_test_of_another"}
    assert there.press(payment).endswith(f"/pay/{payment.token}/")
    payment.refresh_from_db()
    assert (payment.state, payment.reason) == ("failed", "not_reached")


def test_a_payer_whose_order_lapsed_meanwhile_gets_everything_back(there, mugs):
    there.pay(there.order(mugs, key="b"))
    order = there.order(mugs, key="a")
    page = there.press(there.payment(order))
    there.go_on(minutes=20)
    assert fresh(order).state == "lapsed"
    there.come_back(there.type_card(page))
    for _turn in range(2):
        there.go_on(minutes=2)
    payment = there.payment(order)
    assert (payment.state, payment.captured_minor, payment.refunded_minor) == ("captured", 10_000, 10_000)
    assert balance("2100") == -10_000, "the other order's"
    there.agree()


def test_closing_a_page_that_was_quicker_lets_go_of_what_it_held(there, hana, mugs, at):
    payment = payments.begin(subject="x:1", amount=euro(500), method="card", key="k", by=there.guest, at=at)
    payment = payments.lead_on(payment=payment, title="Tea", by=there.guest, at=at)
    there.type_card(payment.action_url)
    assert payments.void(payment=payment, by=there.guest, at=at).state == "voided"
    assert [one["status"] for one in there.stripe.books.kept["payment_intent"].values()] == ["canceled"]
    # One that takes at once has taken: that is money to give back, and it is looked at as such.
    sale = payments.begin(subject="x:2", amount=euro(500), method="card", key="l", capture_at_once=True, by=there.guest, at=at)
    sale = payments.lead_on(payment=sale, title="Tea", by=there.guest, at=at)
    there.type_card(sale.action_url)
    assert payments.void(payment=sale, by=there.guest, at=at).state == "requires_action"
    assert payments.follow(payment=Payment.objects.get(pk=sale.pk), by=there.job, at=at).state == "captured"
    there.agree()


def test_a_hold_that_the_card_let_go_is_not_waited_for(there, at):
    payment = payments.begin(subject="x:1", amount=euro(500), method="card", key="k", by=there.guest, at=at)
    payment = payments.lead_on(payment=payment, title="Tea", by=there.guest, at=at)
    there.come_back(there.type_card(payment.action_url))
    payment.refresh_from_db()
    assert payment.state == "authorised"
    there.stripe.mail()
    there.stripe.books.cancel(payment.provider_ref)
    there.post_all()
    payment.refresh_from_db()
    assert payment.state == "voided"


def test_a_kept_card_pays_the_next_visit_with_nobody_there(there, at):
    first = payments.begin(subject="x:1", amount=euro(500), method="card", key="k", keeps_card=True, by=there.guest, at=at)
    first = payments.lead_on(payment=first, title="Visit", by=there.guest, at=at)
    there.come_back(there.type_card(first.action_url))
    first.refresh_from_db()
    kept = payments.KeptCard(first.provider_ref)
    second = payments.begin(subject="x:2", amount=euro(700), method="card", key="l", by=there.guest, at=at)
    assert payments.authorise(payment=second, instrument=kept, by=there.job, at=at).state == "authorised"
    assert payments.capture(payment=second, by=there.job, at=at).fee_minor == 700 * 15 // 1000 + 25
    # One that nobody asked to keep is not there.
    third = payments.begin(subject="x:3", amount=euro(700), method="card", key="m", by=there.guest, at=at)
    third = payments.lead_on(payment=third, title="Visit", by=there.guest, at=at)
    there.come_back(there.type_card(third.action_url))
    third.refresh_from_db()
    fourth = payments.begin(subject="x:4", amount=euro(700), method="card", key="n", by=there.guest, at=at)
    answer = payments.authorise(payment=fourth, instrument=payments.KeptCard(third.provider_ref), by=there.job, at=at)
    assert (answer.state, answer.reason) == ("failed", "card_not_kept")
    there.agree()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_kept_card_whose_answer_is_lost_is_charged_once(there, at, fault):
    first = payments.begin(subject="x:1", amount=euro(500), method="card", key="k", keeps_card=True, by=there.guest, at=at)
    first = payments.lead_on(payment=first, title="Visit", by=there.guest, at=at)
    there.come_back(there.type_card(first.action_url))
    first.refresh_from_db()
    second = payments.begin(subject="x:2", amount=euro(700), method="card", key="l", capture_at_once=True, by=there.guest, at=at)
    there.stripe.fault = lambda method, path: fault if (method, path) == ("POST", "/v1/payment_intents") else ""
    second = payments.authorise(payment=second, instrument=payments.KeptCard(first.provider_ref), by=there.job, at=at)
    assert second.state == "unknown"
    well(there)
    there.go_on(minutes=2)
    second.refresh_from_db()
    was_done = fault in ("answer_lost", "500_done")
    assert second.state == ("captured" if was_done else "created")
    if not was_done:
        again = payments.authorise(payment=second, instrument=payments.KeptCard(first.provider_ref), by=there.job, at=there.at)
        assert again.state == "captured"
    assert len([one for one in there.stripe.books.kept["payment_intent"].values() if one["status"] == "succeeded"]) == 1
    there.agree()


@pytest.mark.parametrize(("minor", "currency", "is_taken"), [(1_231, "KWD", False), (1_230, "KWD", True), (123, "JPY", True)])
def test_what_stripe_cannot_move_to_the_last_digit_is_not_begun(there, at, minor, currency, is_taken):
    """Of currencies with three decimals Stripe moves hundredths alone: nobody is led to a page that cannot be paid."""
    about = {"subject": "x:1", "amount": Money(minor, currency), "key": "k", "by": there.guest, "at": at}
    if not is_taken:
        with pytest.raises(payments.NotOnOffer):
            payments.begin(method="card", **about)
        assert payments.begin(method="transfer", **about).provider == "manual"
        return
    payment = payments.lead_on(payment=payments.begin(method="card", **about), title="Tea", by=there.guest, at=at)
    there.come_back(there.type_card(payment.action_url))
    assert there.stripe.books.kept["payment_intent"] and Payment.objects.get().state == "authorised"

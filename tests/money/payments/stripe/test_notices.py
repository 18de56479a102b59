"""What Stripe tells by itself is believed when it is signed, done once, and not needed: whatever is lost is found by asking."""

import time

import pytest

from tests.conftest import browser, run_jobs
from tests.money.payments.stripe.connected import NOTICES, balance
from tests.standins.stripe.line import SECRET
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Heard, Payment
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.scope import outside

pytestmark = pytest.mark.django_db


def sent(there, event, **more):
    body, signature = there.stripe.letter(event, **more)
    with outside():
        return there.street.post(NOTICES, body, content_type="application/json", headers={"Stripe-Signature": signature})


@pytest.fixture
def paid(there, mugs):
    """Somebody has paid at Stripe's page and closed the browser: only Stripe knows."""
    payment = there.payment(there.order(mugs, key="a"))
    there.type_card(there.press(payment))
    return payment


def state(payment):
    payment.refresh_from_db()
    return payment.state


def test_a_notice_alone_completes_what_the_browser_never_came_back_from(there, paid):
    assert state(paid) == "requires_action"
    there.post_all()
    assert (state(paid), balance("2100")) == ("captured", -10_000)
    there.agree()


def test_notices_that_come_twice_and_the_wrong_way_round_do_it_once(there, paid):
    told = there.stripe.mail()
    assert [one["type"] for one in told] == ["charge.captured", "payment_intent.succeeded", "checkout.session.completed"]
    there.post(*told[::-1], *told, times=2)
    assert (state(paid), Heard.objects.count(), Heard.objects.filter(done_at=None).count()) == ("captured", 3, 0)
    calls = len(there.stripe.calls)
    there.post(*told)
    assert len(there.stripe.calls) == calls, "what was heard is not even asked about again"
    there.agree()


@pytest.mark.parametrize("how", ["asked for what it told", "looked by itself"])
def test_notices_that_are_lost_are_made_up_for(there, paid, how):
    there.stripe.mail()
    if how == "looked by itself":
        there.go_on(minutes=14)
        assert state(paid) == "requires_action"
        there.go_on(minutes=2)
    else:
        assert payments.hear(by=there.job, at=there.at) == 3
        assert payments.hear(by=there.job, at=there.at) == 3 and Heard.objects.count() == 3
    assert state(paid) == "captured"
    there.agree()


@pytest.mark.parametrize(
    ("secret", "away"), [("whsec_of_somebody_else", 0), (SECRET, -310), (SECRET, 310)]
)  # fmt: skip
def test_what_is_not_signed_or_old_is_refused(there, paid, secret, away):
    event = there.stripe.mail()[-1]
    assert sent(there, event, secret=secret, at=int(time.time()) + away).status_code == 401
    with outside():
        body, _signature = there.stripe.letter(event)
        assert there.street.post(NOTICES, body, content_type="application/json").status_code == 401
        elsewhere = there.street.post(NOTICES.replace("stripe", "manual"), body, content_type="application/json")
        assert elsewhere.status_code == 404
    assert not Heard.objects.exists()
    assert sent(there, event, at=int(time.time()) - 280).status_code == 204


def test_two_secrets_are_good_while_one_follows_the_other(there, paid, settings):
    settings.TOADLANE_PROVIDERS = {**there.stripe.settings(), "STRIPE_WEBHOOK_SECRET": "whsec_new whsec_standin"}
    event = there.stripe.mail()[-1]
    assert sent(there, event, secret="whsec_new").status_code == 204
    assert sent(there, event, secret="whsec_standin").status_code == 204
    assert sent(there, event, secret="whsec_old").status_code == 401


def test_what_is_signed_and_says_nothing_is_told(there):
    assert sent(there, {"object": "event", "id": "evt_1"}).status_code == 422


def test_a_notice_about_somebody_elses_payment_does_nothing(there, paid):
    """Another platform's co-op on the same account: its charges are none of ours."""
    there.stripe.mail()
    other = there.stripe.books.open_page({
        "line_items": [{"quantity": "1", "price_data": {"currency": "eur", "unit_amount": "500"}}], "success_url": "http://x/",
        "expires_at": str(int(time.time()) + 3600), "mode": "payment", "metadata": {"payment": "not-one-of-ours"},
    })  # fmt: skip
    there.stripe.books.pay_at(other["id"])
    there.post_all()
    assert not Heard.objects.filter(done_at=None).exists() and Payment.objects.get() == paid


def test_while_stripe_does_not_answer_a_notice_is_kept_and_looked_into_later(there, paid):
    there.stripe.fault = lambda method, path: "429"
    there.post_all()
    assert (state(paid), Heard.objects.filter(done_at=None).count()) == ("requires_action", 3)
    there.stripe.fault = lambda method, path: ""
    payments.look_into(by=there.job, at=there.at)
    assert (state(paid), Heard.objects.filter(done_at=None).count()) == ("captured", 0)


def test_the_timer_that_looks_into_notices_ships_with_it_and_asks_only_whom_it_concerns(there, paid):
    timer = next(one for one in timers.declared() if one.name == "payments.look_into")
    assert timer.due is not None
    for event in there.stripe.mail():
        sent(there, event)
    assert state(paid) == "requires_action", "whoever brings it is not kept waiting"
    with outside():
        from toadlane.plumbing.tenancy.scope import every_coop

        with every_coop(reason="the timer asks so"):
            assert timer.due(there.at) == [there.coop.pk]
    timer.run(by=there.job, at=there.at)
    run_jobs()
    assert state(paid) == "captured"


def test_charlie_knows_nothing_of_it(wheels, charlie, there, paid):
    with outside():
        for path in ("companies", "carried", "payees/mine"):
            assert browser(charlie).get(f"/api/v1/coops/market/payments/{path}").status_code in (403, 404)
        assert browser(charlie).get("/c/market/payments/companies/").status_code == 404
    assert queries.payment(paid.pk) == paid

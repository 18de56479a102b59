"""What a member owes since money went back is kept from later pay, a part at a time, and the statement says for which order."""

import random
from datetime import timedelta

import pytest

from tests.conftest import browser
from tests.stories.test_shared_out import buy
from tests.trade.orders import market
from tests.trade.orders.conftest import as_guest, fresh
from tests.trade.orders.test_chargebacks import euro, of
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Payout
from toadlane.money.payments.queries import debts
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import oversight

pytestmark = pytest.mark.django_db
KEPT = {"pay.taken_back": "kept", "trade.vat_rate": "0", "pay.payout_days": 0}


@pytest.fixture
def shop(db, at, request):
    coop = market.found(at, **{**KEPT, **getattr(request, "param", {})})
    with scope(coop.pk):
        yield coop, market.maker(coop, "hana", at)


def balance(code, holder=None):
    return books.balance(code, "EUR", holder).minor


def earn(shop, title, price, at):
    """Something is bought, sent, and confirmed by its customer."""
    _coop, hana = shop
    order = buy(market.thing(hana, title, price, at))
    orders.act(order=order, transition="ship", by=of(hana), at=at)
    orders.act(order=fresh(order), transition="receive", by=as_guest(order), at=at)
    return fresh(order)


def pay(shop, at):
    return payments.pay_out(by=Principal.job(shop[0].pk), at=at)


def go_back(shop, order, minor, at, key="r"):
    orders.refund(order=fresh(order), amount=euro(minor), reason="", key=key, by=of(shop[1]), at=at)
    orders.do_chores(order_ids=[order.pk], by=Principal.job(shop[0].pk), at=at)


@pytest.mark.parametrize(
    ("shop", "kept"), [
        ({}, 4_500), ({"pay.kept_most": "0.1"}, 900), ({"pay.kept_most": "0"}, 0), ({"pay.kept_most": "1"}, 9_000),
        ({"pay.kept_most": "1", "pay.protected_month": 9_000}, 0), ({"pay.kept_most": "1", "pay.protected_month": 8_999}, 1),
        ({"pay.taken_back": "owed", "pay.kept_most": "1"}, 0),
    ], indirect=["shop"],
)  # fmt: skip
def test_a_part_is_protected_and_the_statement_says_for_which_order_the_rest_was_kept(shop, at, kept):
    hana = shop[1]
    first = earn(shop, "Mug", 10_000, at)
    later = at + timedelta(days=1)
    assert [one.amount_minor for one in pay(shop, later)] == [9_000]
    go_back(shop, first, 10_000, later)
    assert balance("1210", hana.membership.holder) == 9_000
    # Pay of another month: what was paid before protects nothing now.
    second, day = earn(shop, "Plate", 10_000, at + timedelta(days=39)), at + timedelta(days=40)
    made = pay(shop, day)
    assert [(one.amount_minor, one.state) for one in made] == ([(9_000 - kept, "done")] if kept < 9_000 else [])
    assert (balance("1210"), balance("2110")) == (9_000 - kept, 0)
    assert pay(shop, day + timedelta(minutes=5)) == [] and balance("1210") == 9_000 - kept
    if not 0 < kept < 9_000:
        return
    told = browser(hana.person).get(f"/api/v1/coops/market/sellers/payouts/{made[0].pk}").json()
    assert [line["minor"] for line in told["lines"]] == [9_000, -kept, kept - 9_000]
    assert told["lines"][0]["label"] == f"Order {second.pk}"
    assert (told["opening_minor"], told["closing_minor"], told["amount_minor"]) == (0, 0, 9_000 - kept)
    assert told["lines"][1]["label"] == "Kept for what went back to a customer"
    assert told["lines"][1]["parts"] == [{"text": f"Order {first.pk}, Mug, owed since it went back", "minor": 9_000}]
    page = browser(hana.person).get(f"/c/market/billing/payouts/{made[0].pk}/").content.decode()
    assert f"/orders/{first.pk}/" in page and "Kept for what went back" in page


def test_what_was_paid_this_month_counts_towards_what_is_protected(shop, at):
    """9,000 were paid this month already; of 9,000 more that are due half may be kept."""
    now = at.replace(day=1, hour=12)
    shop[0].refresh_from_db()
    first = earn(shop, "Mug", 10_000, now)
    pay(shop, now + timedelta(days=1))
    go_back(shop, first, 5_000, now + timedelta(days=1))
    earn(shop, "Plate", 10_000, now + timedelta(days=1))
    [payout] = pay(shop, now + timedelta(days=2))
    assert (payout.amount_minor, balance("1210")) == (4_500, 0)


def test_a_chargeback_after_the_payout_is_kept_too_the_oldest_debt_first(shop, at):
    hana = shop[1]
    first, second = earn(shop, "Mug", 2_000, at), earn(shop, "Bowl", 10_000, at)
    later = at + timedelta(days=1)
    pay(shop, later)
    go_back(shop, first, 2_000, later)
    payment = Payment.objects.get(subject=second.checkout.subject)
    payments.open_dispute(
        payment=payment, provider_ref="dp_1", amount=euro(10_000), fee=euro(1_500), by=Principal.job(shop[0].pk),
        at=later + timedelta(minutes=1),
    )  # fmt: skip
    assert [(one.cause.split(":")[0], one.amount.minor) for one in debts.debts(hana.membership.holder, "EUR")] == [
        ("refund", 1_800), ("dispute", 9_000),
    ]  # fmt: skip
    earn(shop, "Plate", 10_000, at + timedelta(days=39))
    [payout] = pay(shop, at + timedelta(days=40))
    assert payout.amount_minor == 4_500
    assert [one.amount.minor for one in debts.debts(hana.membership.holder, "EUR")] == [6_300]
    lines = browser(hana.person).get(f"/api/v1/coops/market/sellers/payouts/{payout.pk}").json()["lines"]
    assert [line["minor"] for line in lines] == [9_000, -1_800, -2_700, -4_500]
    assert [line["parts"][0]["text"].split(",")[1] for line in lines[1:3]] == [" Mug", " Bowl"]
    # It is won: what was kept is the member's again, and goes out with the next payout.
    at_last = at + timedelta(days=41)
    payments.close_dispute(payment=payment, provider_ref="dp_1", won=True, by=Principal.job(shop[0].pk), at=at_last)
    assert balance("1210", hana.membership.holder) in (-2_700, 0)
    [back] = pay(shop, at_last + timedelta(days=1))
    assert (back.amount_minor, balance("1210"), balance("2110")) == (2_700, 0, 0)


@pytest.mark.parametrize("shop", [{"pay.kept_most": "0.4", "pay.protected_month": 2_000}], indirect=True)
@pytest.mark.parametrize("seed", range(6))
def test_whatever_goes_back_whenever_a_member_has_their_share_of_what_stayed(shop, at, seed):
    """Orders, refunds, chargebacks and payouts in any order: what is paid and owed, less what they owe, is their share."""
    coop, hana = shop
    job, chance, made, disputed = Principal.job(coop.pk), random.Random(seed), [], []

    def share() -> int:
        return sum(part["minor"] for order in made for part in fresh(order).left if part["kind"] == "provider")

    def has() -> int:
        done = sum(Payout.objects.filter(state="done").values_list("amount_minor", flat=True))
        return done - balance("2110", hana.membership.holder) - balance("1210", hana.membership.holder)

    for step in range(14):
        now = at + timedelta(days=9 * step)
        deed = chance.choice(("earn", "earn", "back", "back", "dispute", "end", "pay"))
        open_ones = [order for order in made if order.pk not in {one.pk for one, _ref in disputed}]
        if deed == "earn" or not made:
            made.append(earn(shop, f"Thing {step}", chance.randint(500, 9_999), now))
        elif deed == "back" and open_ones:
            order = fresh(chance.choice(open_ones))
            if left := order.captured_minor - order.refunded_minor:
                go_back(shop, order, chance.randint(1, left), now, key=f"r{step}")
        elif deed == "dispute" and open_ones:
            order = chance.choice(open_ones)
            payment, left = Payment.objects.get(subject=order.checkout.subject), fresh(order)
            if minor := left.captured_minor - left.refunded_minor:
                ref = f"dp_{step}"
                payments.open_dispute(payment=payment, provider_ref=ref, amount=euro(minor), fee=euro(100), by=job, at=now)
                disputed.append((order, ref))
        elif deed == "end" and disputed:
            order, ref = disputed.pop()
            end_dispute(order, ref, chance.random() < 0.5, job, now)
        pay(shop, now + timedelta(days=1)) if deed == "pay" else None
        assert disputed or has() == share(), (step, deed)
    for order, ref in disputed:
        end_dispute(order, ref, True, job, at + timedelta(days=200))
    assert has() == share() and oversight.releases_equal_splits().faults == ()
    for n, order in enumerate(made):
        left = fresh(order)
        if minor := left.captured_minor - left.refunded_minor:
            go_back(shop, left, minor, at + timedelta(days=201), key=f"all{n}")
    assert share() == 0 == has() and balance("2100") == 0
    assert all(part["minor"] == 0 for order in made for part in fresh(order).left)


def end_dispute(order, ref, won, job, at):
    payment = Payment.objects.get(subject=order.checkout.subject)
    payments.close_dispute(payment=payment, provider_ref=ref, won=won, by=job, at=at)
    orders.end_chargeback(subject=order.checkout.subject, ref=ref, won=won, by=job, at=at)

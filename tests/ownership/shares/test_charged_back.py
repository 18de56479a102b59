"""What a payer's bank takes back of shares is unpaid again, in the register and in the books, and what is won is paid again."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.money.payments.cards import card, euro
from tests.ownership.shares.conftest import pay
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Refund
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Movement, Redemption, Subscription
from toadlane.plumbing.tenancy.scope import outside

pytestmark = pytest.mark.django_db(transaction=True)


def sound():
    return queries.register_equals_ledger().faults == [] and queries.promised_equals_ledger().faults == []


def unpaid(who):
    return queries.holding(who[0].pk, "ordinary").unpaid.minor


def of(subscription):
    return Payment.objects.get(subject=subscription.subject)


@pytest.fixture
def charge_back(job, at):
    def go(subscription, minor=None, ref="dp_1"):
        payment = of(subscription)
        amount = euro(payment.captured_minor if minor is None else minor)
        payments.open_dispute(payment=payment, provider_ref=ref, amount=amount, fee=euro(0), by=job, at=at + timedelta(days=2))
        with outside():
            run_jobs()

    return go


@pytest.fixture
def win(job, at):
    def go(subscription, ref="dp_1"):
        payments.close_dispute(payment=of(subscription), provider_ref=ref, won=True, by=job, at=at + timedelta(days=9))
        with outside():
            run_jobs()
        services.give_back_due(by=job, at=at + timedelta(days=9))

    return go


def test_shares_whose_payment_is_taken_back_are_unpaid_and_late_at_once(take, member, charge_back, at):
    dana = member("Dana")
    done = take(dana, 4)
    charge_back(done)
    assert (unpaid(dana), books.balance("2100", "EUR").minor, sound()) == (10_000, 0, True)
    assert [one.kind for one in queries.movements(membership_ids=[dana[0].pk])] == ["returned", "subscribed"]
    back_on = (at + timedelta(days=2)).date()
    assert queries.late_since(back_on) == {} and dana[0].pk in queries.late_since(back_on + timedelta(days=1))
    charge_back(done)
    assert (unpaid(dana), sound()) == (10_000, True), "told twice, taken once"


def test_it_can_be_paid_again_and_what_is_won_after_that_goes_back(take, member, charge_back, win, job, at):
    dana = member("Dana")
    done = take(dana, 4)
    charge_back(done)
    now = at + timedelta(days=3)
    again = services.pay_rest(
        membership=dana[0], share_class="ordinary", method="card", key="again", by=dana[1], at=now
    )  # fmt: skip
    payments.authorise(payment=again.payment, instrument=card(), by=dana[1], at=now)
    services.settle(subscription=again.subscription, by=job, at=now)
    assert (unpaid(dana), sound()) == (0, True)
    win(done)
    assert (unpaid(dana), books.balance("2100", "EUR").minor, sound()) == (0, 0, True)
    assert Refund.objects.get().amount_minor == 10_000 and queries.holding(dana[0].pk, "ordinary").nominal.minor == 10_000


def test_what_is_won_is_paid_again(take, member, charge_back, win):
    dana = member("Dana")
    done = take(dana, 4)
    charge_back(done)
    win(done)
    win(done)
    assert (unpaid(dana), books.balance("2100", "EUR").minor, sound()) == (0, 0, True)
    assert not Refund.objects.exists() and queries.late_since(Movement.objects.latest("pk").on + timedelta(days=99)) == {}


def test_a_part_and_then_the_rest_is_taken_never_more_than_was_paid_in(take, member, charge_back):
    dana = member("Dana")
    done = take(dana, 4, paid_rate="1/2")
    charge_back(done, 2_000, "dp_1")
    assert unpaid(dana) == 7_000
    charge_back(done, 3_000, "dp_2")
    assert (unpaid(dana), queries.holding(dana[0].pk, "ordinary").nominal.minor, sound()) == (10_000, 10_000, True)


def test_a_fee_that_is_taken_back_is_owed_and_the_reserve_keeps_what_it_has(take, member, charge_back, set_rules, win):
    dana = member("Dana")
    set_rules(entry_fee=1_000, entry_fee_most="1")
    done = take(dana, 4)
    charge_back(done)
    assert (unpaid(dana), books.balance("1210", "EUR", holder=dana[0].holder).minor) == (10_000, 1_000)
    assert (books.balance("3100", "EUR").minor, books.balance("2100", "EUR").minor, sound()) == (-1_000, 0, True)
    win(done)
    assert (unpaid(dana), books.balance("1210", "EUR").minor, sound()) == (0, 0, True)


def test_what_was_paid_in_on_shares_that_passed_on_is_owed_by_who_had_them(take, member, charge_back, at):
    dana, eli = member("Dana"), member("Eli")
    done = take(dana, 4)
    services.transfer(membership=dana[0], to=eli[0], share_class="ordinary", shares=3, key="t", by=dana[1], at=at)
    charge_back(done)
    assert (unpaid(dana), unpaid(eli), sound()) == (2_500, 0, True)
    assert books.balance("1210", "EUR", holder=dana[0].holder).minor == 7_500


def test_unpaid_shares_do_not_come_back_to_whoever_had_asked_before(take, member, charge_back, board, set_rules, at):
    set_rules(withdrawal_limit="1")
    dana = member("Dana")
    done = take(dana, 4)
    services.ask_back(membership=dana[0], share_class="ordinary", shares=3, by=dana[1], at=at)
    charge_back(done)
    assert services.approve_due(by=board, at=at + timedelta(days=3)) == []
    assert (Redemption.objects.get().state, books.balance("2400", "EUR").minor, sound()) == ("waiting", 0, True)


def test_what_waited_to_go_back_goes_the_other_way_once(shares, member, charge_back, job, at):
    dana = member("Dana")
    about = {"membership": dana[0], "share_class": "ordinary", "shares": 60, "method": "card", "by": dana[1], "at": at}
    _done, over = (pay(one, dana[1], at, job) for one in [services.subscribe(**about, key=key) for key in ("one", "two")])
    assert over.state == "lapsed" and books.balance("2100", "EUR").minor == -150_000
    charge_back(over)
    services.give_back_due(by=job, at=at + timedelta(days=3))
    over.refresh_from_db()
    assert (over.state, over.back_minor, books.balance("2100", "EUR").minor) == ("refunded", 0, 0)
    assert (Refund.objects.count(), unpaid(dana), sound()) == (0, 0, True)
    assert Subscription.objects.filter(state="done").count() == 1

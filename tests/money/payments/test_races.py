"""What went wrong in production elsewhere, with real threads and real transactions on the engine at hand."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from tests.money.funds.conftest import officer
from tests.money.payments.cards import LOST_ANSWER, card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Payout, Refund
from toadlane.money.payments.services.providers import sandbox
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import current_coop_id, scope

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def at_once(*deeds):
    """Do things in as many threads, all leaving at the same moment; return what each came to."""
    gate, coop_id = threading.Barrier(len(deeds)), current_coop_id()

    def run(deed):
        with scope(coop_id):
            gate.wait()
            try:
                return deed()
            except Exception as error:
                return error
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def asked(monkeypatch):
    """Count every call that leaves for the provider, answered or not, and let them meet on the way."""
    counted = []
    for name in ("authorise", "capture", "refund", "pay_out"):
        real = getattr(sandbox.Sandbox, name)

        def counting(self, *, _name=name, _real=real, **more):
            counted.append(_name)
            return _real(self, **more)

        monkeypatch.setattr(sandbox.Sandbox, name, counting)
    return counted


@pytest.fixture
def open_books(inside, worker, board, at):
    """The accounts are open, as they are in any co-op after its first day."""
    ledger.post(key="open", narration="Open", by=board, at=at,
                postings=[ledger.debit("1100", euro(1), holder="sandbox"), ledger.credit("2100", euro(1))])  # fmt: skip


def held():
    return -books.balance("2100", "EUR").minor - 1


def test_a_double_click_on_pay_is_one_call_and_one_charge(begin, open_books, worker, at, asked):
    payment = begin(capture_at_once=True)

    def click():
        fresh = Payment.objects.get(pk=payment.pk)
        return payments.authorise(payment=fresh, instrument=card(), by=worker, at=at)

    results = at_once(*[click] * CROWD)
    assert not [r for r in results if isinstance(r, Exception)]
    assert (asked, held()) == (["authorise"], 12_500)
    assert JournalEntry.objects.filter(key__startswith="payment:").count() == 1


def test_a_double_click_on_charge_is_one_call(begin, open_books, worker, at, asked):
    payment = payments.authorise(payment=begin(), instrument=card(), by=worker, at=at)
    results = at_once(*[lambda: payments.capture(payment=Payment.objects.get(pk=payment.pk), by=worker, at=at)] * CROWD)
    assert not [r for r in results if isinstance(r, Exception)]
    assert (asked.count("capture"), held()) == (1, 12_500)


def test_a_double_click_on_refund_is_one_call(begin, open_books, worker, at, asked):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)

    def click(key="refund:1"):
        return payments.refund(payment=Payment.objects.get(pk=payment.pk), amount=euro(5_000), key=key, by=worker, at=at)

    results = at_once(*[click] * CROWD)
    assert {getattr(r, "pk", r) for r in results} == {Refund.objects.get().pk}
    assert (asked.count("refund"), held()) == (1, 7_500)


def test_refunds_of_different_intents_never_give_back_more_than_came(begin, open_books, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)

    def give(n):
        return lambda: payments.refund(
            payment=Payment.objects.get(pk=payment.pk), amount=euro(5_000), key=f"r:{n}", by=worker, at=at
        )

    results = at_once(*[give(n) for n in range(CROWD)])
    assert sum(isinstance(r, payments.TooMuch) for r in results) == CROWD - 2
    assert (held(), Refund.objects.filter(state="done").count()) == (2_500, 2)


def test_two_workers_pay_out_once(begin, open_books, worker, board, at, asked):
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    legs = [ledger.debit("2100", euro(9_000)), ledger.credit("2110", euro(9_000), holder="membership:7")]
    ledger.post(key="released", narration="Released", postings=legs, by=board, at=at)
    job, later = Principal.job(board.coop_id), at + timedelta(days=30)
    results = at_once(*[lambda: payments.pay_out(by=job, at=later)] * CROWD)
    assert not [r for r in results if isinstance(r, Exception)]
    assert asked.count("pay_out") == 1
    assert (Payout.objects.get().state, books.balance("2110", "EUR").minor) == ("done", 0)


def test_webhook_and_browser_at_once_are_one_capture_and_one_entry(begin, open_books, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(LOST_ANSWER), by=worker, at=at)
    outcome = payments.Outcome(call_key=payment.call_key, result="succeeded", minor=12_500, provider_ref="ch_1")
    job = Principal.job(payment.coop_id)

    def browser():
        return payments.settle(payment=Payment.objects.get(pk=payment.pk), outcome=outcome, by=worker, at=at)

    def sweep():
        return payments.sweep(by=job, at=at + timedelta(minutes=5))

    results = at_once(browser, sweep, browser, sweep, browser)
    assert not [r for r in results if isinstance(r, Exception)]
    assert (Payment.objects.get().state, held()) == ("captured", 12_500)
    assert JournalEntry.objects.filter(key__startswith="payment:").count() == 1


class Crash(BaseException):
    """The process dies here."""


def test_a_crash_between_their_success_and_our_commit_is_found_and_booked(begin, open_books, worker, at, monkeypatch, asked):
    payment = begin(capture_at_once=True)

    def die(*args, **kwargs):
        raise Crash

    with monkeypatch.context() as dying:
        dying.setattr("toadlane.money.payments.services.outcomes._book_capture", die)
        with pytest.raises(Crash):
            payments.authorise(payment=payment, instrument=card(), by=worker, at=at)
    left = Payment.objects.get()
    assert (left.state, left.doing, held()) == ("created", "authorise", 0)
    # Nobody can pay a second time meanwhile.
    assert payments.authorise(payment=left, instrument=card(), by=worker, at=at).doing == "authorise"
    payments.sweep(by=Principal.job(payment.coop_id), at=at + timedelta(minutes=2))
    assert (Payment.objects.get().state, held(), asked) == ("captured", 12_500, ["authorise"])


def test_a_crash_before_the_call_leaves_a_payment_that_can_be_paid(begin, open_books, worker, at, monkeypatch):
    payment = begin(capture_at_once=True)

    def die(*args, **kwargs):
        raise Crash

    with monkeypatch.context() as dying:
        dying.setattr(sandbox.Sandbox, "authorise", die)
        with pytest.raises(Crash):
            payments.authorise(payment=payment, instrument=card(), by=worker, at=at)
    payments.sweep(by=Principal.job(payment.coop_id), at=at + timedelta(minutes=2))
    left = Payment.objects.get()
    assert (left.state, left.is_open, left.attempt) == ("created", True, 0)
    assert payments.authorise(payment=left, instrument=card(), by=worker, at=at).state == "captured"
    assert held() == 12_500


def test_a_refund_whose_call_died_is_sent_by_the_sweep(begin, open_books, worker, at, monkeypatch):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)

    def die(*args, **kwargs):
        raise Crash

    with monkeypatch.context() as dying:
        dying.setattr(sandbox.Sandbox, "refund", die)
        with pytest.raises(Crash):
            payments.refund(payment=payment, amount=euro(500), key="r", by=worker, at=at)
    payments.sweep(by=Principal.job(payment.coop_id), at=at + timedelta(minutes=2))
    assert (Refund.objects.get().state, held()) == ("done", 12_000)


def test_the_same_intent_posted_at_once_moves_value_once(open_books, board, at):
    legs = [ledger.debit("2100", euro(5)), ledger.credit("2110", euro(5), holder="membership:7")]
    results = at_once(*[lambda: ledger.post(key="k", narration="n", postings=legs, by=board, at=at)] * CROWD)
    assert {getattr(r, "pk", r) for r in results} == {JournalEntry.objects.get(key="k").pk}
    assert books.balance("2110", "EUR") == euro(-5)


def test_accounts_opened_at_once_are_one_account(inside, board, at):
    def post(n):
        legs = [ledger.debit("6400", euro(5)), ledger.credit("2150", euro(5))]
        return lambda: ledger.post(key=f"k{n}", narration="n", postings=legs, by=board, at=at)

    results = at_once(*[post(n) for n in range(CROWD)])
    assert not [r for r in results if isinstance(r, Exception)]
    assert books.balance("2150", "EUR") == euro(-5 * CROWD)


def test_sealing_while_others_post_loses_and_doubles_nothing(open_books, board, at):
    def post(n):
        legs = [ledger.debit("2100", euro(n)), ledger.credit("2110", euro(n), holder="membership:7")]

        def run():
            for k in range(8):
                ledger.post(key=f"s:{n}:{k}", narration="n", postings=legs, by=board, at=at)

        return run

    def seal():
        return [ledger.seal(by=board, at=at) for _ in range(4)]

    results = at_once(post(1), seal, post(2), seal, post(3))
    assert not [r for r in results if isinstance(r, Exception)]
    assert books.balance("2110", "EUR") == euro(-48)
    ledger.seal(by=board, at=at)
    assert books.balance("2110", "EUR") == euro(-48)
    for name in ("ledger.seals", "ledger.kept_balances", "ledger.untouched"):
        assert not books.checks()[name]().faults


def test_one_person_with_two_keys_does_not_receive_money_alone(begin, inside, open_books, board, at):
    treasurer = officer(inside, "dora", at)
    payment = begin(method="cash")
    own = [replace(treasurer, channel=channel) for channel in (Channel.WEB, Channel.API)]

    def deed(name, by):
        return lambda: getattr(payments, f"{name}_receipt")(payment=Payment.objects.get(pk=payment.pk), by=by, at=at)

    results = at_once(*[deed(name, by) for by in own for name in ("record", "confirm", "confirm")])
    allowed = Payment | payments.SecondPersonNeeded | payments.NotPossible
    assert all(isinstance(one, allowed) for one in results), results
    assert Payment.objects.get().state == "requires_action" and held() == 0
    stale = Payment.objects.get(pk=payment.pk)
    # It is rejected and recorded anew by the other: what they saw on their old page makes them no second person.
    payments.reject_receipt(payment=stale, by=treasurer, at=at)
    payments.record_receipt(payment=Payment.objects.get(pk=payment.pk), by=board, at=at)
    for old in (stale, Payment.objects.get(pk=payment.pk)):
        with pytest.raises((payments.SecondPersonNeeded, payments.NotPossible)):
            payments.confirm_receipt(payment=old, by=board, at=at)
    assert held() == 0
    results = at_once(*[deed("confirm", by) for by in (*own, board, *own)])
    assert {type(one) for one in results} == {Payment, payments.SecondPersonNeeded} and held() == 12_500

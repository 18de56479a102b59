"""A process that is killed between the provider's success and our commit: the sweep of another one finds and books it, once."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from tests.money.payments.cards import card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, Payout, Refund
from toadlane.money.payments.services.providers import sandbox
from toadlane.plumbing.access.principals import Principal

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(minutes=5)


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after_their_success() -> None:
    """Die with their answer in hand, and nothing of it written down here."""
    real = sandbox.Sandbox._call
    sandbox.Sandbox._call = lambda self, **call: (real(self, **call), dies())[0]  # type: ignore[method-assign,func-returns-value]


def before_our_commit() -> None:
    """Die inside the transaction that books it: the entry is written and not committed."""
    real = ledger.post
    ledger.post = lambda **entry: (real(**entry), dies())[0]  # type: ignore[func-returns-value]


def in_a_process_that_is_killed(deed: Callable[[], Any], moment: Callable[[], None]) -> None:
    # Connections do not survive a fork: each process makes its own.
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            # Where a browser's event loop runs, the parent has a connection elsewhere too, which is not the child's to use.
            for inherited in connections.all():
                inherited.connection = None
            moment()
            deed()
        finally:
            os._exit(1)  # It should have been dead by now.
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def calls() -> Counter[str]:
    """Count what the provider did for anybody, by kind, in its own books."""
    rows = sandbox._store().execute("SELECT kind FROM call WHERE result = 'succeeded'").fetchall()
    return Counter(kind for (kind,) in rows)


def held() -> int:
    return -books.balance("2100", "EUR").minor


@pytest.fixture
def job(inside) -> Principal:
    return Principal.job(inside.pk)


def sound() -> None:
    for check in (queries.captured_is_booked, *(books.checks()[name] for name in ("ledger.zero_sums", "ledger.kept_balances"))):
        assert not check().faults


@pytest.mark.parametrize("moment", [after_their_success, before_our_commit])
def test_a_payment_is_found_and_booked_once(begin, worker, job, at, moment):
    payment, before = begin(capture_at_once=True), calls()
    in_a_process_that_is_killed(lambda: payments.authorise(payment=payment, instrument=card(), by=worker, at=at), moment)
    left = Payment.objects.get()
    assert (left.state, left.doing, held()) == ("created", "authorise", 0) and not JournalEntry.objects.exists()
    assert (calls() - before)["sale"] == 1, "they did it"
    # Whoever presses again meanwhile is not charged again.
    assert payments.authorise(payment=left, instrument=card(), by=worker, at=at).doing == "authorise"
    for _turn in range(2):
        payments.sweep(by=job, at=at + LATER)
    assert (Payment.objects.get().state, held()) == ("captured", 12_500)
    assert (calls() - before)["sale"] == 1 and JournalEntry.objects.filter(key__startswith="payment:").count() == 1
    sound()


@pytest.mark.parametrize("moment", [after_their_success, before_our_commit])
def test_a_charge_of_what_was_held_is_found_and_booked_once(begin, worker, job, at, moment):
    payment, before = payments.authorise(payment=begin(), instrument=card(), by=worker, at=at), calls()
    in_a_process_that_is_killed(lambda: payments.capture(payment=payment, by=worker, at=at), moment)
    assert (Payment.objects.get().state, held()) == ("authorised", 0)
    payments.sweep(by=job, at=at + LATER)
    assert (Payment.objects.get().state, held(), (calls() - before)["capture"]) == ("captured", 12_500, 1)
    sound()


@pytest.mark.parametrize("moment", [after_their_success, before_our_commit])
def test_a_refund_is_found_and_booked_once(begin, worker, job, at, moment):
    payment, before = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at), calls()
    deed = {"payment": payment, "amount": euro(5_000), "key": "r", "by": worker, "at": at}
    in_a_process_that_is_killed(lambda: payments.refund(**deed), moment)
    assert held() == 12_500
    payments.refund(**deed)
    payments.sweep(by=job, at=at + LATER)
    assert (Refund.objects.get().state, held(), (calls() - before)["refund"]) == ("done", 7_500, 1)
    sound()


@pytest.mark.parametrize("moment", [after_their_success, before_our_commit])
def test_a_payout_is_found_and_booked_once(begin, worker, job, board, at, moment):
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    legs = [ledger.debit("2100", euro(9_000)), ledger.credit("2110", euro(9_000), holder="membership:7")]
    ledger.post(key="released", narration="Released", postings=legs, by=board, at=at)
    before, due = calls(), at + timedelta(days=30)
    in_a_process_that_is_killed(lambda: payments.pay_out(by=job, at=due), moment)
    for later in (due + LATER, due + 2 * LATER):
        payments.sweep(by=job, at=later)
        payments.pay_out(by=job, at=later)
    assert Payout.objects.get().state == "done" and books.balance("2110", "EUR").minor == 0
    assert (calls() - before)["payout"] == 1
    sound()


def test_a_process_killed_before_the_call_leaves_a_payment_that_can_be_paid(begin, worker, job, at):
    def before_the_call() -> None:
        sandbox.Sandbox._call = lambda self, **call: dies()  # type: ignore[method-assign]

    payment, before = begin(capture_at_once=True), calls()
    in_a_process_that_is_killed(lambda: payments.authorise(payment=payment, instrument=card(), by=worker, at=at), before_the_call)
    payments.sweep(by=job, at=at + LATER)
    left = Payment.objects.get()
    assert (left.state, left.is_open) == ("created", True) and not (calls() - before)
    assert payments.authorise(payment=left, instrument=card(), by=worker, at=at + LATER).state == "captured"
    assert held() == 12_500


# ------------------------------------------------------------------------------------------------------------ their keys
@pytest.fixture
def keys(monkeypatch) -> list[tuple[str, str]]:
    """Every call that leaves for the provider, and the key it goes under."""
    left: list[tuple[str, str]] = []
    real = sandbox.Sandbox._call

    def noting(self, *, kind, key, **call):
        left.append((kind, key))
        return real(self, kind=kind, key=key, **call)

    monkeypatch.setattr(sandbox.Sandbox, "_call", noting)
    return left


def test_keys_are_equal_across_retries_and_different_across_intents(begin, worker, job, at, keys, monkeypatch):
    # The same intent, whose first call never arrived: the sweep sends it under the same key.
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)

    def lost(self, **call):
        raise OSError

    with monkeypatch.context() as line:
        line.setattr(sandbox.Sandbox, "refund", lost)
        first = payments.refund(payment=payment, amount=euro(500), key="r:1", by=worker, at=at)
    payments.sweep(by=job, at=at + LATER)
    payments.sweep(by=job, at=at + 2 * LATER)
    again = payments.refund(payment=payment, amount=euro(500), key="r:1", by=worker, at=at)
    assert again.pk == first.pk and [key for kind, key in keys if kind == "refund"] == [f"{first.pk}:refund"]
    # Another intent, of the same size on the same day.
    other = payments.refund(payment=payment, amount=euro(500), key="r:2", by=worker, at=at)
    assert other.pk != first.pk
    # A declined card, and a good one after it, are two intents.
    second = payments.authorise(payment=begin(), instrument=card("4000 0000 0000 0002"), by=worker, at=at)
    payments.authorise(payment=second, instrument=card(), by=worker, at=at)
    sent = [key for _kind, key in keys]
    assert len(sent) == len(set(sent)) == 5

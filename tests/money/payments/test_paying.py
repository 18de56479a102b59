from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.money.payments.cards import CHALLENGE, CHARGED_BACK, DECLINED, GOOD, LATE, LOST_ANSWER, card, euro
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.services import KeyReused
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, State
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy.scope import scope


def held():
    return -books.balance("2100", "EUR").minor


def test_a_card_is_held_and_then_charged(begin, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(), by=worker, at=at)
    assert (payment.state, payment.card_hint, held()) == (State.AUTHORISED, "4242", 0)
    payment = payments.capture(payment=payment, by=worker, at=at)
    assert (payment.state, payment.captured, held()) == (State.CAPTURED, euro(12_500), 12_500)
    assert books.balance("1100", "EUR", "sandbox") == euro(12_500)


def test_it_can_be_charged_at_once(begin, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    assert (payment.state, held()) == (State.CAPTURED, 12_500)


def test_part_of_it_can_be_charged_and_the_rest_is_let_go(begin, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(), by=worker, at=at)
    with pytest.raises(payments.TooMuch):
        payments.capture(payment=payment, by=worker, at=at, amount=euro(12_501))
    payment = payments.capture(payment=payment, by=worker, at=at, amount=euro(5_000))
    assert (payment.captured, held()) == (euro(5_000), 5_000)
    # A second charge is not a second time.
    assert payments.capture(payment=payment, by=worker, at=at, amount=euro(7_500)).captured == euro(5_000)


def test_what_is_held_is_let_go(begin, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(), by=worker, at=at)
    assert payments.void(payment=payment, by=worker, at=at).state == State.VOIDED
    with pytest.raises(payments.NotPossible):
        payments.capture(payment=payment, by=worker, at=at)
    assert payments.void(payment=begin(), by=worker, at=at).state == State.VOIDED


def test_a_declined_card_can_be_followed_by_a_good_one(begin, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(DECLINED), by=worker, at=at)
    assert (payment.state, payment.reason, payment.is_open) == (State.FAILED, "card_declined", True)
    assert payments.authorise(payment=payment, instrument=card(), by=worker, at=at).state == State.AUTHORISED


def test_a_card_that_asks_for_a_challenge(begin, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(CHALLENGE), by=worker, at=at)
    assert payment.state == State.REQUIRES_ACTION
    passed = card(CHALLENGE, challenge_passed=True)
    assert payments.authorise(payment=payment, instrument=passed, by=worker, at=at).state == State.AUTHORISED


def test_a_number_that_is_none_is_told_and_changes_nothing(begin, worker, at):
    payment = begin()
    with pytest.raises(payments.InvalidCard):
        payments.authorise(payment=payment, instrument=card("1234"), by=worker, at=at)
    assert Payment.objects.get().is_open


def test_a_provider_that_times_out_after_succeeding_is_not_asked_twice(begin, worker, at):
    payment = payments.authorise(payment=begin(), instrument=card(LOST_ANSWER), by=worker, at=at)
    assert (payment.state, payment.is_open) == (State.UNKNOWN, False)
    # A second try, with a good card even, charges nobody.
    again = payments.authorise(payment=payment, instrument=card(GOOD), by=worker, at=at)
    assert (again.state, again.attempt) == (State.UNKNOWN, 0)
    job = Principal.job(payment.coop_id)
    assert payments.sweep(by=job, at=at) == 0
    payments.sweep(by=job, at=at + timedelta(minutes=2))
    payment.refresh_from_db()
    assert (payment.state, payment.doing) == (State.AUTHORISED, "")


def test_a_card_that_pays_late_is_settled_when_it_has(begin, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(LATE), by=worker, at=at)
    job = Principal.job(payment.coop_id)
    assert payment.state == State.UNKNOWN
    payments.sweep(by=job, at=at + timedelta(seconds=90))
    assert (Payment.objects.get().state, held()) == (State.UNKNOWN, 0)
    payments.sweep(by=job, at=at + timedelta(seconds=121))
    assert (Payment.objects.get().state, held()) == (State.CAPTURED, 12_500)


def test_a_kept_card_pays_again_without_anybody_there(begin, worker, at):
    before = payments.authorise(payment=begin(), instrument=card(CHALLENGE, challenge_passed=True), by=worker, at=at)
    kept = payments.KeptCard(before.provider_ref)
    assert payments.authorise(payment=begin(), instrument=kept, by=worker, at=at).state == State.AUTHORISED
    assert payments.authorise(payment=begin(), instrument=payments.KeptCard("ch_no"), by=worker, at=at).state == State.FAILED


def test_the_same_key_begins_once_and_another_intent_is_told(begin):
    first = begin(key="checkout:1")
    assert begin(key="checkout:1") == first
    with pytest.raises(KeyReused):
        begin(key="checkout:1", minor=12_501)


def test_only_a_sandbox_is_paid_with_pretended_money(wheels, charlie, at):
    by = Principal(coop_id=wheels.pk, channel="web", person_id=charlie.pk)
    with scope(wheels.pk):
        assert queries.methods() == ["transfer", "cash"]
        asked = {"subject": "x:1", "amount": euro(5), "method": "card", "key": "k", "by": by, "at": at}
        with pytest.raises(payments.NotOnOffer):
            payments.begin(**asked)
        queries.offers._sandboxes.add(wheels.pk)
        with pytest.raises(IntegrityError, match="pretended money"), transaction.atomic():
            payments.begin(**asked)


def test_charlie_cannot_touch_a_payment_of_another_coop(begin, wheels, charlie, at):
    payment, by = begin(), Principal(coop_id=wheels.pk, channel="web", person_id=charlie.pk)
    with scope(wheels.pk):
        assert queries.payment(payment.pk) is None
        for deed in (payments.capture, payments.void):
            with pytest.raises(Refused):
                deed(payment=payment, by=by, at=at)


def test_from_intent_to_money_takes_six_statements(begin, worker, at):
    # Opens the accounts, which happens once in the life of a co-op.
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    with CaptureQueriesContext(connection) as asked:
        payment = begin()
        payment = payments.authorise(payment=payment, instrument=card(), by=worker, at=at)
        payments.capture(payment=payment, by=worker, at=at)
    # Jobs are the outbox's.
    ours = [query["sql"] for query in asked if "django_tasks" not in query["sql"]]
    assert len(ours) == 6


def test_a_provider_is_never_called_inside_a_transaction_of_ours(begin, worker, at):
    payment = begin()
    with transaction.atomic(), pytest.raises(RuntimeError, match="never called inside"):
        payments.authorise(payment=payment, instrument=card(), by=worker, at=at)


def test_a_chargeback_is_booked_once_and_undone_when_it_is_won(begin, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(CHARGED_BACK), by=worker, at=at)
    job = Principal.job(payment.coop_id)
    assert payments.hear(by=job, at=at + timedelta(hours=23)) == 0
    for _ in range(2):
        payments.hear(by=job, at=at + timedelta(hours=25))
    payment.refresh_from_db()
    assert (payment.state, held()) == (State.DISPUTED, 0)
    assert books.balance("6110", "EUR") == euro(1_500)
    dispute = payment.disputes.get()
    payments.close_dispute(payment=payment, provider_ref=dispute.provider_ref, won=True, by=job, at=at)
    assert (payment.state, held(), books.balance("6110", "EUR")) == (State.CAPTURED, 12_500, euro(1_500))


def test_what_was_paid_late_goes_back_like_anything_else(begin, worker, at):
    payment = payments.authorise(payment=begin(capture_at_once=True), instrument=card(LATE), by=worker, at=at)
    job = Principal.job(payment.coop_id)
    payments.sweep(by=job, at=at + timedelta(minutes=3))
    payment.refresh_from_db()
    part = payments.refund(payment=payment, amount=Money(2_500, "EUR"), key="a", by=job, at=at + timedelta(days=1))
    assert (part.state, payment.refunded_minor, held()) == ("done", 2_500, 10_000)

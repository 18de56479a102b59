"""What a refund promises: once for each intent, never more than came, and room again for what did not go."""

import pytest

from tests.money.payments.cards import card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.services import KeyReused
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Errand, Payment
from toadlane.money.payments.services import refunds
from toadlane.money.payments.services.providers import Answer
from toadlane.plumbing.access.principals import Principal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paid(begin, worker, at):
    return payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)


@pytest.mark.parametrize("other", ["amount", "payment"])
def test_a_key_is_good_for_one_refund_and_for_no_other(paid, begin, worker, at, other):
    payments.refund(payment=paid, amount=euro(5_000), key="r:1", by=worker, at=at)
    again = payments.refund(payment=paid, amount=euro(5_000), key="r:1", by=worker, at=at)
    assert (again.state, paid.refunded_minor) == (Errand.DONE, 5_000)
    elsewhere = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    with pytest.raises(KeyReused):
        if other == "amount":
            payments.refund(payment=paid, amount=euro(4_999), key="r:1", by=worker, at=at)
        else:
            payments.refund(payment=elsewhere, amount=euro(5_000), key="r:1", by=worker, at=at)
    assert sum(Payment.objects.values_list("refunded_minor", flat=True)) == 5_000


def test_what_could_not_be_given_back_may_be_given_back_another_time(begin, worker, at):
    transfer, job = begin(method="transfer"), Principal.job(worker.coop_id, "bank")
    payments.receive_by_bank(payment=transfer, reference="E1", by=job, at=at)
    transfer.refresh_from_db()
    asked = payments.refund(payment=transfer, amount=euro(12_500), key="r:1", by=worker, at=at)
    assert asked.state not in (Errand.DONE, Errand.FAILED)
    with pytest.raises(payments.TooMuch):
        payments.refund(payment=transfer, amount=euro(1), key="r:2", by=worker, at=at)
    failed = refunds.settle_refund(asked=asked, answer=Answer("declined", reason="no_such_account"), by=job, at=at)
    transfer.refresh_from_db()
    assert (failed.state, transfer.refunded_minor, -books.balance("2100", "EUR").minor) == (Errand.FAILED, 0, 12_500)
    # Told again, it stays failed, and no room comes twice.
    refunds.settle_refund(asked=failed, answer=Answer("declined"), by=job, at=at)
    transfer.refresh_from_db()
    assert transfer.refunded_minor == 0
    assert payments.refund(payment=transfer, amount=euro(12_500), key="r:3", by=worker, at=at).state != Errand.FAILED

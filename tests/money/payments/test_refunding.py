"""What a refund promises: once for each intent, never more than came, and room again for what did not go."""

import pytest

from tests.conftest import browser
from tests.money.funds.conftest import officer
from tests.money.payments.cards import card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.services import KeyReused
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Errand, Payment
from toadlane.money.payments.services import refunds
from toadlane.money.payments.services.providers import Answer, sandbox
from toadlane.money.payments.wiring import waiting
from toadlane.plumbing.access.principals import Principal, Refused

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


def balances():
    return tuple(-books.balance(code, "EUR").minor for code in ("2100", "2260"))


@pytest.fixture
def refused(paid, worker, at, monkeypatch):
    """A refund that the card company refuses for good."""
    with monkeypatch.context() as there:
        there.setattr(sandbox.Sandbox, "refund", lambda self, **call: Answer("declined", reason="account_closed"))
        made = payments.refund(payment=paid, amount=euro(5_000), key="r:1", by=worker, at=at)
    assert (made.state, made.reason, balances()) == (Errand.FAILED, "account_closed", (12_500, 0))
    return made


def told(by, at):
    return [one.title for one in waiting(by, at) if "given back" in one.title]


def test_a_refund_that_is_refused_for_good_is_owed_and_sent_another_way_by_two(refused, paid, inside, board, worker, bob, at):
    other = officer(inside, "dora", at)
    assert told(board, at) == ["€50.00 could not be given back to a customer"] and not told(worker, at)
    page, api = browser(bob), "/api/v1/coops/sparkle/payments/refunds"
    assert "Refused refunds" in page.get("/c/sparkle/payments/").content.decode()
    assert [one["id"] for one in page.get(f"{api}/refused").json()["items"]] == [str(refused.pk)]
    with pytest.raises(Refused):
        payments.owe_refused(refund=refused, by=worker, at=at)
    assert page.post(f"/c/sparkle/payments/refunds/{refused.pk}/", {"deed": "another_way"}).status_code == 302
    for _again in range(2):
        assert payments.owe_refused(refund=refused, by=board, at=at).state == Errand.RETURNED
    paid.refresh_from_db()
    assert balances() == (7_500, 5_000) and paid.refunded_minor == 5_000
    assert not queries.refused_refunds() and [one.pk for one in queries.by_hand().refunds] == [refused.pk]
    assert told(board, at) == ["€50.00 could not be given back to a customer"], "now it waits to be sent"
    refused.refresh_from_db()
    payments.record_sent(errand=refused, by=board, at=at)
    with pytest.raises(payments.SecondPersonNeeded):
        payments.confirm_sent(errand=refused, by=board, at=at)
    payments.confirm_sent(errand=refused, by=other, at=at)
    assert balances() == (7_500, 0) and not told(board, at) and not told(other, at)
    assert books.balance("1100", "EUR", "manual:transfer").minor == -5_000
    assert queries.captured_is_booked().faults == []


def test_what_was_tried_again_or_went_another_way_is_not_owed_a_second_time(refused, paid, board, worker, at):
    job = Principal.job(board.coop_id)
    payments.refund(payment=paid, amount=euro(5_000), key="r:2", by=worker, at=at)
    assert not told(board, at)
    with pytest.raises(payments.NotPossible):
        payments.owe_refused(refund=refused, by=board, at=at)
    paid.refresh_from_db()
    assert paid.refunded_minor == 5_000 and balances() == (7_500, 0)
    payments.open_dispute(payment=paid, provider_ref="dp_1", amount=euro(7_500), fee=euro(0), by=job, at=at)
    assert not queries.refused_refunds()


def test_what_the_payers_bank_takes_is_not_owed_as_well(refused, paid, board, at):
    job = Principal.job(board.coop_id)
    payments.open_dispute(payment=paid, provider_ref="dp_1", amount=euro(12_500), fee=euro(0), by=job, at=at)
    assert not told(board, at)
    with pytest.raises(payments.NotPossible):
        payments.owe_refused(refund=refused, by=board, at=at)


def test_a_refused_refund_is_nobodys_business_next_door(refused, charlie, wheels):
    page, api = browser(charlie), "payments/refunds"
    assert page.post(f"/c/wheels/payments/refunds/{refused.pk}/", {"deed": "another_way"}).status_code == 404
    assert page.post(f"/c/sparkle/payments/refunds/{refused.pk}/", {"deed": "another_way"}).status_code in (403, 404)
    assert page.post(f"/api/v1/coops/wheels/{api}/{refused.pk}/another-way").status_code == 404
    assert page.get(f"/api/v1/coops/sparkle/{api}/refused").status_code in (403, 404)
    refused.refresh_from_db()
    assert refused.state == Errand.FAILED

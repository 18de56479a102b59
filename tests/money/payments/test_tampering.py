"""Whoever writes past the database's refusals into payments, refunds and payouts is named by `toadlane verify`."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F

from tests.money.payments.cards import card, euro
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Errand, Payment, Payout, Refund, State
from toadlane.money.payments.queries import verification
from toadlane.money.payments.services.payouts import Due
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.triggers import refusals

pytestmark = pytest.mark.django_db(transaction=True)
CHECKS = (verification.payments_stand_as_booked, verification.refunds_are_booked, verification.payouts_are_booked)
HOLDER = "membership:1"


@contextmanager
def unguarded():
    refusals.remove()
    try:
        yield
    finally:
        refusals.install()


def faults():
    return [fault for check in CHECKS for fault in check().faults]


@pytest.fixture
def moved(begin, worker, at):
    """125.00 came by card, 50.00 went back, and 20.00 each were paid out to a member and, together, to two."""
    job = Principal.job(worker.coop_id, "bank")
    paid = payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    payments.refund(payment=paid, amount=euro(5_000), key="r:1", by=worker, at=at)
    begin(key="waiting")
    dues = [Due(f"membership:{n}", "2400", euro(2_000), f"loan:{n}") for n in (1, 2, 3)]
    for due in dues:
        ledger.post(
            key=due.subject, narration="Owed", by=job, at=at,
            postings=[ledger.debit("1000", due.amount), ledger.credit(due.code, due.amount, holder=due.holder)],
        )  # fmt: skip
    payments.hand_over(dues=dues, by=job, at=at)
    first, *others = Payout.objects.order_by("holder")
    payments.sent_by_bank(payout=first, reference="E1", by=job, at=at)
    payments.book_sent(payouts=[str(one.pk) for one in others], reference="F1", by=job, at=at)
    return paid


def test_what_happened_holds(moved):
    assert faults() == [] and all(check().looked_at for check in CHECKS)


def test_a_payout_that_came_back_and_one_that_goes_again_hold(moved, worker, at):
    job = Principal.job(worker.coop_id, "bank")
    first = Payout.objects.order_by("holder")[0]
    assert payments.payout_came_back(payout=first, by=job, at=at)
    assert faults() == []
    first.refresh_from_db()
    payments.sent_by_bank(payout=first, reference="E2", by=job, at=at + timedelta(days=1))
    assert faults() == []


CHANGES = [
    (Payment, {"state": State.CREATED}), (Payment, {"currency": "SEK"}),
    (Payment, {"refunded_minor": 0}), (Payment, {"refunded_minor": F("refunded_minor") + 1}),
    (Refund, {"amount_minor": F("amount_minor") - 1}), (Refund, {"state": Errand.ASKED}), (Refund, {"debits": []}),
    (Refund, {"debits": [{"code": "2110", "minor": 5_000, "holder": HOLDER}]}), (Refund, None),
    (Payout, {"amount_minor": F("amount_minor") + 1}), (Payout, {"holder": "membership:9"}), (Payout, {"code": "2410"}),
    (Payout, {"currency": "SEK"}), (Payout, {"state": Errand.ASKED}), (Payout, None),
]  # fmt: skip


def test_whatever_is_changed_is_named(moved):
    with unguarded():
        for model, change in CHANGES:
            rows = Payment.objects.filter(pk=moved.pk) if model is Payment else model.objects.all()
            for row in rows:
                held = model.objects.filter(pk=row.pk)
                held.delete() if change is None else held.update(**change)
                assert faults(), f"{model.__name__} {change}"
                row.save(force_insert=change is None)
                assert faults() == []

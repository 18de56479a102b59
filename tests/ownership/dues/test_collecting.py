"""Dues are debited once: what is on its way, or was begun by the member, is not asked again."""

from datetime import timedelta

import pytest

from tests.money.bank.debiting import CREDITOR, DANA, OWN, day
from toadlane.money.bank import services as bank
from toadlane.money.bank.models import Debit
from toadlane.money.payments.models import Payment
from toadlane.ownership.dues import services
from toadlane.plumbing.access.principals import Refused


@pytest.fixture
def dana(dues, member, board, job, at):
    """Dana owes ten euro and gave a mandate."""
    who = member("Dana")
    bank.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    bank.identify(identifier=CREDITOR, by=board, at=at)
    bank.sign(membership=who[0], name="Dana", iban=DANA, by=who[1], at=at)
    services.charge_due(by=job, at=at)
    return who


def test_what_the_member_began_to_pay_by_transfer_is_what_is_debited(dana, board, at):
    begun = services.pay(membership=dana[0], method="transfer", key="mine", by=dana[1], at=at).payment
    bank.collect(collects_on=day(at), by=board, at=at)
    assert Debit.objects.get().payment_id == begun.pk and Payment.objects.count() == 1


def test_what_is_on_its_way_is_not_asked_again_and_the_next_period_is(dana, board, treasurer, job, at):
    first = bank.collect(collects_on=day(at, 40), by=board, at=at)
    bank.approve_collection(collection=first, by=treasurer[1], at=at)
    later = at + timedelta(days=31)
    assert services.charge_due(by=job, at=later) > 0
    second = bank.collect(collects_on=day(later), by=board, at=later)
    assert (first.total_minor, second.total_minor, second.count) == (1_000, 1_000, 1)
    with pytest.raises(bank.NothingToCollect):
        bank.collect(collects_on=day(later), by=board, at=later)


def test_a_file_that_is_dropped_leaves_one_payment_for_the_next(dana, board, at):
    for _time in range(3):
        file = bank.collect(collects_on=day(at), by=board, at=at)
        bank.drop_collection(collection=file, by=board, at=at)
    assert Payment.objects.count() == 1


def test_only_an_office_collects(dana, at):
    with pytest.raises(Refused):
        bank.collect(collects_on=day(at), by=dana[1], at=at)
    with pytest.raises(Refused):
        list(services.to_collect(membership_ids=[dana[0].pk], on_its_way=(), by=dana[1], at=at))

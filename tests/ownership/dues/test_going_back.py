"""Dues that go back: to whoever leaves and had paid ahead, and to the payer's bank, when they are owed again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import run_jobs
from tests.money.payments.cards import euro
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import by_hand
from toadlane.ownership.bookkeeping.queries.reports import report
from toadlane.ownership.dues import handlers, queries, services
from toadlane.ownership.dues.models import Claim
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.members import queries as members_of_the_co_op
from toadlane.society.members import services as members

pytestmark = pytest.mark.django_db(transaction=True)


def holds():
    return queries.claims_equal_ledger().faults == []


@pytest.fixture
def charged(dues, member, job, at):
    who = member("Dana")
    services.charge_due(by=job, at=at)
    return who


@pytest.fixture
def leave(job, at):
    def go(who):
        members.give_notice(membership=who[0], by=who[1], at=at)
        members.complete_exit(membership=who[0], by=job, at=at + timedelta(days=31))
        who[0].refresh_from_db()

    return go


def test_who_leaves_gets_back_what_they_paid_ahead_once_and_with_all_payouts(charged, paid, leave, job, board, treasurer, at):
    paid(charged, at, amount=euro(3_500))
    assert services.give_credit_back(membership=charged[0], by=job, at=at) == euro(0), "not while they are a member"
    leave(charged)
    with outside():
        run_jobs()
    payout = payouts.payouts().get()
    assert (payout.code, payout.amount_minor, payout.holder) == ("2250", 2_500, charged[0].holder)
    assert services.give_credit_back(membership=charged[0], by=job, at=at) == euro(0) and payouts.payouts().count() == 1
    assert queries.credit_of([charged[0].pk]) == euro(0) and queries.balance(charged[0].pk) == 0 and holds()
    by_hand.record_sent(errand=payout, by=board, at=at)
    with pytest.raises(by_hand.SecondPersonNeeded):
        by_hand.confirm_sent(errand=payout, by=board, at=at)
    by_hand.confirm_sent(errand=payout, by=treasurer[1], at=at)
    assert books.balance("2250", "EUR") == euro(0) and holds()


def test_what_one_owes_takes_nothing_off_what_another_has_paid_ahead(charged, paid, at):
    others = queries.left_of([one.pk for one in members_of_the_co_op.register() if one != charged[0]])
    paid(charged, at, amount=euro(3_500))
    told = report(at.year, at, currency="EUR")
    assert others.minor > 0
    assert [(row.name, row.now) for row in told.owned if row.code == "1230"] == [("Dues owed by members", others)]
    assert [(row.name, row.now) for row in told.owed if row.code == "1230"] == [("Dues paid ahead", euro(2_500))]
    assert told.total("owned") == told.total("owed") + told.total("equity") + told.undivided
    [sheet] = books.sheets()
    sides = [[(row.account.name, row.usual) for row in side if row.code == "1230"] for side in (sheet.owned, sheet.owed)]
    assert sheet.is_balanced and sides == [[("Dues owed by members", others)], [("Dues paid ahead", euro(2_500))]]


def test_where_the_bylaws_say_no_it_stays(charged, set_rules, paid, leave, job, at):
    set_rules(credit_back=False)
    paid(charged, at, amount=euro(3_500))
    leave(charged)
    assert services.give_credit_back(membership=charged[0], by=job, at=at) == euro(0)
    assert queries.credit_of([charged[0].pk]) == euro(2_500)


def test_what_comes_after_the_membership_pays_what_is_owed_and_the_rest_goes_back(charged, leave, paid, job, at):
    remittance = services.pay(
        membership=charged[0], method="card", key="late", by=charged[1], at=at, amount=euro(1_200)
    )  # fmt: skip
    leave(charged)
    from tests.money.payments.cards import card

    payments.authorise(payment=remittance.payment, instrument=card(), by=charged[1], at=at)
    with outside():
        run_jobs()
    assert payouts.payouts().get().amount_minor == 200 and queries.left_of([charged[0].pk]) == euro(0) and holds()


@pytest.fixture
def chargeback(job, at):
    def go(remittance, minor, ref="dp_1", when=at + timedelta(days=3)):
        payment = payouts.of_subject(remittance.subject)
        about = {"payment": payment, "provider_ref": ref, "amount": euro(minor), "fee": euro(1_500), "by": job, "at": when}
        return payments.open_dispute(**about)

    return go


def test_dues_that_the_payers_bank_takes_back_are_owed_again_and_are_no_loss(charged, paid, chargeback, job, at):
    came = paid(charged, at)
    assert queries.left_of([charged[0].pk]) == euro(0)
    for _ in range(2):
        chargeback(came, 1_000)
    assert queries.left_of([charged[0].pk]) == euro(1_000) and books.balance("6200", "EUR") == euro(0) and holds()
    assert books.balance("1230", "EUR", charged[0].holder) == euro(1_000)
    claim = Claim.objects.get(membership=charged[0])
    assert (claim.paid_minor, claim.reversed_minor) == (0, 1_000)
    assert charged[0].pk in queries.late_since(at.date() + timedelta(days=60), membership_ids=[charged[0].pk])
    paid(charged, at + timedelta(days=4), key="again")
    assert queries.left_of([charged[0].pk]) == euro(0) and holds()


@pytest.mark.parametrize(("taken", "open_again", "ahead"), [(500, 0, 2_000), (2_500, 0, 0), (2_501, 1, 0), (3_500, 1_000, 0)])
def test_what_was_paid_ahead_is_taken_first_and_claims_after(charged, paid, chargeback, at, taken, open_again, ahead):
    came = paid(charged, at, amount=euro(3_500))
    chargeback(came, taken)
    ids = [charged[0].pk]
    assert (queries.left_of(ids).minor, queries.credit_of(ids).minor) == (open_again, ahead) and holds()


def test_a_chargeback_that_the_co_op_wins_pays_again(charged, paid, chargeback, job, at):
    came = paid(charged, at)
    dispute = chargeback(came, 1_000)
    payments.close_dispute(payment=dispute.payment, provider_ref="dp_1", won=True, by=job, at=at + timedelta(days=9))
    event = type("Event", (), {"subject": came.subject, "won": True, "ref": "dp_1"})
    for _ in range(2):
        handlers.dispute_closed(event, by=job, at=at + timedelta(days=9))
    assert queries.left_of([charged[0].pk]) == euro(0) and holds()


def test_what_had_gone_back_to_the_member_already_is_a_loss(charged, paid, leave, chargeback, job, at):
    came = paid(charged, at, amount=euro(3_500))
    leave(charged)
    services.give_credit_back(membership=charged[0], by=job, at=at)
    chargeback(came, 3_500)
    assert books.balance("6200", "EUR") == euro(2_500) and queries.left_of([charged[0].pk]) == euro(1_000) and holds()


def test_what_was_paid_is_owed_again_only_by_a_chargeback(charged, paid, at):
    paid(charged, at)
    for change in ({"paid_minor": 0}, {"paid_minor": 0, "reversed_minor": 999}, {"reversed_minor": -1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Claim.objects.filter(membership=charged[0]).update(**change)
    Claim.objects.filter(membership=charged[0]).update(paid_minor=0, reversed_minor=1_000)

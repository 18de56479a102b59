"""Dues are debited once: what is on its way, or was begun by the member, is not asked again."""

from datetime import timedelta

import pytest

from tests.conftest import browser
from tests.money.bank.debiting import CREDITOR, DANA, OWN, day
from tests.money.payments.cards import CHALLENGE, card, euro
from toadlane.money.bank import services as bank
from toadlane.money.bank.models import Debit
from toadlane.money.payments import queries as payments
from toadlane.money.payments import services as paying
from toadlane.money.payments.models import Payment
from toadlane.ownership.dues import queries, services
from toadlane.plumbing.access.principals import Refused


@pytest.fixture
def dana(dues, member, board, job, at):
    """Dana owes ten euro and gave a mandate."""
    who = member("Dana")
    bank.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    bank.identify(identifier=CREDITOR, by=board, at=at)
    bank.sign(payer=who[0], name="Dana", iban=DANA, by=who[1], at=at)
    services.charge_due(by=job, at=at)
    return who


def test_what_the_member_began_to_pay_by_transfer_is_what_is_debited(dana, board, at):
    begun = services.pay(membership=dana[0], method="transfer", key="mine", by=dana[1], at=at).payment
    bank.collect(collects_on=day(at), by=board, at=at)
    assert Debit.objects.get().payment_id == begun.pk and Payment.objects.count() == 1


def test_what_is_on_its_way_is_not_asked_again_and_the_next_period_is(dana, board, treasurer, job, at):
    first = bank.collect(collects_on=day(at, 42), by=board, at=at)
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


def approved(dana, board, treasurer, at):
    file = bank.collect(collects_on=day(at), by=board, at=at)
    return bank.approve_collection(collection=file, by=treasurer[1], at=at)


def test_what_is_collected_is_not_paid_by_card_besides_and_the_member_is_told(dana, board, treasurer, job, at):
    early = services.pay(membership=dana[0], method="card", key="early", by=dana[1], at=at)
    file = approved(dana, board, treasurer, at)
    about = {"membership": dana[0], "method": "card", "by": dana[1], "at": at}
    with pytest.raises(services.UnderWay) as told:
        services.pay(**about, key="late")
    assert "€10.00" in told.value.hint and "15" in told.value.hint
    with pytest.raises(services.UnderWay):
        services.pay(**about, key="ahead", amount=euro(1))
    # The page of what was begun before says so as well, and no card is asked.
    assert "€10.00" in payments.hindrance(early.payment)
    with pytest.raises(paying.NotPossible):
        paying.authorise(payment=early.payment, instrument=card(), by=dana[1], at=at)
    after = at + timedelta(days=15)
    bank.refused(collection=file, by=board, at=after)
    assert payments.hindrance(early.payment) == ""
    assert paying.authorise(payment=early.payment, instrument=card(), by=dana[1], at=after).state == "captured"


def test_who_paid_by_card_meanwhile_or_is_at_it_is_not_debited(dana, board, treasurer, job, at):
    file = bank.collect(collects_on=day(at), by=board, at=at)
    by_card = services.pay(membership=dana[0], method="card", key="card", by=dana[1], at=at)
    begun = paying.authorise(payment=by_card.payment, instrument=card(CHALLENGE), by=dana[1], at=at)
    assert begun.state == "requires_action"
    with pytest.raises(bank.DebitChanged):
        bank.approve_collection(collection=file, by=treasurer[1], at=at)
    bank.drop_collection(collection=file, by=board, at=at)
    with pytest.raises(bank.NothingToCollect):
        bank.collect(collects_on=day(at), by=board, at=at)
    # Given up for longer than the card company keeps a page, it is debited after all.
    later = at + timedelta(days=1)
    file = bank.collect(collects_on=day(later), by=board, at=later)
    done = paying.authorise(payment=begun, instrument=paying.KeptCard(begun.provider_ref), by=dana[1], at=later)
    services.settle(remittance=by_card.remittance, by=job, at=later)
    assert done.state == "captured" and queries.claims_equal_ledger().faults == []
    with pytest.raises(bank.DebitChanged):
        bank.approve_collection(collection=file, by=treasurer[1], at=later)


def test_of_what_is_owed_only_what_is_not_collected_is_paid_by_card(dana, board, treasurer, job, at):
    approved(dana, board, treasurer, at)
    services.charge_due(by=job, at=at + timedelta(days=31))
    about = {"membership": dana[0], "method": "card", "by": dana[1], "at": at + timedelta(days=31)}
    assert services.pay(**about, key="rest").payment.amount_minor == 1_000
    with pytest.raises(services.UnderWay):
        services.pay(**about, key="more", amount=euro(1_001))
    asked = browser(dana[0].person)
    assert "€10.00 is collected on" in asked.get("/c/sparkle/dues/").content.decode()
    assert 'value="10.00"' in asked.get(f"/c/sparkle/dues/{dana[0].pk}/pay/").content.decode(), "and not twenty"


def test_where_all_is_collected_the_page_says_so_and_asks_nothing(dana, board, treasurer, at):
    approved(dana, board, treasurer, at)
    page = browser(dana[0].person).get(f"/c/sparkle/dues/{dana[0].pk}/pay/").content.decode()
    assert "€10.00 is collected on" in page and 'name="amount"' not in page and "<button" not in page.partition("<main")[2]
    mine = browser(dana[0].person).get("/c/sparkle/dues/").content.decode()
    assert f"/dues/{dana[0].pk}/pay/" not in mine


def test_debits_of_seventy_thousand_members_are_found_in_few_statements(dana, board, job, at, django_assert_max_num_queries):
    crowd = range(10**6, 10**6 + 70_000)
    with django_assert_max_num_queries(20):
        found = list(services.to_collect(membership_ids=[dana[0].pk, *crowd], on_its_way=frozenset(), by=board, at=at))
    assert [one.membership_id for one in found] == [dana[0].pk] and found[0].payment.amount_minor == 1_000

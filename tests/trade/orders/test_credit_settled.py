"""Leaving, with credit: paid in money, forgiven by two, or left to the co-op."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from tests import bookkeepers
from tests.conftest import run_jobs
from tests.trade.orders.street import Street, euro
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.policies import exports
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import services as membership
from toadlane.trade.orders.queries import pasts, replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(at, day):
    found = Street(at, day)
    with scope(found.coop.pk):
        yield found


def test_who_leaves_settles_first(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    jon, job = street.jon.membership, Principal.job(street.coop.pk)
    jon.refresh_from_db()
    membership.give_notice(membership=jon, by=street.by(street.jon), at=street.at)
    assert not street.stands(street.jon).free, "whoever is leaving owes nobody anew"
    later = street.at + timedelta(days=400)
    assert membership.complete_exit(membership=jon, by=job, at=later) is None
    payment = payments.pay_off(holder=jon.holder, method="cash", by=street.by(street.jon), at=street.at)
    assert payment.amount == euro(12_000)
    assert payments.pay_off(holder=jon.holder, method="cash", by=street.by(street.jon), at=street.at) == payment
    offices = [
        Principal(coop_id=street.coop.pk, channel=Channel.WEB, person_id=n, roles=frozenset({"board"})) for n in (901, 902)
    ]
    payments.record_receipt(payment=payment, by=offices[0], at=street.at)
    payment.refresh_from_db()
    with pytest.raises(payments.SecondPersonNeeded):
        payments.confirm_receipt(payment=payment, by=offices[0], at=street.at)
    payments.confirm_receipt(payment=payment, by=offices[1], at=street.at)
    run_jobs()
    assert not street.stands(street.jon).balance
    assert books.balance("1100", "EUR", "manual:cash") == euro(12_000) and not books.balance("2100", "EUR")
    assert books.balance("2170", "EUR", "coop") == euro(12_000 - 1_200), "the co-op owes it in Jon’s place"
    street.holds_together()
    ended = membership.complete_exit(membership=jon, by=job, at=later)
    assert ended is not None and ended.standing == "former"


def office(street, n):
    return Principal(coop_id=street.coop.pk, channel=Channel.WEB, person_id=n, roles=frozenset({"treasurer"}))


def come_in(street, payment):
    payments.record_receipt(payment=payment, by=office(street, 901), at=street.at)
    payment.refresh_from_db()
    payments.confirm_receipt(payment=payment, by=office(street, 902), at=street.at)
    run_jobs()
    payment.refresh_from_db()


def given_back(street, payment):
    """Let two people send what is owed to the payer."""
    for one in payment.refunds.all():
        payments.record_sent(errand=one, by=office(street, 901), at=street.at)
        one.refresh_from_db()
        payments.confirm_sent(errand=one, by=office(street, 902), at=street.at)


def test_nobody_buys_credit_by_paying_off_what_was_forgiven_meanwhile(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    jon = street.jon.membership
    payment = payments.pay_off(holder=jon.holder, method="cash", by=street.by(street.jon), at=street.at)
    closing = payments.ask_to_close(membership=jon, reason="The members decided so", by=office(street, 901), at=street.at)
    payments.agree_to_close(closing=closing, by=office(street, 902), at=street.at)
    come_in(street, payment)
    assert not street.stands(street.jon).balance and payment.refunded == euro(12_000)
    payments.book_paid_off(payment_id=payment.pk, by=Principal.job(street.coop.pk), at=street.at)
    assert [one.amount for one in payment.refunds.all()] == [euro(12_000)], "told twice, it is owed back once"
    given_back(street, payment)
    assert not books.balance("2100", "EUR") and not books.balance("1100", "EUR", "manual:cash")
    street.holds_together()


def test_who_pays_off_twice_over_has_the_rest_back(street):
    """What is owed changes while somebody is on their way with the money: only what is owed then is paid off."""
    street.done(street.take_on(street.place(street.jon), street.hana))
    jon = street.jon.membership
    first = payments.pay_off(holder=jon.holder, method="cash", by=street.by(street.jon), at=street.at)
    second = payments.pay_off(holder=jon.holder, method="transfer", by=street.by(street.jon), at=street.at)
    payments.leave_to_the_coop(
        holder=street.hana.membership.holder, amount=euro(1_000), key="a", by=street.by(street.hana), at=street.at
    )
    come_in(street, first)
    come_in(street, second)
    assert not street.stands(street.jon).balance
    assert (first.refunded, second.refunded) == (euro(0), euro(12_000))
    street.holds_together()
    given_back(street, second)
    assert not books.balance("2100", "EUR")
    street.holds_together()


def test_two_of_an_office_forgive_a_debt_and_never_their_own(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    jon = street.jon.membership
    ask = {"membership": jon, "reason": "Moved abroad", "at": street.at}
    with pytest.raises(Refused):
        payments.ask_to_close(by=street.by(street.ines), **ask)
    own = Principal(
        coop_id=street.coop.pk, channel=Channel.WEB, person_id=street.jon.person.pk, membership_id=jon.pk,
        roles=frozenset({"board"}),
    )  # fmt: skip
    with pytest.raises(payments.NotOnesOwn):
        payments.ask_to_close(by=own, **ask)
    closing = payments.ask_to_close(by=office(street, 901), **ask)
    with pytest.raises(payments.NotPossible):
        payments.ask_to_close(by=office(street, 902), **ask)
    with pytest.raises(payments.SecondPersonNeeded):
        payments.agree_to_close(closing=closing, by=office(street, 901), at=street.at)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(closing).objects.filter(pk=closing.pk).update(agreed_by=901, agreed_at=street.at)
    payments.agree_to_close(closing=closing, by=office(street, 902), at=street.at)
    assert not street.stands(street.jon).balance and books.balance("6210", "EUR") == euro(12_000)
    street.holds_together()
    with pytest.raises(payments.NotPossible):
        payments.agree_to_close(closing=closing, by=office(street, 903), at=street.at)


def test_what_somebody_has_is_left_to_the_co_op_and_not_paid_out(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    hana = street.hana.membership.holder
    give = {"holder": hana, "by": street.by(street.hana), "at": street.at}
    with pytest.raises(payments.TooMuch):
        payments.leave_to_the_coop(amount=euro(10_801), key="a", **give)
    with pytest.raises(Refused):
        payments.leave_to_the_coop(amount=euro(1), key="a", **give | {"by": street.by(street.jon)})
    payments.leave_to_the_coop(amount=euro(800), key="a", **give)
    assert street.stands(street.hana).balance == euro(10_000) and books.balance("4300", "EUR") == euro(-800)
    closing = payments.ask_to_close(
        membership=street.hana.membership, reason="She has died", by=office(street, 901), at=street.at
    )
    payments.agree_to_close(closing=closing, by=office(street, 902), at=street.at)
    assert not street.stands(street.hana).balance and books.balance("4300", "EUR") == euro(-10_800)
    assert not books.balance("1000", "EUR") and not books.balance("1100", "EUR")
    street.holds_together()


def test_other_bookkeepers_read_it_as_we_do(street, tmp_path):
    """beancount and hledger accept the books, and find both signs of the same account."""
    street.done(street.take_on(street.place(street.jon), street.hana))
    payments.leave_to_the_coop(
        holder=street.hana.membership.holder, amount=euro(800), key="a", by=street.by(street.hana), at=street.at
    )  # fmt: skip
    entries = books.exported(ZoneInfo("Europe/Madrid"))
    readers = ((exports.beancount, "beancount", bookkeepers.by_beancount), (exports.hledger, "journal", bookkeepers.by_hledger))
    for write, ending, read in readers:
        file = tmp_path / f"books.{ending}"
        file.write_text("\n".join(write(entries, title="Market")) + "\n")
        assert read(file) == bookkeepers.ours()
    told = {account: amount for (account, _unit), amount in bookkeepers.ours().items() if "2170" in account}
    assert sorted(told.values()) == [-100, -20, 120] and sum(told.values()) == 0


def test_a_change_of_the_rules_is_tried_on_what_was_paid_with_credit(street):
    """What a dry run works out anew is what the order kept, to the cent; under other rules it is still all the member's."""
    street.done(street.take_on(street.place(street.jon), street.hana))
    [(past, real)] = pasts.read(street.at - timedelta(days=9), street.day + timedelta(days=30))
    assert past.is_in_credit
    under = replay.Under(bylaws.book(version=past.version))
    assert under.shares(past) == real.shares and "benefits" not in real.shares
    came = under.of(past)
    assert (came.members + came.vat, came.fund, came.aside) == (10_800, 0, 0)

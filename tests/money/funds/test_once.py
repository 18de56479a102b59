"""Two officers press at the same moment, with real threads and real transactions: it is paid once, and never too much."""

import pytest

from tests.money.funds.conftest import officer
from tests.trade.orders.test_once import at_once
from toadlane.money.funds import queries, services
from toadlane.money.funds.models import Disbursement, Expense
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import JournalEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("money")]


def test_paid_at_once_by_two_it_is_paid_once(inside, approved, bought, dora, emil, at):
    fiona = officer(inside, "fiona", at)
    approval = approved()
    when = approval.approved_at
    prepared = services.prepare(expense=bought(when=when, approval=approval), key="k", by=dora, at=when)

    def pay(by):
        return lambda: services.pay(
            disbursement=Disbursement.objects.select_related("expense").get(pk=prepared.pk), by=by, at=when
        )

    results = at_once(inside.pk, pay(emil), pay(fiona), pay(emil))
    assert {r.pk for r in results} == {prepared.pk}, results
    assert JournalEntry.objects.filter(subject__startswith="expense:").count() == 1
    assert books.balance("1000", "EUR").minor == 488_000


def test_prepared_at_once_two_expenses_do_not_overdraw_a_decision(inside, approved, bought, dora, emil):
    approval = approved()
    when = approval.approved_at
    one, two = (bought(30_000, when=when, approval=approval) for _ in range(2))

    def prepare(expense, by, key):
        return lambda: services.prepare(expense=Expense.objects.get(pk=expense.pk), key=key, by=by, at=when)

    results = at_once(inside.pk, prepare(one, dora, "1"), prepare(two, emil, "2"))
    assert sorted(type(r).__name__ for r in results) == ["Disbursement", "OverDecided"], results
    assert queries.remaining(approval) == 10_000

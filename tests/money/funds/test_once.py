"""Two officers press at the same moment, with real threads and real transactions: it is paid once, and never too much."""

from dataclasses import replace

import pytest

from tests.conftest import browser
from tests.money.funds.conftest import officer
from tests.trade.orders.test_once import at_once
from toadlane.money.funds import queries, services
from toadlane.money.funds.models import Disbursement, Expense
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import JournalEntry
from toadlane.plumbing.access.principals import Channel
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.people.models import Person

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


def pay(prepared, by, when):
    return lambda: services.pay(
        disbursement=Disbursement.objects.select_related("expense").get(pk=prepared.pk), by=by, at=when
    )  # fmt: skip


def test_who_prepared_it_and_whom_it_is_for_do_not_pay_it_whatever_keys_they_use(inside, approved, bought, dora, emil, at):
    fiona = officer(inside, "fiona", at)
    approval = approved()
    when = approval.approved_at
    own = bought(by=emil, when=when, approval=approval, payee="Emil")
    prepared = services.prepare(expense=own, key="k", by=dora, at=when)
    keys = [replace(by, channel=channel) for by in (dora, emil) for channel in (Channel.WEB, Channel.API)]
    results = at_once(inside.pk, *[pay(prepared, by, when) for by in (*keys, *keys)])
    assert {type(said) for said in results} == {services.SecondPersonNeeded, services.OwnExpense}
    assert not JournalEntry.objects.filter(subject__startswith="expense:").exists()
    results = at_once(inside.pk, *[pay(prepared, by, when) for by in (*keys, fiona)])
    # Whoever comes after her is told what was paid; nobody else has paid it.
    assert all(isinstance(said, Disbursement | services.SecondPersonNeeded | services.OwnExpense) for said in results), results
    assert Disbursement.objects.get().paid_by_id == fiona.person_id
    assert JournalEntry.objects.filter(subject__startswith="expense:").count() == 1


def test_one_person_at_the_page_and_at_the_api_is_one_person(inside, approved, bought, dora):
    approval = approved()
    expense = bought(when=approval.approved_at, approval=approval)
    prepared = services.prepare(expense=expense, key="k", by=dora, at=approval.approved_at)
    person = Person.objects.get(pk=dora.person_id)
    here = f"/c/sparkle/spending/expenses/{expense.number}/pay/"
    api = f"/api/v1/coops/sparkle/spending/payments/{prepared.pk}/pay"
    visits = [browser(person) for _ in range(4)]
    results = at_once(
        inside.pk, *[lambda page=page: page.post(here, {"payment": prepared.pk}) for page in visits[:2]],
        *[lambda page=page: page.post(api, HTTP_IDEMPOTENCY_KEY=f"once-{id(page)}") for page in visits[2:]],
    )  # fmt: skip
    assert not [said for said in results if isinstance(said, Exception)], results
    assert {said.status_code for said in results[2:]} <= {403, 409}, [said.content for said in results[2:]]
    assert Disbursement.objects.get().paid_at is None
    assert not JournalEntry.objects.filter(subject__startswith="expense:").exists()


def test_a_decision_of_another_co_op_and_one_that_is_spent_pay_nothing(
    inside, approved, bought, dora, emil, wheels, worker, charlie
):
    approval = approved()
    when = approval.approved_at
    pay(services.prepare(expense=bought(40_000, when=when, approval=approval), key="k", by=dora, at=when), emil, when)()
    spent = bought(1, when=when)

    def under(one, by):
        return lambda: services.put_under(expense=Expense.objects.get(pk=one.pk), approval=approval, by=by, at=when)

    results = at_once(inside.pk, *[under(spent, by) for by in (worker, dora, worker, dora)])
    assert {type(said) for said in results} == {services.OverDecided} and Expense.objects.get(pk=spent.pk).approval is None
    # Another co-op knows no such decision, however much of it would be left.
    asked = {"purpose": "A phone", "minor": 1, "payee": "Charlie", "approval": approval.pk}
    claim = "/api/v1/coops/wheels/spending/expenses"
    answer = browser(charlie).post(claim, asked, content_type="application/json", HTTP_IDEMPOTENCY_KEY="from-next-door")
    assert answer.status_code == 404, answer.content
    with scope(wheels.pk):
        assert not Expense.objects.exists()

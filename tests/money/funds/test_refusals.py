"""What the database refuses of spending, whatever the Python says."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.money.funds.conftest import spend
from toadlane.money.funds.models import Approval, Disbursement, Expense

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money")]
LIMITS = {"officers__spending_limit": 10_000, "officers__spending_month": 15_000}


def raw(sql, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_pays_nothing_without_a_decision(approved, bought, dora, emil):
    approval = approved()
    when = approval.approved_at
    loose, under = bought(), bought(when=when, approval=approval)
    common = {
        "currency": "EUR",
        "prepared_by_id": dora.person_id,
        "prepared_at": when,
        "paid_by_id": emil.person_id,
        "paid_at": when,
    }
    for wrong in (
        {"expense": loose, "amount_minor": 100},  # Nothing it rests on.
        {"expense": loose, "amount_minor": 101, "limit_minor": 100, "rule_version": 1},  # Above the limit.
        {"expense": loose, "amount_minor": 100, "approval": approval},  # Decided, but not for this.
        {"expense": under, "amount_minor": 40_001, "approval": approval},  # More than was decided.
        {"expense": under, "amount_minor": 100, "approval": approval, "currency": "USD"},
        {"expense": under, "amount_minor": 100, "approval": approval, "paid_by_id": dora.person_id},  # One person twice.
        {"expense": under, "amount_minor": 100, "approval": approval, "paid_by_id": None},  # Paid by nobody.
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Disbursement.objects.create(key="wrong", **common | wrong)
    assert Disbursement.objects.create(key="right", expense=under, amount_minor=40_000, approval=approval, **common).pk


def test_the_database_approves_nothing_that_did_not_pass(approved, idea, decided):
    good = approved()
    lost = decided(idea(spend(), title="Again"), state="rejected")
    values = {field: getattr(good, field) for field in ("amount_minor", "currency", "purpose", "source", "approved_at")}
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.create(decision=lost, digest="x", **values)
    raw(f"UPDATE {Approval._meta.db_table} SET amount_minor = 1000000 WHERE id = %s", good.pk)
    raw(f"DELETE FROM {Approval._meta.db_table} WHERE id = %s", good.pk)


def test_the_database_keeps_what_was_paid(approved, bought, paid, emil):
    approval = approved()
    made = paid(bought(when=approval.approved_at, approval=approval), approval.approved_at)
    table = Disbursement._meta.db_table
    for change in (
        "amount_minor = 1",
        "paid_at = NULL, paid_by_id = NULL",
        f"prepared_by_id = {emil.person_id}",
        "approval_id = NULL",
    ):
        raw(f"UPDATE {table} SET {change} WHERE id = %s", made.pk)
    raw(f"DELETE FROM {table} WHERE id = %s", made.pk)
    raw(f"DELETE FROM {Expense._meta.db_table} WHERE id = %s", made.expense_id)

"""Nothing in the books is rewritten by any statement there is, not even by those that delete in passing."""

import pytest
from django.db import IntegrityError, connection, transaction

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry, Posting

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = ["ledger_journalentry", "ledger_posting", "ledger_seal", "ledger_sealedentry"]


def snapshot():
    with connection.cursor() as cursor:
        found = {}
        for table in KEPT:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            found[table] = cursor.fetchall()
    return found


@pytest.fixture
def written(inside, board, at):
    for n in range(2):
        legs = [ledger.debit("1000", Money(500, "EUR")), ledger.credit("2100", Money(500, "EUR"))]
        ledger.post(key=f"k{n}", narration="Bread", postings=legs, by=board, at=at)
    ledger.seal(by=board, at=at)
    assert JournalEntry.objects.count() == 2 and Posting.objects.count() == 4
    return snapshot()


def columns(table):
    with connection.cursor() as cursor:
        return [one.name for one in connection.introspection.get_table_description(cursor, table)]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite replaces rows")
@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "UPDATE OR REPLACE"])
def test_a_row_is_not_replaced(written, table, verb):
    names = ", ".join(columns(table))
    statement = f"UPDATE OR REPLACE {table} SET coop_id = coop_id" if verb.startswith("UPDATE") else (
        f"{verb} INTO {table} ({names}) SELECT {names} FROM {table}"
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert snapshot() == written


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", KEPT)
def test_a_table_is_not_emptied_in_one_go(written, table):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert snapshot() == written


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {t} SET coop_id = coop_id", "DELETE FROM {t}"])
def test_no_statement_of_its_own_rewrites_a_row(written, table, statement):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(t=table))
    assert snapshot() == written


@pytest.mark.parametrize("table", KEPT)
def test_a_conflict_does_not_turn_an_insert_into_a_change(written, table):
    names = columns(table)
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    key = next(one["columns"] for one in constraints.values() if one["primary_key"])
    statement = (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(names)} FROM {table} WHERE true "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET coop_id = excluded.coop_id"
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert snapshot() == written

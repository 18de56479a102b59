"""Writing a row for an intent at most once, in one statement and without losing the caller's transaction."""

from typing import TypeVar

from django.db import connection

from toadlane.plumbing.tenancy.models import CoopModel

M = TypeVar("M", bound=CoopModel)


def insert_once(row: CoopModel, *, unique: str = "key") -> bool:
    """Insert a row unless the co-op has one with the same key; return whether it was new.

    A unique violation would end a transaction on PostgreSQL, and a look beforehand would be a second statement.
    """
    row.claim()
    fields = [f for f in row._meta.concrete_fields if not (f.primary_key and f.pre_save(row, True) is None)]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    columns, marks = ", ".join(str(f.column) for f in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({marks}) ON CONFLICT (coop_id, {unique}) DO NOTHING", values
        )
        row._state.adding = False
        return bool(cursor.rowcount)


def first(row: M, *, unique: str = "key") -> tuple[M, bool]:
    """Insert a row, or return the one that was there first; with whether it was new."""
    if insert_once(row, unique=unique):
        return row, True
    return type(row).objects.get(**{name: getattr(row, name) for name in unique.split(", ")}), False

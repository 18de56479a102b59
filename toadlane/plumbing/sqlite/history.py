"""What an engine keeps of rows that have been written over: their earlier versions, in the order in which they came.

One look at such a store is a look at every moment since. Where that must not be, as with secret votes, the earlier versions
are done away with: SQLite's write-ahead log is folded into the database and cut off, PostgreSQL's dead rows are swept out.
"""

import sqlite3
from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction


def forget_after_commit(tables: Sequence[str], *, sweep: bool = False) -> None:
    """Keep no earlier versions of these tables once this transaction has ended; with SQLite, of none.

    :param sweep: do it on PostgreSQL too, where it takes a look through the whole of the tables
    """
    transaction.on_commit(lambda: forget(tables, sweep=sweep), robust=True)


def forget(tables: Sequence[str], *, sweep: bool = True) -> bool:
    """Do it now, outside a transaction; return whether it could be. Somebody who reads or writes at this moment prevents it."""
    if connection.in_atomic_block:
        return False
    if connection.vendor == "sqlite":
        return _cut_log()
    if not sweep:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {', '.join(connection.ops.quote_name(table) for table in tables)}")
    except DatabaseError:
        return False
    return True


def _cut_log() -> bool:
    # Beside Django's cursor, which would wait: whoever comes next tries again.
    try:
        (busy, _frames, _folded), *_ = connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError:
        return False
    return not busy

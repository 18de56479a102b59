"""Django's SQLite with another way of waiting for the one writer.

SQLite itself looks again after 1, 2, 5 and soon after 100 milliseconds: while some hand the lock to each other every few
milliseconds, those who have waited longest look least often. Here everybody looks again every few milliseconds.
"""

import sqlite3
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

PATIENCE = 20.0  # seconds
SHORTEST, LONGEST = 0.0005, 0.004


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)


class Cursor(base.SQLiteCursorWrapper):
    def execute(self, query: str, params: Any = None) -> Any:
        return self._when_free(lambda: super(Cursor, self).execute(query, params))

    def executemany(self, query: str, param_list: Any) -> Any:
        rows = list(param_list)
        return self._when_free(lambda: super(Cursor, self).executemany(query, rows))

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Write placeholders as SQLite has them: the same statements come again and again."""
        return _converted(query) if param_names is None else super().convert_query(query, param_names=param_names)

    def _when_free(self, ask: Callable[[], Any]) -> Any:
        """Ask, and again while somebody else writes. Inside a transaction waiting is no use: it has the lock, or never will."""
        pause, until = SHORTEST, 0.0
        while True:
            try:
                return ask()
            except sqlite3.OperationalError as error:
                now = time.monotonic()
                until = until or now + PATIENCE
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or self.connection.in_transaction or now >= until:
                    raise
                time.sleep(pause)
                pause = min(pause * 1.5, LONGEST)


@lru_cache(maxsize=2048)
def _converted(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")

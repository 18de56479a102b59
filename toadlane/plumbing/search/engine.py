"""Which engine this server uses, and the one way to it."""

from collections.abc import Callable, Iterable
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from toadlane.plumbing.search.port import Document, Hit, Query, SearchEngine

Source = Callable[[], Iterable[Document]]

_source: Source | None = None


def declare_source(documents: Source) -> None:
    """Say what there is to find in the co-op in scope. Called once, in the `wiring` of the room that has it."""
    global _source  # noqa: PLW0603
    assert _source is None, "search has a source already"
    _source = documents


def source_name() -> str:
    return f"{_source.__module__}.{_source.__qualname__}" if _source else ""


def engine() -> SearchEngine:
    return _engine(settings.TOADLANE_SEARCH or connection.vendor)


def find(query: Query) -> list[Hit]:
    return engine().find(query)


def index(documents: Iterable[Document]) -> None:
    engine().index(documents)


def remove(ids: Iterable[int]) -> None:
    engine().remove(ids)


def rebuild() -> int:
    """Make the index of the co-op in scope anew, out of what is there now; return how many documents it holds."""
    return engine().rebuild(_documents())


def _documents() -> Iterable[Document]:
    return _source() if _source else ()


@cache
def _engine(setting: str) -> SearchEngine:
    """:raises ImproperlyConfigured: with what can be said instead"""
    if setting in ("sqlite", "embedded"):
        from toadlane.plumbing.search.embedded import EmbeddedEngine

        return EmbeddedEngine(_documents)
    if setting == "postgresql":
        from toadlane.plumbing.search.postgresql import PostgreSQLEngine

        return PostgreSQLEngine()
    if setting.startswith(("opensearch://", "opensearchs://")):
        from toadlane.plumbing.search.opensearch import OpenSearchEngine

        return OpenSearchEngine(setting)
    raise ImproperlyConfigured(f"TOADLANE_SEARCH={setting!r}: say embedded, postgresql or opensearch://host:9200/prefix")

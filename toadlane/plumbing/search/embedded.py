"""The embedded engine: a tantivy index beside the database, one folder for each co-op.

The index is a copy that can always be made again. A small file names the folder that counts: a rebuild fills a new one and
then turns that file, which every process sees at once. Writers take turns by a lock on the co-op's folder.
"""

import fcntl
import os
import re
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import tantivy
from django.conf import settings

from toadlane.plumbing.search.port import Box, Document, Hit, Query, Sort, distance_km, facet_terms, fold
from toadlane.plumbing.tenancy.scope import current_coop_id

HEAP_BYTES = 15_000_000
REBUILD_HEAP_BYTES = 60_000_000
OPEN_AT_ONCE = 64
# When everything found has to be measured before it can be sorted.
MOST_MEASURED = 20_000
# A degree in units of a whole number: a tenth of a second of arc is nearer than anybody lives.
UNITS = 100_000
CURRENT, LOCK = "current", "lock"


class EmbeddedEngine:
    name = "embedded"

    def __init__(self, source: Callable[[], Iterable[Document]]) -> None:
        self._source = source
        self._open: OrderedDict[Path, tuple[tantivy.Index, int]] = OrderedDict()
        self._lock = Lock()

    def index(self, documents: Iterable[Document]) -> None:
        with _turn():
            path = _folder()
            if path is None:
                # What was there before this first document has to be in as well.
                path, documents = _new_folder(), [*self._source(), *documents]
            self._write(path, documents, [], HEAP_BYTES)
            _point_at(path)

    def remove(self, ids: Iterable[int]) -> None:
        with _turn():
            if path := _folder():
                self._write(path, [], ids, HEAP_BYTES)

    def rebuild(self, documents: Iterable[Document]) -> int:
        with _turn():
            # What is indexed meanwhile waits, and goes into the new index.
            path, before = _new_folder(), _folder()
            count = self._write(path, documents, [], REBUILD_HEAP_BYTES)
            _point_at(path)
            for old in path.parent.iterdir():
                # The one before stays until the next time: somebody may be reading in it.
                if old not in (path, before) and old.is_dir():
                    shutil.rmtree(old, ignore_errors=True)
        return count

    def find(self, query: Query) -> list[Hit]:
        path = _folder()
        if path is None:
            # Nothing has been indexed yet, or a backup was restored without the index.
            self.rebuild(self._source())
            path = _folder()
            assert path is not None
        searcher = self._searcher(path)
        wanted = _query(query)
        if query.sort is Sort.DISTANCE and query.center:
            return self._nearest(searcher, wanted, query)
        if query.sort in (Sort.PRICE, Sort.PRICE_DOWN):
            order = tantivy.Order.Asc if query.sort is Sort.PRICE else tantivy.Order.Desc
            found = searcher.search(wanted, query.limit, False, "price", query.offset, order)
        elif query.words:
            found = searcher.search(wanted, query.limit, False, None, query.offset)
        else:
            # Nothing to weigh: what came last stands first.
            found = searcher.search(wanted, query.limit, False, "id", query.offset, tantivy.Order.Desc)
        ids = searcher.fast_field_values("id", [address for _key, address in found.hits])
        return [Hit(int(pk), float(key or 0)) for pk, (key, _address) in zip(ids, found.hits, strict=True)]

    @staticmethod
    def _nearest(searcher: Any, wanted: Any, query: Query) -> list[Hit]:
        assert query.center
        addresses = [address for _key, address in searcher.search(wanted, MOST_MEASURED, False, "id").hits]
        rows = zip(
            searcher.fast_field_values("id", addresses),
            searcher.fast_field_values("latitude", addresses),
            searcher.fast_field_values("longitude", addresses),
            strict=True,
        )
        measured = []
        for pk, latitude, longitude in rows:
            if latitude is not None and longitude is not None:
                km = distance_km(query.center, (latitude / UNITS, longitude / UNITS))
                if query.radius_km is None or km <= query.radius_km:
                    measured.append((km, -pk))
        return [Hit(-pk, km) for km, pk in sorted(measured)[query.offset : query.offset + query.limit]]

    def _write(self, path: Path, documents: Iterable[Document], gone: Iterable[int], heap: int) -> int:
        path.mkdir(parents=True, exist_ok=True)
        writer, count = tantivy.Index(SCHEMA, path=str(path)).writer(heap, 1), 0
        for document in documents:
            writer.delete_documents_by_term("id", document.id)
            writer.add_document(_document(document))
            count += 1
        for pk in gone:
            writer.delete_documents_by_term("id", pk)
        writer.commit()
        # Whoever merges in the background also clears away files that the next writer may be about to open.
        writer.wait_merging_threads()
        return count

    def _searcher(self, path: Path) -> Any:
        """Return a searcher that sees the last commit of any process."""
        changed = (path / "meta.json").stat().st_mtime_ns
        with self._lock:
            index, seen = self._open.pop(path, (None, 0))
            if index is None:
                index = tantivy.Index.open(str(path))
                index.config_reader("Manual", 1)
                index.reload()
            elif seen != changed:
                index.reload()
            self._open[path] = (index, changed)
            while len(self._open) > OPEN_AT_ONCE:
                self._open.popitem(last=False)
        return index.searcher()


def _root() -> Path:
    """Return the folder of the co-op in scope. Fails outside one."""
    return Path(settings.TOADLANE_SEARCH_ROOT) / str(current_coop_id())


def _folder() -> Path | None:
    """Return the index that counts, or None while there is none."""
    root = _root()
    try:
        path = root / (root / CURRENT).read_text()
    except FileNotFoundError:
        return None
    return path if (path / "meta.json").exists() else None


def _new_folder() -> Path:
    return _root() / uuid4().hex


def _point_at(path: Path) -> None:
    """Turn readers to another index, in one step: a file is replaced whole or not at all."""
    current = path.parent / CURRENT
    if not current.exists() or current.read_text() != path.name:
        beside = path.parent / f"{CURRENT}.{path.name}"
        beside.write_text(path.name)
        os.replace(beside, current)


@contextmanager
def _turn() -> Iterator[None]:
    """Let one writer at a time change a co-op's index, whichever process it is in."""
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "price", "latitude", "longitude"):
        builder.add_integer_field(name, indexed=name == "id", fast=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("facets", tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()
_INTEGER = tantivy.FieldType.Integer
MUST, SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


def _document(document: Document) -> Any:
    fields: dict[str, Any] = {
        "id": document.id, "title": fold(document.title), "text": fold(document.text), "facets": facet_terms(document.facets),
        "price": document.price_minor,
        "latitude": None if document.latitude is None else round(document.latitude * UNITS),
        "longitude": None if document.longitude is None else round(document.longitude * UNITS),
    }  # fmt: skip
    return tantivy.Document.from_dict({name: value for name, value in fields.items() if value is not None}, SCHEMA)


def _query(query: Query) -> Any:
    parts = [(MUST, _word(word)) for word in query.words]
    parts += [(MUST, _without_weight(_in(box))) for box in query.boxes]
    if query.least_minor is not None or query.most_minor is not None:
        within = tantivy.Query.range_query(SCHEMA, "price", _INTEGER, query.least_minor, query.most_minor)
        parts.append((MUST, _without_weight(within)))
    for name, values in query.facets.items():
        terms = [(SHOULD, tantivy.Query.term_query(SCHEMA, "facets", f"{name}={value}", "basic")) for value in values]
        parts.append((MUST, _without_weight(tantivy.Query.boolean_query(terms))))
    return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()


def _word(word: str) -> Any:
    """A word counts most in the title; its beginning counts too, so that a singular finds its plural."""
    ways = [
        (SHOULD, tantivy.Query.boost_query(tantivy.Query.term_query(SCHEMA, "title", word, "freq"), 3.0)),
        (SHOULD, tantivy.Query.term_query(SCHEMA, "text", word, "freq")),
    ]
    if len(word) > 2:
        begins = re.escape(word) + ".+"
        ways.append((SHOULD, tantivy.Query.const_score_query(tantivy.Query.regex_query(SCHEMA, "title", begins), 1.0)))
        ways.append((SHOULD, tantivy.Query.const_score_query(tantivy.Query.regex_query(SCHEMA, "text", begins), 0.2)))
    return tantivy.Query.boolean_query(ways)


def _in(box: Box) -> Any:
    def between(name: str, low: float, high: float) -> Any:
        return tantivy.Query.range_query(SCHEMA, name, _INTEGER, round(low * UNITS), round(high * UNITS))

    sides = [(SHOULD, between("longitude", west, east)) for west, east in box.stretches]
    return tantivy.Query.boolean_query(
        [(MUST, between("latitude", box.south, box.north)), (MUST, tantivy.Query.boolean_query(sides))]
    )


def _without_weight(query: Any) -> Any:
    return tantivy.Query.const_score_query(query, 0.0)

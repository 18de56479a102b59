"""The PostgreSQL engine: a row for each document, its words kept by the database, found through a GIN index."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import connection, transaction

from toadlane.plumbing.search.models import Entry
from toadlane.plumbing.search.port import Box, Document, Hit, Query, Sort, distance_km, facet_terms, fold
from toadlane.plumbing.tenancy.scope import current_coop_id

MOST_RANKED = 2_000
MOST_MEASURED = 20_000
AT_ONCE = 1_000
KEPT = ["title", "body", "facets", "price_minor", "latitude", "longitude"]


class PostgreSQLEngine:
    name = "postgresql"

    def index(self, documents: Iterable[Document]) -> None:
        rows = iter(documents)
        while batch := list(islice(rows, AT_ONCE)):
            Entry.objects.bulk_create(
                [_entry(one) for one in batch], update_conflicts=True, unique_fields=["coop", "document_id"], update_fields=KEPT
            )

    def remove(self, ids: Iterable[int]) -> None:
        Entry.objects.filter(coop_id=current_coop_id(), document_id__in=list(ids)).delete()

    @transaction.atomic
    def rebuild(self, documents: Iterable[Document]) -> int:
        Entry.objects.filter(coop_id=current_coop_id()).delete()
        self.index(documents)
        return Entry.objects.filter(coop_id=current_coop_id()).count()

    def find(self, query: Query) -> list[Hit]:
        where, values = _where(query)
        with connection.cursor() as cursor:
            if query.sort is Sort.DISTANCE and query.center:
                return _nearest(cursor, where, values, query)
            cursor.execute(*_statement(where, values, query))
            return [Hit(pk, float(score or 0)) for pk, score in cursor.fetchall()]


def _entry(document: Document) -> Entry:
    return Entry(
        document_id=document.id, title=fold(document.title), body=fold(document.text), facets=facet_terms(document.facets),
        price_minor=document.price_minor, latitude=document.latitude, longitude=document.longitude,
    )  # fmt: skip


def _tsquery(query: Query) -> str:
    # Folded words are letters and digits alone, so that nothing in them can be taken for an operator.
    return " & ".join(f"{word}:*" if len(word) > 2 else word for word in query.words)


def _where(query: Query) -> tuple[str, list[Any]]:
    parts: list[str] = ["coop_id = %s"]
    values: list[Any] = [current_coop_id()]
    if query.words:
        parts.append("words @@ to_tsquery('simple', %s)")
        values.append(_tsquery(query))
    for box in query.boxes:
        text, numbers = _in(box)
        parts.append(text)
        values += numbers
    if query.least_minor is not None:
        parts.append("price_minor >= %s")
        values.append(query.least_minor)
    if query.most_minor is not None:
        parts.append("price_minor <= %s")
        values.append(query.most_minor)
    for name, wanted in query.facets.items():
        parts.append("facets ?| %s::text[]")
        values.append([f"{name}={value}" for value in wanted])
    return " AND ".join(parts), values


def _in(box: Box) -> tuple[str, list[float]]:
    sides = " OR ".join("longitude BETWEEN %s AND %s" for _side in box.stretches)
    return f"latitude BETWEEN %s AND %s AND ({sides})", [box.south, box.north, *(edge for side in box.stretches for edge in side)]


def _statement(where: str, values: list[Any], query: Query) -> tuple[str, list[Any]]:
    page = [query.limit, query.offset]
    if query.sort is Sort.PRICE:
        tail = "ORDER BY price_minor ASC NULLS LAST, document_id DESC"
    elif query.sort is Sort.PRICE_DOWN:
        tail = "ORDER BY price_minor DESC NULLS LAST, document_id DESC"
    elif query.words:
        # Filtered first, then ranked, and of a very common word only the newest: ranking is what costs.
        inner = f"SELECT document_id, words FROM search_entry WHERE {where} ORDER BY document_id DESC LIMIT {MOST_RANKED}"
        return (
            f"SELECT document_id, ts_rank('{{0.1, 0.2, 0.3, 1.0}}', words, to_tsquery('simple', %s)) AS score "
            f"FROM ({inner}) AS found ORDER BY score DESC, document_id DESC LIMIT %s OFFSET %s",
            [_tsquery(query), *values, *page],
        )
    else:
        tail = "ORDER BY document_id DESC"
    return f"SELECT document_id, 0 FROM search_entry WHERE {where} {tail} LIMIT %s OFFSET %s", [*values, *page]


def _nearest(cursor: Any, where: str, values: list[Any], query: Query) -> list[Hit]:
    assert query.center
    cursor.execute(
        f"SELECT document_id, latitude, longitude FROM search_entry WHERE {where} AND latitude IS NOT NULL "
        f"ORDER BY document_id DESC LIMIT {MOST_MEASURED}",
        values,
    )
    measured = sorted((distance_km(query.center, (latitude, longitude)), -pk) for pk, latitude, longitude in cursor.fetchall())
    near = [(km, pk) for km, pk in measured if query.radius_km is None or km <= query.radius_km]
    return [Hit(-pk, km) for km, pk in near[query.offset : query.offset + query.limit]]

"""The PostgreSQL engine: a row for each document, its words kept by the database, found through a GIN index."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from psycopg import sql

from toadlane.plumbing.search.models import Entry, Weighed
from toadlane.plumbing.search.port import EARTH_KM, Box, Document, Hit, Query, Sort, facet_terms, fold
from toadlane.plumbing.tenancy.scope import current_coop_id

MOST_RANKED = 1_000
AT_ONCE = 1_000
KEPT = ["words", "facets", "price_minor", "latitude", "longitude"]


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
        with connection.cursor() as cursor:
            # A planner that believes the table as empty as it was walks past the index of words.
            cursor.execute("ANALYZE search_entry")
        return Entry.objects.filter(coop_id=current_coop_id()).count()

    def find(self, query: Query) -> list[Hit]:
        with connection.cursor() as cursor:
            cursor.execute(*_statement(*_where(query), query))
            return [Hit(pk, float(score or 0)) for pk, score in cursor.fetchall()]


def _entry(document: Document) -> Entry:
    words: Any = Weighed(Value(fold(document.title)), Value(fold(document.text)))
    return Entry(
        document_id=document.id, words=words, facets=facet_terms(document.facets), price_minor=document.price_minor,
        latitude=document.latitude, longitude=document.longitude,
    )  # fmt: skip


def _tsquery(query: Query) -> str:
    """Return the words as SQL. They stand in the statement: a plan made for any word would be wrong for the common ones.

    Folded words are letters and digits alone, so that nothing in them can be taken for an operator; they are quoted besides.
    """
    asked = " & ".join(f"{word}:*" if len(word) > 2 else word for word in query.words)
    quoted = sql.Literal(asked).as_string().replace("%", "%%")
    return f"to_tsquery('simple', {quoted})"


def _where(query: Query) -> tuple[str, list[Any]]:
    parts: list[str] = ["coop_id = %s"]
    values: list[Any] = [current_coop_id()]
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
    if query.words:
        # Last, for whoever does not come by the index of words: of these questions it takes longest to answer.
        parts.append(f"words @@ {_tsquery(query)}")
    return " AND ".join(parts), values


def _in(box: Box) -> tuple[str, list[float]]:
    sides = " OR ".join("longitude BETWEEN %s AND %s" for _side in box.stretches)
    return f"latitude BETWEEN %s AND %s AND ({sides})", [box.south, box.north, *(edge for side in box.stretches for edge in side)]


def _statement(where: str, values: list[Any], query: Query) -> tuple[str, list[Any]]:
    page = [query.limit, query.offset]
    if query.sort is Sort.DISTANCE and query.center:
        return _nearest(where, values, query, query.center)
    if query.sort is Sort.PRICE:
        tail = "ORDER BY price_minor ASC NULLS LAST, document_id DESC"
    elif query.sort is Sort.PRICE_DOWN:
        tail = "ORDER BY price_minor DESC NULLS LAST, document_id DESC"
    elif query.words:
        # Filtered first, then ranked, and of a very common word only the newest: ranking is what costs.
        inner = f"SELECT document_id, words FROM search_entry WHERE {where} ORDER BY document_id DESC LIMIT {MOST_RANKED}"
        return (
            f"SELECT document_id, ts_rank('{{0.1, 0.2, 0.3, 1.0}}', words, {_tsquery(query)}) AS score "
            f"FROM ({inner}) AS found ORDER BY score DESC, document_id DESC LIMIT %s OFFSET %s",
            [*values, *page],
        )
    else:
        tail = "ORDER BY document_id DESC"
    return f"SELECT document_id, 0 FROM search_entry WHERE {where} {tail} LIMIT %s OFFSET %s", [*values, *page]


def _nearest(where: str, values: list[Any], query: Query, center: tuple[float, float]) -> tuple[str, list[Any]]:
    """Measure as `port.distance_km` does, where the rows are: thousands may lie within the box and 72 are wanted."""
    half = (
        "power(sin(radians(latitude - %s) / 2), 2)"
        " + cos(radians(%s)) * cos(radians(latitude)) * power(sin(radians(longitude - %s) / 2), 2)"
    )
    within, radius = ("WHERE km <= %s ", [query.radius_km]) if query.radius_km is not None else ("", [])
    return (
        f"SELECT document_id, km FROM (SELECT document_id, {2 * EARTH_KM} * asin(sqrt(least(1.0, {half}))) AS km "
        f"FROM search_entry WHERE {where} AND latitude IS NOT NULL AND longitude IS NOT NULL) AS measured "
        f"{within}ORDER BY km, document_id DESC LIMIT %s OFFSET %s",
        [center[0], center[0], center[1], *values, *radius, query.limit, query.offset],
    )

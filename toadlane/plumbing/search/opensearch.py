"""The OpenSearch engine, for co-ops that have outgrown one machine: `TOADLANE_SEARCH=opensearch://host:9200/prefix`.

One index for each co-op, and every question carries the co-op as a filter besides: a wrong index name finds nothing.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from toadlane.kernel import canonical
from toadlane.plumbing.search.port import Box, Document, Hit, Query, Sort, facet_terms, fold
from toadlane.plumbing.tenancy.scope import current_coop_id

AT_ONCE = 1_000
TIMEOUT = 5.0
MAPPING = {
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "coop": {"type": "long"}, "id": {"type": "long"}, "title": {"type": "text", "analyzer": "whitespace"},
            "text": {"type": "text", "analyzer": "whitespace"}, "facets": {"type": "keyword"}, "price": {"type": "long"},
            "place": {"type": "geo_point"},
        },
    }
}  # fmt: skip


class OpenSearchEngine:
    name = "opensearch"

    def __init__(self, url: str) -> None:
        """:param url: opensearch://user:password@host:9200/prefix, or opensearchs:// for TLS"""
        parts = urlsplit(url)
        scheme = "https" if parts.scheme.endswith("s") else "http"
        self._prefix = parts.path.strip("/") or "toadlane"
        self._client = httpx.Client(
            base_url=f"{scheme}://{parts.hostname}:{parts.port or 9200}", timeout=TIMEOUT,
            auth=(parts.username, parts.password or "") if parts.username else None,
        )  # fmt: skip

    def index(self, documents: Iterable[Document]) -> None:
        if not self._exists():
            self._create(self._alias())
        self._bulk(documents, self._alias())

    def remove(self, ids: Iterable[int]) -> None:
        if self._exists():
            lines = [canonical.text({"delete": {"_id": str(pk)}}) for pk in ids]
            self._send_bulk(lines, self._alias())

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fill a new index and turn the alias to it, so that nobody sees half of it."""
        name = f"{self._alias()}-{uuid4().hex[:8]}"
        self._create(name)
        count = self._bulk(documents, name)
        known = self._client.get(f"/_alias/{self._alias()}")
        old = list(known.json()) if known.status_code == 200 else []
        if not old and self._exists():
            self._ask("DELETE", f"/{self._alias()}")
        turns = [{"remove_index": {"index": one}} for one in old] + [{"add": {"index": name, "alias": self._alias()}}]
        self._ask("POST", "/_aliases", json={"actions": turns})
        return count

    def find(self, query: Query) -> list[Hit]:
        if not self._exists():
            return []
        answer = self._ask("POST", f"/{self._alias()}/_search", json=_question(query))
        return [Hit(int(hit["_id"]), float(hit["_score"] or 0)) for hit in answer["hits"]["hits"]]

    def _alias(self) -> str:
        return f"{self._prefix}-{current_coop_id()}"

    def _exists(self) -> bool:
        return self._client.head(f"/{self._alias()}").status_code == 200

    def _create(self, name: str) -> None:
        self._ask("PUT", f"/{name}", json=MAPPING)

    def _bulk(self, documents: Iterable[Document], name: str) -> int:
        count, rows = 0, iter(documents)
        while batch := list(islice(rows, AT_ONCE)):
            lines = []
            for one in batch:
                lines += [canonical.text({"index": {"_id": str(one.id)}}), canonical.text(_source(one))]
            self._send_bulk(lines, name)
            count += len(batch)
        return count

    def _send_bulk(self, lines: list[str], name: str) -> None:
        if lines:
            body = "\n".join(lines) + "\n"
            answer = self._ask(
                "POST", f"/{name}/_bulk?refresh=true", content=body.encode(), headers={"Content-Type": "application/x-ndjson"}
            )
            faults = [row for row in answer.get("items", ()) for it in row.values() if it["status"] not in (200, 201, 404)]
            if faults:
                raise RuntimeError(f"OpenSearch refused {len(faults)} documents: {faults[0]}")

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = self._client.request(method, path, **more)
        answer.raise_for_status()
        return answer.json()


def _source(document: Document) -> dict[str, Any]:
    source: dict[str, Any] = {
        "coop": current_coop_id(), "id": document.id, "title": fold(document.title), "text": fold(document.text),
        "facets": facet_terms(document.facets), "price": document.price_minor,
    }  # fmt: skip
    if document.latitude is not None and document.longitude is not None:
        # As text: a canonical document holds no floats.
        source["place"] = f"{document.latitude},{document.longitude}"
    return source


def _question(query: Query) -> dict[str, Any]:
    filters: list[dict[str, Any]] = [{"term": {"coop": current_coop_id()}}]
    filters += [{"geo_bounding_box": {"place": _corners(box)}} for box in query.boxes]
    if query.center and query.radius_km:
        latitude, longitude = query.center
        filters.append({"geo_distance": {"distance": f"{query.radius_km}km", "place": {"lat": latitude, "lon": longitude}}})
    bounds = {"gte": query.least_minor, "lte": query.most_minor}
    if said := {name: bound for name, bound in bounds.items() if bound is not None}:
        filters.append({"range": {"price": said}})
    filters += [{"terms": {"facets": [f"{name}={value}" for value in values]}} for name, values in query.facets.items()]
    return {
        "from": query.offset, "size": query.limit, "_source": False, "sort": _sort(query),
        "track_total_hits": False, "track_scores": True,
        "query": {"bool": {"filter": filters, "must": [_word(word) for word in query.words]}},
    }  # fmt: skip


def _word(word: str) -> dict[str, Any]:
    ways: list[dict[str, Any]] = [{"term": {"title": {"value": word, "boost": 3}}}, {"term": {"text": word}}]
    if len(word) > 2:
        ways += [{"prefix": {"title": {"value": word, "boost": 1}}}, {"prefix": {"text": {"value": word, "boost": 0.2}}}]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _sort(query: Query) -> list[Any]:
    newest = {"id": "desc"}
    if query.sort is Sort.DISTANCE and query.center:
        latitude, longitude = query.center
        return [{"_geo_distance": {"place": {"lat": latitude, "lon": longitude}, "order": "asc", "unit": "km"}}, newest]
    if query.sort in (Sort.PRICE, Sort.PRICE_DOWN):
        return [{"price": {"order": "asc" if query.sort is Sort.PRICE else "desc", "missing": "_last"}}, newest]
    return ["_score", newest] if query.words else [newest]


def _corners(box: Box) -> dict[str, Any]:
    return {"top_left": {"lat": box.north, "lon": box.west}, "bottom_right": {"lat": box.south, "lon": box.east}}

"""A list that can grow comes in pages; one that does not says in the document what keeps it short."""

import pytest
from ninja import NinjaAPI, Schema

from toadlane.config.api import api
from toadlane.plumbing.access.lists import BOUNDED, bounded, paged


class Row(Schema):
    name: str


def lists(document):
    """Yield each reading operation that answers a list, bare or under `items`, with what it says of it."""
    known = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        operation = operations.get("get", {})
        for answer in (answer for status, answer in operation.get("responses", {}).items() if int(status) < 300):
            shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
            shape = known[shape["$ref"].rsplit("/", 1)[-1]] if "$ref" in shape else shape
            fields = shape.get("properties", {})
            if shape.get("type") == "array" or ("items" in fields and {"next", "items"} >= set(fields)):
                names = {parameter["name"] for parameter in operation.get("parameters", ())}
                yield path, fields, names, operation.get(BOUNDED, "")


def unpaged(document):
    return [
        path
        for path, fields, names, because in lists(document)
        if not because and not ({"cursor", "limit"} <= names and "next" in fields)
    ]


def test_every_list_comes_in_pages_or_says_what_keeps_it_short():
    document = api.get_openapi_schema()
    assert len(list(lists(document))) > 100
    assert not unpaged(document), "declare it with `paged`, or with `bounded` and the reason (plumbing/access/lists.py)"


def test_no_list_is_both():
    for path, _fields, names, because in lists(api.get_openapi_schema()):
        assert not (because and "cursor" in names), path


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (lambda view: view, ["/api/v1/rows"]),
        (bounded("one for each day of the week"), []),
        (paged("name"), []),
    ],
)
def test_a_new_list_that_says_neither_is_found(declared, found):
    @declared
    def rows(request):
        return []

    fresh = NinjaAPI(urls_namespace=f"fresh-{declared!r}")
    fresh.get("/rows", response=list[Row])(rows)
    document = fresh.get_openapi_schema(path_prefix="/api/v1/")
    assert unpaged(document) == found

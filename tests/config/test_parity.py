"""What pages can do the API can: `tests/golden/pages_and_operations.txt` names for every page the operations that do the same.

A page that only shows says so to Django (`require_GET`) or, where it does not, in the table: `reads`. A line that begins with a
hyphen says why there is no such operation.
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

import toadlane
from toadlane.config.api import api

ROOT = Path(toadlane.__file__).parent
TABLE = Path(__file__).parents[1] / "golden" / "pages_and_operations.txt"
URLS = {"server": "toadlane.config.urls", "co-op": "toadlane.config.urls_coop"}
# What pages call of services and no operation needs to.
OF_PAGES_ALONE = {
    "blueprints.founding.services.claim": "whoever calls has signed in before the first answer",
    "democracy.proposals.services.begin_draft": "whoever calls keeps the draft, and brings it forward whole",
    "democracy.proposals.services.bring_draft": "the same",
    "democracy.proposals.services.drop_draft": "the same",
    "democracy.proposals.services.keep_part": "the same",
    "democracy.proposals.services.keep_words": "the same",
    "society.people.services.begin_handover": "carries a browser's sign-in to another host",
    "society.people.services.redeem_handover": "the same",
    "trade.orders.services.open_talk": "a file without a word; the API opens a conversation with its first word",
    "trade.orders.services.placed_before": "asks whether a form was sent twice; the key of a request says so",
    "trade.orders.services.preview": "a price while one types; a quote says the same",
}


def table() -> list[tuple[str, str, str]]:
    rows = [line.split(maxsplit=2) for line in TABLE.read_text().splitlines()]
    return [(where, page, does) for where, page, does in rows]


def pages(where: str) -> Iterator[tuple[str, Any]]:
    def walk(patterns: Any, space: str = "") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if not isinstance(pattern, URLResolver):
                yield space + (pattern.name or ""), pattern.callback
            elif pattern.namespace != "api":
                yield from walk(pattern.url_patterns, space + (f"{pattern.namespace}:" if pattern.namespace else ""))

    return walk(get_resolver(URLS[where]).url_patterns)


def may_change(view: Any) -> bool:
    """Return whether a page takes a POST, or does not say that it takes none."""
    if of_class := getattr(view, "view_class", None):
        return hasattr(of_class, "post")
    while view is not None:
        for cell in view.__closure__ or ():
            kept = cell.cell_contents
            if isinstance(kept, list | tuple) and kept and all(isinstance(one, str) and one.isupper() for one in kept):
                return "POST" in kept
        view = getattr(view, "__wrapped__", None)
    return True


def test_every_page_that_changes_something_has_an_operation_that_does_the_same():
    found = {(where, name) for where in URLS for name, view in pages(where) if may_change(view)}
    told = {(where, page) for where, page, _does in table()}
    assert not found - told, f"say in {TABLE.name} which operation does the same"
    assert not told - found, "there is no such page any more, or it only reads"
    assert table() == sorted(table()), "in order"


def test_the_operations_named_are_there():
    known = {operation["operationId"] for view in api.get_openapi_schema()["paths"].values() for operation in view.values()}
    for where, page, does in table():
        if does != "reads" and not does.startswith("- "):
            assert set(does.split()) <= known, (where, page)


@pytest.mark.parametrize("where", URLS)
def test_what_is_said_to_read_does_only_read(where):
    views = dict(pages(where))
    for there, page, does in table():
        if there == where and does == "reads":
            source = inspect.getsource(inspect.unwrap(views[page]))
            assert "POST" not in source, page


def services_called(folder: Path, surface: str) -> set[str]:
    """Return the services that the files of a surface name, as in `trade.orders.services.say`."""
    found = set()
    for path in [*folder.glob(f"{surface}.py"), *folder.glob(f"{surface}/**/*.py")]:
        tree = ast.parse(path.read_text())
        rooms = {
            one.asname or one.name: f"{node.module}.{one.name}".removeprefix("toadlane.")
            for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
            for one in node.names if one.name == "services"
        }  # fmt: skip
        found |= {
            f"{rooms[node.value.id]}.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in rooms
        }
    return {name for name in found if name.rpartition(".")[2].islower()}


def test_every_service_that_pages_call_is_called_by_an_operation():
    rooms = {path.parent for path in ROOT.glob("*/*/urls.py")} | {path.parent for path in ROOT.glob("*/*/apps.py")}
    by_api = set().union(*(services_called(room, "api") for room in rooms))
    by_pages = set().union(*(services_called(room, "views") for room in rooms))
    assert by_pages - by_api == set(OF_PAGES_ALONE), "an operation is missing, or an exception is none any more"


def test_a_page_without_a_line_would_be_caught():
    def change_all(request):
        """A view that says nothing of its methods."""

    from django.views.decorators.http import require_GET, require_http_methods, require_POST

    assert may_change(change_all) and may_change(require_POST(change_all))
    assert may_change(require_http_methods(["GET", "POST"])(change_all)) and not may_change(require_GET(change_all))

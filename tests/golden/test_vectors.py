"""Every golden vector, through the code that is to obey it.

`TOADLANE_GOLDEN` names another folder of vectors in the same form; a file keeps its name there, its cases may be others.
An adapter that needs rows names the fixtures it wants, `FIXTURES = ("inside", "board")`, and is given them by name.
"""

import importlib
import importlib.util
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.adapters import Case

VECTORS = Path(os.environ.get("TOADLANE_GOLDEN") or Path(__file__).parent / "vectors")
FILES = {path.stem: path for path in sorted(VECTORS.glob("*.yaml"))}
if "TOADLANE_GOLDEN" not in os.environ:
    # Cases of our own, in the same form: edges that the given ones leave open.
    FILES |= {f"further/{path.stem}": path for path in sorted((Path(__file__).parent / "further").glob("*.yaml"))}


def adapter_of(stem: str) -> Any | None:
    name = f"tests.golden.adapters.f{stem.rpartition('/')[2]}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


@cache
def document_of(stem: str) -> dict[str, Any]:
    return yaml.safe_load(FILES[stem].read_text())


def ids_in(node: Any) -> Iterator[str]:
    """Find the cases of a document wherever they stand: everything with an `id`."""
    if isinstance(node, dict):
        if "id" in node:
            yield str(node["id"])
            return
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from ids_in(child)


def marks_of(stem: str) -> list[pytest.MarkDecorator]:
    """Ask for the database before the test begins: a fixture that is named only later comes too late for it."""
    return [pytest.mark.django_db] if getattr(adapter_of(stem), "FIXTURES", ()) else []


ROOMS = [pytest.param(stem, id=stem, marks=marks_of(stem)) for stem in FILES]
CASES = [
    pytest.param(stem, name, id=f"{stem}-{name}", marks=marks_of(stem))
    for stem in FILES
    if adapter_of(stem)
    for name in dict.fromkeys(ids_in(document_of(stem)))
]  # fmt: skip


_outcomes: dict[str, dict[str, list[Case]]] = {}


def cases_of(stem: str, request: pytest.FixtureRequest) -> dict[str, list[Case]]:
    """Run a file once, and return what its cases came to, by id."""
    if stem not in _outcomes:
        adapter = adapter_of(stem)
        assert adapter
        fixtures = {name: request.getfixturevalue(name) for name in getattr(adapter, "FIXTURES", ())}
        found: dict[str, list[Case]] = {}
        for case in adapter.run(document_of(stem), **fixtures):
            found.setdefault(str(case[0]), []).append(Case(*case))
        _outcomes[stem] = found
    return _outcomes[stem]


@pytest.mark.parametrize(("stem", "name"), CASES)
def test_a_vector(stem: str, name: str, request: pytest.FixtureRequest) -> None:
    found = cases_of(stem, request).get(name, [])
    assert found, f"the adapter of {stem} never came to {name}"
    for _, actual, expected in found:
        assert actual == expected


@pytest.mark.parametrize("stem", ROOMS)
def test_a_file_is_run_whole(stem: str, request: pytest.FixtureRequest) -> None:
    assert adapter_of(stem), f"{stem}.yaml has no adapter"
    cases = cases_of(stem, request)
    assert cases, f"{stem}.yaml has nothing to try"
    for name, found in cases.items():
        for case in found:
            assert case.actual == case.expected, name


def test_the_vectors_are_all_there() -> None:
    assert len(FILES) >= 1, f"no vectors in {VECTORS}"

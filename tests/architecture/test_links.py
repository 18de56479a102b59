"""Links by name, in templates and in code, lead to something: in the same room, or further down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from tests.architecture.test_schema import ROOT, height

HOUSE = ROOT / "toadlane"
NAMED = re.compile(r"""{%\s*(?:url|server_url)\s+['"](\w+):(\w+)['"]""")
# Composition knows every room; what stands on the board over the door is said by the rooms themselves.
COMPOSING = ("config",)


def names_of(urlconf: str) -> set[tuple[str, str]]:
    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, pattern.namespace or space)
            elif pattern.name:
                yield space, pattern.name

    return set(walk(get_resolver(urlconf), ""))


def rooms() -> dict[str, str]:
    """Return the module of the room that each namespace belongs to."""
    found = {"api": "toadlane.config.api"}
    for file in HOUSE.glob("*/*/urls.py"):
        found[file.parent.name] = ".".join(file.parent.relative_to(ROOT).parts)
    return found | {"ui": "toadlane.ui.urls"}


def named_in(source: str, *, is_python: bool) -> list[tuple[str, str]]:
    if not is_python:
        return NAMED.findall(source)
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    names = [
        call.args[position].value
        for call in calls
        if isinstance(call.func, ast.Name | ast.Attribute)
        # `nav.address` asks whether a page is there, and is content with no.
        if ast.unparse(call.func) != "nav.address"
        for position in range(min(2, len(call.args)))
        if ast.unparse(call.func).split(".")[-1] in ("reverse", "reverse_lazy", "redirect", "address")
        and isinstance(call.args[position], ast.Constant)
    ]
    return [tuple(name.split(":")) for name in names if isinstance(name, str) and re.fullmatch(r"\w+:\w+", name)]


def test_a_name_is_found_in_templates_and_in_code():
    assert named_in("{% url 'a:b' x %}{% server_url \"c:d\" %}", is_python=False) == [("a", "b"), ("c", "d")]
    source = "redirect('a:b', 1)\nreverse('c:d')\ncoops.address(coop, 'e:f')\nfoo('g:h')"
    assert named_in(source, is_python=True) == [("a", "b"), ("c", "d"), ("e", "f")]


LINKING = [
    file for file in sorted([*HOUSE.rglob("*.py"), *HOUSE.rglob("templates/**/*.html")]) if "migrations" not in file.parts
]  # fmt: skip


def faults(file: Path, known: set[tuple[str, str]], rooms: dict[str, str]) -> Iterator[str]:
    parts = file.relative_to(HOUSE).with_suffix("").parts
    own = f"toadlane.{'.'.join(parts[:2])}"
    for space, name in named_in(file.read_text(), is_python=file.suffix == ".py"):
        if space not in {known_space for known_space, _ in known}:
            continue  # A room without pages yet.
        if (space, name) not in known:
            yield f"{file.relative_to(ROOT)}: there is no {space}:{name}"
        elif space in rooms and parts[0] not in (*COMPOSING, "ui") and rooms[space] != own:
            if rooms[space].startswith("toadlane.ui") or height(rooms[space]) < height(own):
                continue
            yield f"{file.relative_to(ROOT)} links up to {space}:{name}"


def test_every_link_leads_somewhere_and_not_upwards():
    known = names_of("toadlane.config.urls") | names_of("toadlane.config.urls_coop")
    found = [fault for file in LINKING for fault in faults(file, known, rooms())]
    assert not found, "\n".join(found)


def test_the_check_knows_what_is_broken(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.architecture.test_links.HOUSE", tmp_path / "toadlane")
    monkeypatch.setattr("tests.architecture.test_links.ROOT", tmp_path)
    views = tmp_path / "toadlane" / "money" / "ledger" / "views.py"
    views.parent.mkdir(parents=True)
    views.write_text("redirect('orders:detail', 1)\nreverse('ledger:nothing')\nredirect('members:index')")
    known = {("orders", "detail"), ("members", "index"), ("ledger", "index")}
    where = {"orders": "toadlane.trade.orders", "members": "toadlane.society.members", "ledger": "toadlane.money.ledger"}
    up, missing = sorted(faults(views, known, where), reverse=True)
    assert "links up to orders:detail" in missing + up and "there is no ledger:nothing" in missing + up


@pytest.mark.parametrize("urlconf", ["toadlane.config.urls", "toadlane.config.urls_coop"])
def test_every_page_has_a_name(urlconf):
    assert len(names_of(urlconf)) > 10

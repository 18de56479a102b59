"""What is not written down is not there: settings, commands and rules; API operations are in `tests/config/test_api.py`."""

import re
import tomllib
from pathlib import Path

import pytest

from toadlane.config.cli import COMMANDS
from toadlane.config.environment import PREFIX, SETTINGS
from toadlane.plumbing.tenancy import invariants
from toadlane.society.bylaws import rules
from tools import documented

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
HOW = "write it down: .venv/bin/python tools/documented.py"


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS.values() if setting.of == "operators"])
def test_a_setting_is_in_the_operators_guide(name):
    assert f"`{PREFIX}{name}`" in (DOCS / "operators.md").read_text(), HOW


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_operators_guide(name):
    assert f"`toadlane {name}`" in (DOCS / "operators.md").read_text(), HOW


def test_every_rule_is_written_down_and_no_other():
    page = (DOCS / "rules.md").read_text()
    assert set(re.findall(r"^\| `([\w.]+)`", page, re.MULTILINE)) == set(rules.declared()), HOW


@pytest.mark.parametrize("page", documented.pages(), ids=lambda page: page.name)
def test_what_the_code_knows_best_is_written_as_it_is_by_now(page):
    assert page.read_text() == documented.pages()[page], HOW


def test_the_glossary_says_each_word_once_and_in_order():
    words = re.findall(r"^\| (.+?) \|", (DOCS / "glossary.md").read_text(), re.MULTILINE)[1:]
    assert words == sorted(set(words), key=str.casefold)


def test_an_invariant_that_is_named_can_be_asked():
    """Names in prose go stale in silence: whoever reads one looks for it in what `verify` prints."""
    known = {one.removeprefix("server: ") for one in invariants.declared()} | set(rules.declared())
    rooms = {name.split(".")[0] for name in known}
    # Of a file alone, other things are asked: they are in the code that asks them.
    asked_of_files = "\n".join(file.read_text() for file in (ROOT / "toadlane/commons/records").rglob("*.py"))
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        for name in re.findall(r"`([a-z]+\.[a-z_]+)`", page.read_text()):
            is_name = name.split(".")[0] in rooms and not name.endswith((".md", ".py", ".toml", ".json", ".html"))
            assert not is_name or name in known or f'"{name}"' in asked_of_files, f"{page.name} names {name}"


def test_every_setting_that_is_read_is_declared():
    for file in (DOCS.parent / "toadlane").rglob("*.py"):
        for name in re.findall(r"environ(?:\.get\(|\[)[\"']TOADLANE_(\w+)", file.read_text()):
            assert name in SETTINGS, f"{file}: {name}"


def test_links_between_the_pages_lead_somewhere():
    for page in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_room_of_the_house_is_on_its_plan():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    plan = (DOCS / "architecture.md").read_text()
    for floor in ("commons", "ownership", "trade", "money", "democracy", "society", "plumbing"):
        row = next(line for line in plan.splitlines() if line.startswith(f"| `{floor}` |"))
        layers = next(contract["layers"] for contract in contracts if contract["id"] == f"rooms-{floor}")
        rooms = {room.strip() for layer in layers for room in layer.split("|")}
        # A room that is only a door yet is not shown to visitors.
        built = {room for room in rooms if len(list((ROOT / "toadlane" / floor / room).rglob("*.py"))) > 3}
        assert not [room for room in built if room not in row], floor

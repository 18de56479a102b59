"""What is not written down is not there: settings, commands and rules; API operations are in `tests/config/test_api.py`."""

import re
import tomllib
from pathlib import Path

import pytest

from toadlane.config.cli import COMMANDS
from toadlane.config.environment import PREFIX, SETTINGS
from toadlane.society.bylaws import rules

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

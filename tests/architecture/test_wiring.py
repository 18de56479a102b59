"""Every connection that the imports do not show, in one file: a new one shows in the diff."""

import tomllib
from pathlib import Path

import pytest

from toadlane.blueprints import installer
from toadlane.plumbing.outbox import registry
from toadlane.society.bylaws import rules

GOLDEN = Path(__file__).parents[1] / "golden" / "wiring.txt"
LIBRARY = sorted(path for path in installer.LIBRARY.iterdir() if path.is_dir())


def test_the_wiring_is_the_one_we_agreed_on():
    lines = [f"event     {connection}" for connection in registry.connections()]
    lines += [f"rule      {rule} -> {owner}" for rule, owner in rules.sections().items()]
    assert lines == [line for line in GOLDEN.read_text().splitlines() if line]


@pytest.mark.parametrize("folder", LIBRARY, ids=lambda folder: folder.name)
def test_a_blueprint_is_valid_and_holds_data_only(folder):
    written = tomllib.loads((folder / "bylaws.toml").read_text())
    rules.compose(values=installer.known_values(folder.name), currency="EUR", guards=written.get("guards"))
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} <= {".toml", ".css", ".md", ".po"}

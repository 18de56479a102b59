"""Every connection that the imports do not show, in one file: a new one shows in the diff.

`TOADLANE_REWRITE=1 pytest tests/architecture/test_wiring.py` writes the file anew; read the diff before you commit it.
"""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from toadlane.blueprints import installer
from toadlane.democracy.ballots.queries import doors, waits
from toadlane.democracy.proposals.queries import lent as proposals
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.files.permissions import declared_readers
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.search import engine
from toadlane.plumbing.tenancy import invariants
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.rules import countable, decisions, dry_runs
from toadlane.society.bylaws.rules import lent as bylaws
from toadlane.trade.catalog.queries import registry as catalog
from toadlane.trade.orders.queries import lent
from toadlane.ui import nav

GOLDEN = Path(__file__).parents[1] / "golden" / "wiring.txt"
LIBRARY = sorted(path for path in installer.LIBRARY.iterdir() if path.is_dir())


def connections() -> Iterator[str]:
    yield from (f"event     {connection}" for connection in registry.connections())
    yield from (f"rule      {rule} -> {owner}" for rule, owner in rules.sections().items())
    yield from (f"decision  {name}" for name in decisions.kinds())
    yield from (f"replay    {run.name}" for run in dry_runs.declared())
    yield from (f"timer     {timer.name} every {timer.interval}" for timer in timers.declared())
    yield from (f"verify    {name}" for name in invariants.declared())
    yield from (f"personal  {room.name}" for room in personal_data.declared())
    yield from (f"lent      catalog: {line}" for line in catalog.connections())
    yield from (f"lent      bylaws: {line}" for line in bylaws.connections())
    yield from (f"lent      countable: {line}" for line in countable.connections())
    yield from (f"lent      proposals: {line}" for line in proposals.connections())
    yield from (f"lent      orders: {line}" for line in lent.connections())
    yield from (f"wait      ballots: {line}" for line in waits.connections())
    yield from (f"door      ballots: {line}" for line in doors.connections())
    yield from (f"readers   {line}" for line in declared_readers())
    yield f"search    {engine.source_name()}"
    yield from (f"nav       {item.place}: {item.label} -> {item.url_name}" for item in nav.declared())


def test_the_wiring_is_the_one_we_agreed_on():
    lines = sorted(connections())
    if os.environ.get("TOADLANE_REWRITE"):
        GOLDEN.write_text("\n".join(lines) + "\n")
    assert lines == [line for line in GOLDEN.read_text().splitlines() if line], "read the diff, then TOADLANE_REWRITE=1"


@pytest.mark.parametrize("folder", LIBRARY, ids=lambda folder: folder.name)
def test_a_blueprint_is_valid_and_holds_data_only(folder):
    written = tomllib.loads((folder / "bylaws.toml").read_text())
    rules.compose(values=installer.known_values(folder.name), currency="EUR", guards=written.get("guards"))
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} <= {".toml", ".css", ".md", ".po"}

"""What other bookkeepers make of our books: the balances that beancount, hledger and a spreadsheet read in an export, and ours.

`TOADLANE_DATA=... python -m tests.bookkeepers SLUG ...` prints what our ledger says of each co-op.
"""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from tests import needs

Balances = dict[tuple[str, str], Decimal]


def ours() -> Balances:
    """Return what the ledger of the co-op in scope says of each account and holder, named as the exports name it."""
    from toadlane.kernel.money import Money
    from toadlane.money.ledger import queries
    from toadlane.money.ledger.policies.exports import Line

    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in queries.balances():
        for part in queries.holders(row.code, row.currency):
            account = Line(row.code, Money(part.minor, row.currency), part.holder).account
            found[account, row.currency] += Decimal(part.amount.amount)
    return _moved(found)


def by_beancount(file: Path) -> Balances:
    """Let bean-check read a file without a complaint, and add up what beancount read."""
    from beancount import loader
    from beancount.core.data import Transaction

    _run([str(Path(sys.executable).parent / "bean-check"), str(file)])
    entries, errors, _options = loader.load_file(str(file))
    assert not errors
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            assert posting.units is not None and posting.units.number is not None
            found[posting.account, posting.units.currency] += posting.units.number
    return _moved(found)


def by_hledger(file: Path) -> Balances:
    """Let hledger check a journal strictly, and ask it for the balance of every account."""
    program = needs.hledger()
    _run([program, "-f", str(file), "check", "--strict"])
    told = _run([program, "-f", str(file), "balance", "--flat", "-O", "csv", "--layout=bare"])
    rows = [row for row in csv.DictReader(io.StringIO(told)) if not row["account"].lower().startswith("total")]
    return _moved({(row["account"], row["commodity"]): Decimal(row["balance"]) for row in rows})


def by_spreadsheet(file: Path) -> Balances:
    """Add up the columns of debits and credits."""
    from toadlane.kernel.money import Money
    from toadlane.money.ledger.policies.exports import Line

    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            account = Line(row["account"], Money(0, row["currency"]), row["holder"]).account
            amount = Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
            found[account, row["currency"]] += amount
    return _moved(found)


BY = {"beancount": by_beancount, "hledger": by_hledger, "csv": by_spreadsheet}


def _moved(found: Balances) -> Balances:
    return {key: value for key, value in found.items() if value}


def _run(command: list[str]) -> str:
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, f"{shutil.which(command[0])}: {run.stdout[:600]}{run.stderr[:600]}"
    return run.stdout


if __name__ == "__main__":
    from toadlane.config.cli.common import wake

    wake()
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops

    told = {}
    for slug in sys.argv[1:]:
        with scope(coops.at_slug(slug).pk):  # type: ignore[union-attr]
            told[slug] = [[*key, str(value)] for key, value in sorted(ours().items())]
    print(json.dumps(told))

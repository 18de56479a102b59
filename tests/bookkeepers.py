"""What other bookkeepers make of our books: the balances that beancount, hledger and a spreadsheet read in an export, and ours.

`TOADLANE_DATA=... python -m tests.bookkeepers balances SLUG ...` prints what our ledger says of each co-op; `figures` prints what
its pages say of each year.
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


def figures() -> list[dict[str, int]]:
    """Return what the page of each year says, the oldest first, beside what the ledger says now."""
    from toadlane.money.ledger import queries as books
    from toadlane.ownership.bookkeeping import queries
    from toadlane.ownership.shares.queries import currency
    from toadlane.ownership.surplus.queries import years as closed
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.tenancy.scope import current_coop_id
    from toadlane.society.coops import queries as coops

    unit, now, found = currency(), clock.now(coops.of_scope(current_coop_id()).tenant), []
    for year in reversed(queries.years(now)):
        page = queries.report(year, now, currency=unit)
        totals = {name: page.total(name).minor for name in ("income", "expenses", "owned", "owed", "equity")}
        booked = [one for one in closed() if one.booked_at and one.booked_at.year == year]
        found.append(totals | {
            "year": year, "result": page.result.minor, "undivided": page.undivided.minor, "ours": page.ours.minor,
            "undivided_before": page.undivided_before.minor, "cash": page.cash[-1].closing.minor,
            "cash_before": page.cash_before.minor, "moved": sum(one.change.minor for one in page.cash),
            "shared_out": sum(one.result["result"] for one in booked), "bank": books.balance("1000", unit).minor,
            "on_its_way": books.balance("1100", unit).minor, "charted": len(page.cash),
        })  # fmt: skip
    return found


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

    told: dict[str, object] = {}
    for slug in sys.argv[2:]:
        with scope(coops.at_slug(slug).pk):  # type: ignore[union-attr]
            balances = [[*key, str(value)] for key, value in sorted(ours().items())]
            told[slug] = figures() if sys.argv[1] == "figures" else balances
    print(json.dumps(told))

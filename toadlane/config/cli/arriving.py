"""`toadlane import`: an existing co-op arrives with its members, shares, loans and opening balances."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from toadlane.config.cli.common import as_json, inside, kindly, tell, wake

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="import")
@click.option("--coop", "slug", required=True, help="Short name of the co-op, before its first entry.")
@click.option("--members", type=FILE, required=True, help="CSV: number, name, class, joined_on; email, phone, kind.")
@click.option("--shares", type=FILE, help="CSV: member, share_class, shares; paid, on.")
@click.option("--loans", type=FILE, help="CSV: member, principal, interest (percent a year), ends_on; owed.")
@click.option("--balances", type=FILE, help="CSV: account, debit, credit; member.")
@click.option("--dry-run", is_flag=True, help="Name every line that is wrong, and change nothing.")
@as_json
@kindly
def import_(
    *, slug: str, members: Path, shares: Path | None, loans: Path | None, balances: Path | None, dry_run: bool, as_json: bool
) -> None:  # fmt: skip
    """Bring a co-op along: all of it or nothing, once. Ends with 1 when a line is wrong."""
    wake()
    from toadlane.ownership.arrivals import queries, services
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.tenancy.models import Tenant

    given = {"members": members, "shares": shares, "loans": loans, "balances": balances}
    files = {name: path.read_bytes() if path else b"" for name, path in given.items()}
    with inside(slug, "system") as (coop, by):
        now = clock.now(Tenant.objects.get(pk=coop.pk))
        plan = services.look(files=files, by=by, at=now)
        counts: dict[str, Any] = {name: len(getattr(plan, name)) for name in given}
        lines = [f"{one.file}, line {one.line}, {one.column or 'all of it'}: {one.wrong} {one.todo}" for one in plan.faults]
        if not plan.faults and not dry_run:
            done = services.bring_in(files=files, by=by, at=now)
            counts = {name: getattr(done, name) for name in given}
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    what = "wrong, nothing was changed" if plan.faults else "right, nothing was changed" if dry_run else "taken over"
    document = {"coop": slug, "dry_run": dry_run, "digest": queries.digest_of(files), **counts}
    tell(as_json, document | {"faults": [asdict(one) for one in plan.faults]}, *lines, f"{what}: {said}")
    sys.exit(int(bool(plan.faults)))

"""`toadlane ledger`: the books of a co-op, for whoever keeps the server and for their accountant."""

import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from toadlane.money.ledger import queries
from toadlane.money.ledger.policies.exports import FORMATS
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops


@click.group()
def ledger() -> None:
    """The books of a co-op."""


@ledger.command()
@click.option("--coop", "slug", required=True, help="Short name of the co-op.")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), required=True, help="Which program is to read it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the screen.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document that holds the text.")
def export(slug: str, form: str, output: Path | None, as_json: bool) -> None:
    """Write the books for beancount, hledger or a spreadsheet."""
    coop = coops.at_slug(slug)
    if coop is None:
        told = {"error": "no_such_coop", "detail": f"There is no co-op “{slug}” on this server."}
        click.echo(json.dumps(told) if as_json else told["detail"], err=not as_json)
        sys.exit(1)
    with scope(coop.pk):
        entries = queries.exported(ZoneInfo(coop.time_zone))
    text = "".join(f"{line}\n" for line in FORMATS[form](entries, title=coop.name))
    if output:
        output.write_text(text, encoding="utf-8")
    if as_json:
        more = {"file": str(output)} if output else {"text": text}
        click.echo(json.dumps({"coop": slug, "format": form, "entries": len(entries), **more}, ensure_ascii=False))
    elif output:
        click.echo(f"{len(entries)} entries of {coop.name} written to {output}.")
    else:
        click.echo(text, nl=False)

"""The records of a co-op as one file, and the check of such a file, which needs no server, no database and no settings."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from toadlane.config.cli.common import as_json, inside, kindly, quiet, tell, wake


@click.command()
@click.option("--coop", "slug", required=True, help="Short name of the co-op.")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write it.")
@click.option("--public", "is_public", is_flag=True, help="Only what the bylaws make public, without names of people.")
@as_json
@kindly
def export(*, slug: str, target: Path, is_public: bool, as_json: bool) -> None:
    """Write the records of a co-op into one signed file: rules, decisions, ballots, minutes, books, shares."""
    wake()
    from toadlane.commons.records import services
    from toadlane.commons.records.policies.variants import Variant
    from toadlane.plumbing.clock import queries as clock

    variant, draft = Variant.PUBLIC if is_public else Variant.FULL, target.with_name(f".{target.name}.draft")
    with inside(slug, "system") as (coop, by):
        try:
            with draft.open("wb") as file:
                manifest = services.export(file=file, variant=variant, by=by, at=clock.now(coop.tenant))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    lines = [f"{name}: {part['lines']} lines" for name, part in manifest["parts"].items()]
    lines += [f"{name}: left out. {why}" for name, why in manifest["withheld"].items()]
    told = {"file": str(target), "size_bytes": target.stat().st_size, "manifest": manifest}
    tell(as_json, told, *lines, f"Written to {target}. Check it with `toadlane verify --file {target}`.")


def check_records(file: str, key: str, as_json: bool) -> NoReturn:
    """Look at a file of records and say what was found; end with 1 when something in it does not hold."""
    quiet()
    from toadlane.commons.records.policies.checks import verify
    from toadlane.commons.records.policies.packing import Pack

    with Pack(file) as pack:
        title, about, slip, withheld = pack.title, pack.manifest, pack.signature, pack.withheld
    found = verify(file, key=key)
    ok = not any(one.faults for one in found.values())
    lines = [title]
    for name, one in found.items():
        left_out = f", {one.left_out} by fingerprint only" if one.left_out else ""
        lines.append(f"  {'!!' if one.faults else 'ok'} {name}: {one.looked_at} looked at{left_out}")
        lines += [f"       {fault}" for fault in one.faults]
    lines += [f"  -- {name} is left out: {why}" for name, why in withheld.items()]
    if not key:
        lines.append(f"Signed with key {slip.get('key_id')}, which came with the file: give --key to check that it is theirs.")
    told = {
        "ok": ok, "coop": about["coop"], "variant": about["variant"], "made_at": about["made_at"], "withheld": withheld,
        "key_id": slip.get("key_id"), "key_was_given": bool(key),
        "invariants": [
            {"name": name, "ok": not one.faults, "looked_at": one.looked_at, "left_out": one.left_out, "faults": one.faults}
            for name, one in found.items()
        ],
    }  # fmt: skip
    # What stands in a file that came from anywhere is shown, and moves no cursor.
    shown = ("".join(letter if letter.isprintable() else "?" for letter in line) for line in lines)
    tell(as_json, told, *shown, "Everything holds." if ok else "Something does not hold.")
    sys.exit(int(not ok))

"""Looking after a server: is it set up well, do its books and rules hold, what was given up."""

import shutil
import sys
from typing import Any

import click

from toadlane.config import environment
from toadlane.config.cli.common import as_json, coop_at, kindly, operator, tell, wake
from toadlane.config.cli.records import check_records


@click.command()
@as_json
def doctor(*, as_json: bool) -> None:
    """Look at settings, database and tools, and say what to do about what is wrong. Ends with 1 when something is."""
    import os

    found: list[dict[str, str]] = []

    def note(level: str, about: str, text: str, hint: str = "") -> None:
        found.append({"level": level, "about": about, "text": text, "hint": hint})

    for fault in environment.faults(os.environ):
        note("wrong", fault.name, fault.problem, fault.hint)
    if not found:
        wake()
        _look_at_server(note)
    wrong = any(one["level"] == "wrong" for one in found)
    marks = {"good": "ok", "advice": "--", "wrong": "!!"}
    lines = [
        f"{marks[one['level']]} {one['about']}: {one['text']}" + (f"\n     {one['hint']}" if one["hint"] else "") for one in found
    ]
    tell(as_json, {"ok": not wrong, "findings": found}, *lines)
    sys.exit(int(wrong))


def _look_at_server(note: Any) -> None:
    from django.conf import settings
    from django.core import checks
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    note("good", "data", f"{settings.DATA}, {shutil.disk_usage(settings.DATA).free // 2**30} GiB free")
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            note("wrong", "database", f"{connection.vendor}, {len(plan)} steps behind", "Run `toadlane manage migrate`.")
        else:
            note("good", "database", f"{connection.vendor}, up to date")
        for message in checks.run_checks(databases=["default"]):
            if message.is_silenced():
                continue
            level = "wrong" if message.level >= checks.WARNING else "advice"
            note(level, str(message.id), str(message.msg), str(message.hint or ""))
        if not plan:
            _look_at_cards(note)
    except DatabaseError as error:
        hint = "Is it running, and is TOADLANE_DATABASE_URL right?" if settings.DATABASE_URL else "May this user write there?"
        note("wrong", "database", str(error).strip().split("\n")[0], hint)
    if not settings.TOADLANE_SANDBOX:
        if not settings.IS_SECURE:
            note("advice", "TOADLANE_ORIGIN", "not HTTPS", "Put a proxy with a certificate in front before real people come.")
        if not environment.text("EMAIL_URL"):
            note("advice", "TOADLANE_EMAIL_URL", "no letters leave this server", "Give smtp://user:password@host:587.")
        if settings.DEBUG:
            note("wrong", "TOADLANE_DEBUG", "switched on", "Switch it off where strangers come.")


def _look_at_cards(note: Any) -> None:
    """Say which co-ops have chosen a company to take cards, and what it still needs to be set."""
    from toadlane.money.payments import queries as payments
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.bylaws import queries as bylaws
    from toadlane.society.coops import queries as coops

    for coop in coops.everyone():
        with scope(coop.pk):
            chosen = str(bylaws.book().value("pay.cards"))
            if chosen == "none":
                continue
            title = payments.title_of(chosen)
            faults = payments.faults_of(chosen)
            if not faults:
                note("good", "cards", f"{coop.slug}: {title}")
            for asked in faults:
                hint = payments.hint_of(chosen, asked)
                note("wrong", f"{environment.PREFIX}{asked}", f"does not do for {coop.slug}, which has chosen {title}.", hint)


@click.command()
@click.option("--all", "every", is_flag=True, help="Every co-op, and the server itself.")
@click.option("--coop", "slugs", multiple=True, help="One co-op by its short name; may be given more than once.")
@click.option("--file", "records", type=click.Path(exists=True, dir_okay=False), help="A file of records; needs no server.")
@click.option("--pdf", type=click.Path(exists=True, dir_okay=False), help="A printed file, such as minutes.")
@click.option("--signature", type=click.Path(exists=True, dir_okay=False), help="Of the file; else FILE.sig.json beside it.")
@click.option("--key", default="", help="The public key to check with, where it is not this server's.")
@as_json
@kindly
def verify(
    *, every: bool, slugs: tuple[str, ...], records: str | None, pdf: str | None, signature: str | None, key: str, as_json: bool
) -> None:
    """Check what has to be true: seals of the ledger, the chain of rules, allocations and more; or one file, far from here.

    Ends with 1 when an invariant does not hold, or the file is not the one that was signed.
    """
    if records:
        check_records(records, key, as_json)
    wake()
    if pdf:
        _verify_paper(pdf, signature or f"{pdf}.sig.json", key, as_json)
    from toadlane.plumbing.tenancy import invariants
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops

    if not every and not slugs:
        raise click.UsageError("Say --all, or --coop and a short name, or --file.")
    places: list[dict[str, Any]] = []
    if every:
        places.append({"coop": None, "invariants": _told(invariants.verify_server())})
    for coop in coops.everyone() if every else [coop_at(slug) for slug in slugs]:
        with scope(coop.pk):
            places.append({"coop": coop.slug, "invariants": _told(invariants.verify_coop())})
    ok = all(one["ok"] for place in places for one in place["invariants"])
    lines = []
    for place in places:
        lines.append(str(place["coop"] or "the server"))
        for one in place["invariants"]:
            lines.append(f"  {'ok' if one['ok'] else '!!'} {one['name']}: {one['looked_at']} looked at")
            lines += [f"       {fault}" for fault in one["faults"]]
    tell(as_json, {"ok": ok, "places": places}, *lines, "Everything holds." if ok else "Something does not hold.")
    sys.exit(int(not ok))


def _verify_paper(pdf: str, signature: str, key: str, as_json: bool) -> None:
    from pathlib import Path

    from toadlane.democracy.meetings.cli import check_paper

    if not Path(signature).is_file():
        raise click.UsageError(f"There is no {signature}. Fetch the signature of the file, and name it with --signature.")
    try:
        found = check_paper(Path(pdf), Path(signature), key)
    except ValueError as error:
        raise click.UsageError(
            f"{signature} is not the signature of a printed file: fetch it anew (minutes.sig.json)."
        ) from error
    whose = "the key you gave" if key else "a key of this server"
    lines = [
        f"{'ok' if found['is_the_file'] else '!!'} the file is the one that the signature is of",
        f"{'ok' if found['is_own_key'] else '!!'} signed with {whose}, {found['key_id']}",
        f"   minutes {found['number']} of {found['coop']}, fingerprint {found['minutes']}",
    ]
    tell(as_json, found, *lines, "It is good." if found["ok"] else "It is not good.")
    sys.exit(int(not found["ok"]))


def _told(findings: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "ok": not found.faults, "looked_at": found.looked_at, "faults": list(found.faults)}
        for name, found in findings.items()
    ]  # fmt: skip


@click.command()
@click.option("--replay", "which", help="Give one dead job a fresh set of attempts, or `all` of them.")
@as_json
@kindly
def jobs(*, which: str | None, as_json: bool) -> None:
    """Show how many jobs there are and which were given up; replay those."""
    wake()
    from dataclasses import asdict

    from toadlane.plumbing.outbox import queries, services

    replayed = services.replay(by=operator(), job_id=None if which == "all" else which) if which else 0
    dead = queries.dead(by=operator())
    counts = queries.count_by_status()
    lines = [", ".join(f"{n} {status.lower()}" for status, n in counts.items())]
    lines += [f"{job.id} {job.task} {job.about} after {job.attempts} attempts: {job.error}" for job in dead]
    if which:
        lines.insert(0, f"{replayed} will be tried again.")
    tell(as_json, {"counts": counts, "replayed": replayed, "dead": [asdict(job) for job in dead]}, *lines)

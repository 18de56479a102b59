"""The whole server in one file, and back: database, photos and keys."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext_lazy as lazy

from toadlane.config.cli.common import as_json, kindly, tell, wake
from toadlane.kernel.errors import Expected

FORMAT = 1
FOLDERS = ("media", "keys")


class NotEmpty(Expected):
    words = lazy("There is a server here already.")


class NotABackup(Expected):
    words = lazy("This file is not a backup that this version can read.")


class OtherEngine(Expected):
    """The backup was made on another kind of database."""


class ToolMissing(Expected):
    """A program that is needed is not installed."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@as_json
@kindly
def backup(*, file: Path | None, as_json: bool) -> None:
    """Write database, photos and keys into one file, while the server runs.

    The file holds the server's keys: keep it as you keep them.
    """
    wake()
    from django.conf import settings
    from django.db import connection

    from toadlane.plumbing.clock import queries as clock

    now = clock.machine_time()
    file = file or Path(f"toadlane-{now:%Y%m%d-%H%M%S}.tar")
    manifest: dict[str, Any] = {"format": FORMAT, "engine": connection.vendor, "made_at": now.isoformat(), "rows": {}}
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as scratch:
        # First the keys, and beside them how far the seals have come: the database may only be ahead of that.
        if (Path(settings.DATA) / "keys").is_dir():
            shutil.copytree(Path(settings.DATA) / "keys", Path(scratch) / "keys")
        dump = Path(scratch) / "database"
        manifest["rows"] = DUMP[connection.vendor](dump)
        (Path(scratch) / "manifest.json").write_text(json.dumps(manifest, indent=2))
        unfinished = file.with_name(file.name + ".part")
        with tarfile.open(unfinished, "w") as archive:
            archive.add(Path(scratch) / "manifest.json", "manifest.json")
            archive.add(dump, "database")
            for folder in FOLDERS:
                source = next((one for one in (Path(scratch) / folder, Path(settings.DATA) / folder) if one.is_dir()), None)
                if source is not None:
                    archive.add(source, folder)
            if (Path(settings.DATA) / "sandbox").exists():
                archive.add(Path(settings.DATA) / "sandbox", "sandbox")
        unfinished.chmod(0o600)
        unfinished.rename(file)
    told = {"file": str(file), "bytes": file.stat().st_size, **manifest}
    tell(as_json, told, f"{file}: {file.stat().st_size // 1024} KiB, {sum(manifest['rows'].values())} rows.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the server that is here.")
@as_json
@kindly
def restore(*, file: Path, force: bool, as_json: bool) -> None:
    """Put a backup in the place of an empty server. Stop the server first."""
    wake()
    from django.conf import settings
    from django.db import connection

    with tempfile.TemporaryDirectory(dir=settings.DATA) as scratch:
        manifest = _unpack(file, Path(scratch))
        if manifest["engine"] != connection.vendor:
            hint = f"Set TOADLANE_DATABASE_URL so that it names {manifest['engine']}, or leave it out for SQLite."
            raise OtherEngine(f"The backup is of {manifest['engine']}, this server keeps {connection.vendor}.", hint=hint)
        if not force and not _is_empty():
            raise NotEmpty(hint="Choose an empty folder with TOADLANE_DATA, or say --force to replace what is here.")
        LOAD[connection.vendor](Path(scratch) / "database")
        for folder in FOLDERS:
            if (Path(scratch) / folder).is_dir():
                shutil.rmtree(Path(settings.DATA) / folder, ignore_errors=True)
                shutil.move(Path(scratch) / folder, Path(settings.DATA) / folder)
        if (Path(scratch) / "sandbox").exists():
            shutil.move(Path(scratch) / "sandbox", Path(settings.DATA) / "sandbox")
    found = rows()
    lost = {table: (n, found.get(table)) for table, n in manifest["rows"].items() if found.get(table) != n}
    told = {"ok": not lost, "rows": found, "differs": lost, "made_at": manifest["made_at"]}
    lines = [f"{table}: {there} instead of {were} rows" for table, (were, there) in lost.items()]
    tell(
        as_json,
        told,
        *lines,
        "Something is missing." if lost else f"{sum(found.values())} rows, as they were on {manifest['made_at']}.",
    )
    sys.exit(int(bool(lost)))


def rows() -> dict[str, int]:
    """Count every table, so that a restored server can be held against the one that was."""
    from django.db import connection

    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def _is_empty() -> bool:
    from django.db import connection

    from toadlane.society.people.models import Person

    tables = connection.introspection.table_names()
    return Person._meta.db_table not in tables or not Person.objects.exists()


def _unpack(file: Path, into: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(into, filter="data")
        manifest = json.loads((into / "manifest.json").read_text())
    except (tarfile.TarError, OSError, ValueError) as error:
        raise NotABackup(hint=str(error)) from error
    if manifest.get("format") != FORMAT or not (into / "database").exists():
        raise NotABackup(hint=f"This version reads format {FORMAT}.")
    assert isinstance(manifest, dict)
    return manifest


def _dump_sqlite(into: Path) -> dict[str, int]:
    """Copy the database, and count what is in the copy: the server goes on writing meanwhile."""
    from django.db import connection

    connection.ensure_connection()
    copy = sqlite3.connect(into)
    connection.connection.backup(copy)
    # One file without a journal beside it.
    copy.execute("PRAGMA journal_mode=DELETE")
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    counts = {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in sorted(tables)}
    copy.close()
    return {name: n for name, n in counts.items() if name in connection.introspection.table_names()}


def _load_sqlite(dump: Path) -> None:
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    target = Path(settings.DATABASES["default"]["NAME"])
    for ending in ("", "-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.move(dump, target)


def _dump_postgresql(into: Path) -> dict[str, int]:
    """Dump the database and count it in one and the same moment: the server goes on writing meanwhile."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _postgresql("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={into}")
        return rows()


def _load_postgresql(dump: Path) -> None:
    from django.db import connections

    connections.close_all()
    name = _connection()["dbname"]
    _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={name}", str(dump))


def _connection() -> dict[str, str]:
    from django.db import connection

    known = connection.settings_dict
    named = {
        "dbname": known["NAME"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "host": known["HOST"],
        "port": known["PORT"],
    }
    return {name: str(value) for name, value in named.items() if value}


def _postgresql(program: str, *arguments: str) -> None:
    import os

    if not shutil.which(program):
        raise ToolMissing(f"{program} is not installed.", hint="sudo apt-get install -y postgresql-client")
    place = {f"PG{name.upper()}" if name != "dbname" else "PGDATABASE": value for name, value in _connection().items()}
    result = subprocess.run([program, *arguments], env=os.environ | place, capture_output=True, text=True, check=False)
    if result.returncode:
        raise NotABackup(f"{program} did not succeed.", hint=result.stderr.strip()[-500:])


DUMP = {"sqlite": _dump_sqlite, "postgresql": _dump_postgresql}
LOAD = {"sqlite": _load_sqlite, "postgresql": _load_postgresql}

"""Make a server ready to serve: database, texts, static files. Each is quick when there is nothing to do."""

import io
from collections.abc import Callable
from pathlib import Path

Say = Callable[[str], None]


def everything(say: Say) -> None:
    compile_texts(say)
    migrate(say)
    collect_static(say)


def migrate(say: Say) -> None:
    """Bring the database up to date; on a new machine, make it."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Database: {len(plan)} steps to take.")
        call_command("migrate", verbosity=0, interactive=False)


def compile_texts(say: Say) -> None:
    """Compile the translations that are newer than what was compiled of them."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from django.conf import settings

    for folder in settings.LOCALE_PATHS:
        for source in sorted(Path(folder).rglob("*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                say(f"Texts: {source.parents[1].name}.")
                with source.open("rb") as text, target.open("wb") as compiled:
                    write_mo(compiled, read_po(text, locale=source.parents[1].name))


def collect_static(say: Say) -> None:
    """Collect and compress the static files when one of them is newer than the last collection."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    files = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    state = f"{len(files)} {max(file.stat().st_mtime_ns for file in files)}"
    if not stamp.exists() or stamp.read_text() != state:
        say("Static files: collecting.")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True, stdout=io.StringIO())
        stamp.write_text(state)

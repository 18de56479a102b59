"""Make a server ready to serve: database, texts, static files. Each is quick when there is nothing to do."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

Say = Callable[[str], None]


class NotCollected(Exception):
    """The static files could not be collected; the process that tried said why."""


def everything(say: Say) -> None:
    with everything_beside(say):
        pass


@contextmanager
def everything_beside(say: Say) -> Iterator[None]:
    """Make all ready; the static files, which need no database, while the block does its own work."""
    compile_texts(say)
    migrate(say)
    static = get_context("fork").Process(target=collect_static, args=(say,))
    static.start()
    try:
        yield
    finally:
        static.join()
    if static.exitcode:
        raise NotCollected


def migrate(say: Say) -> None:
    """Bring the database up to date; on a new machine, make it."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from toadlane.plumbing.triggers import refusals

    if not connection.introspection.table_names():
        say("Database: making it.")
        create()
        return
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Database: {len(plan)} steps to take.")
        call_command("migrate", verbosity=0, interactive=False)
    elif outdated := refusals.outdated():
        # A refusal that only the code has changed is no step of a migration.
        say(f"Database: {len(outdated)} refusals to put up anew.")
        refusals.install()


def create() -> None:
    """Make an empty database as the models are now, without retelling how they came to be: seconds instead of a minute."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    try:
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    finally:
        settings.MIGRATION_MODULES = before
    finish()


def finish() -> None:
    """Do what our migrations do beyond the models, and record all of them as taken."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations import RunPython
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    loader = MigrationLoader(None)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    nodes = [node for leaf in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(leaf)]
    with connection.schema_editor() as editor:
        for node in dict.fromkeys(nodes):
            migration = loader.graph.nodes[node]
            for operation in migration.operations if type(migration).__module__.startswith("toadlane.") else ():
                if isinstance(operation, RunPython):
                    operation.code(apps, editor)  # type: ignore[arg-type]
            recorder.record_applied(*node)


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

"""What the commands share: waking Django, telling a result to people or to programs, and failing kindly."""

import functools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from toadlane.kernel.errors import Expected

if TYPE_CHECKING:
    from toadlane.plumbing.access.principals import Principal
    from toadlane.society.coops.models import Coop

# The languages of the texts, and where they lie.
SPOKEN = ("en", "es", "fr", "ar")
TEXTS = Path(__file__).parents[2] / "locale"

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of sentences.")


def wake() -> None:
    """Read the settings and load the rooms.

    :raises Misset: when a setting cannot be meant
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    django.setup()


def quiet() -> None:
    """Let texts be written without the settings of a server: counting and checking ask nothing of one."""
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True, LANGUAGE_CODE="en", LANGUAGES=[(one, one) for one in SPOKEN], LOCALE_PATHS=[TEXTS])
        apps.populate(())  # Texts are looked for in the apps as well, of which there are none.


def speaks() -> str:
    """Return the language of whoever sits at this machine, as its environment says it; English where it says another."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    language = said.partition(".")[0].partition("_")[0].lower()
    return language if language in SPOKEN else "en"


@contextmanager
def told_kindly(*, as_json: bool) -> Iterator[None]:
    """Tell an expected error as people or programs read it, and end with 1."""
    try:
        yield
    except Expected as error:
        tell_and_end(error, as_json=as_json)


def kindly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Tell an expected error as people or programs read it, and end with 1."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with told_kindly(as_json=bool(kwargs.get("as_json"))):
            return command(*args, **kwargs)

    return run


def tell_and_end(error: Expected, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": error.code, "detail": str(error), "hint": str(error.hint)}))
    else:
        click.secho(str(error), fg="red", err=True)
        if error.hint:
            click.echo(str(error.hint), err=True)
    sys.exit(1)


class NotReady(Expected):
    words = "The database of this server is not there yet, or is older than the software."
    hint = "`toadlane serve` brings it up to date before it opens; without serving, `toadlane manage migrate` does."


def is_behind(error: Exception) -> bool:
    """Say whether a command broke because the database lacks what the software asks of it."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    if not isinstance(error, DatabaseError):
        return False
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return False  # It does not answer at all, which is another matter.


def _as_text(value: Any) -> str:
    return str(value.isoformat() if isinstance(value, date) else value)


def tell(as_json: bool, document: Any, *lines: str) -> None:
    """Print the document for programs, or the lines for people."""
    if as_json:
        click.echo(json.dumps(document, default=_as_text, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
    for line in () if as_json else lines:
        click.echo(line)


class NoSuchCoop(Expected):
    """There is no co-op of this name on this server."""

    status = 404


def coop_at(slug: str) -> "Coop":
    from toadlane.society.coops import queries as coops

    coop = coops.at_slug(slug)
    if coop is None:
        raise NoSuchCoop(f"There is no co-op “{slug}” on this server.", hint="`toadlane verify --all` lists those there are.")
    return coop


@contextmanager
def inside(slug: str, *roles: str) -> Iterator[tuple["Coop", "Principal"]]:
    """Enter a co-op's scope as the machine that keeps it: with the roles named, and no other."""
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.tenancy.scope import scope

    coop = coop_at(slug)
    with scope(coop.pk):
        yield coop, Principal(coop_id=coop.pk, channel=Channel.CLI, roles=frozenset(roles))


def operator() -> "Principal":
    """Return whoever sits at this machine: the operator, who holds nothing inside a co-op."""
    from toadlane.plumbing.access.principals import Channel, Principal

    return Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))


def progress(*, quiet: bool) -> Any:
    """Return something to say progress to: on stderr, with the seconds, so that stdout stays for results."""
    started = time.monotonic()

    def say(words: str) -> None:
        click.echo(f"[{time.monotonic() - started:5.1f} s] {words}", err=True)

    return (lambda words: None) if quiet else say

"""Running: the demo, the web and the worker, together or apart."""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from toadlane.config import collector
from toadlane.config.cli.common import as_json, kindly, operator, progress, tell, wake
from toadlane.kernel.errors import Expected

GRACE = 15.0  # Seconds for the requests and the job at hand to end.
DEATHS = 5  # So many workers may die within a minute.
HTTP = "1"  # As proxies speak it. Finding out on each connection which one it speaks costs CPU and brings nothing.
THREADS = "2"  # Of each web process: while one waits for the database to put its work on disk, the other goes on.


class PortTaken(Expected):
    """Somebody else serves at this port."""


@click.command()
@click.option("--no-serve", is_flag=True, help="Build the demo and stop there.")
@click.option("--list", "only_list", is_flag=True, help="Name the co-ops and who to log in as.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@as_json
@kindly
def demo(*, no_serve: bool, only_list: bool, host: str, port: int, as_json: bool) -> None:
    """Build four co-ops with a year behind them, and open the doors.

    Built once: a second call opens what is there. Nothing in it is real; letters land on a page that anyone can read.
    """
    os.environ.setdefault("TOADLANE_SANDBOX", "1")
    os.environ["PORT"] = str(port)  # Letters and links name the port that is served.
    wake()
    if not (no_serve or only_list):
        must_be_free(host, port)
    from toadlane.blueprints.demo import queries, services
    from toadlane.config.cli import prepare
    from toadlane.plumbing.clock import queries as clock

    say = progress(quiet=as_json)
    if not only_list:
        with prepare.everything_beside(say):
            mark_as_sandbox()
            if not queries.shops():
                collector.settle()
                services.build(progress=say, by=operator(), at=clock.machine_time())
    shops = queries.shops()
    if only_list or no_serve:
        listing = {
            "coops": [{"slug": shop.slug, "name": shop.name, "blueprint": shop.blueprint} for shop in shops],
            "logins": [asdict(login) for shop in shops for login in shop.logins],
        }
        tell(as_json, listing, *lines_of(shops))
        return
    click.secho(f"\nOpen http://{host}:{port}/ — who to log in as stands on http://{host}:{port}/demo/\n", bold=True)
    run_server(host=host, port=port, workers=None, with_worker=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--workers", type=click.IntRange(1), envvar="TOADLANE_WORKERS", help="Web processes; as many as cores by default.")
@click.option("--no-worker", is_flag=True, help="Serve pages only; run `toadlane worker` elsewhere.")
@click.option("--no-prepare", is_flag=True, help="Leave database, texts and static files as they are.")
@as_json
@kindly
def serve(*, host: str, port: int, workers: int | None, no_worker: bool, no_prepare: bool, as_json: bool) -> None:
    """Serve pages and API, and work off jobs beside them."""
    os.environ["PORT"] = str(port)  # Letters and links name the port that is served.
    wake()
    must_be_free(host, port)
    if not no_prepare:
        from toadlane.config.cli import prepare

        prepare.everything(progress(quiet=as_json))
    tell(as_json, {"address": f"http://{host}:{port}/", "worker": not no_worker}, f"Open http://{host}:{port}/")
    run_server(host=host, port=port, workers=workers, with_worker=not no_worker)


@click.command()
@click.option("--drain", is_flag=True, help="Work off what is due now, give each timer a turn, and stop.")
@as_json
@kindly
def worker(*, drain: bool, as_json: bool) -> None:
    """Work off jobs and timers."""
    wake()
    from toadlane.plumbing.outbox import worker as outbox

    collector.settle()
    if drain:
        done = outbox.drain()
        outbox.run_timers()
        tell(as_json, {"jobs": done}, f"{done} jobs done, each timer had a turn.")
    else:
        outbox.Worker().run()


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Pass a command on to Django, such as `manage migrate` or `manage shell`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["toadlane manage", *arguments])


def lines_of(shops: Iterable[Any]) -> Iterator[str]:
    for shop in shops:
        yield f"{shop.slug}: {shop.name} ({shop.blueprint})"
        for login in shop.logins:
            yield f"    {login.login}  {login.password}  {login.name}: {login.about}"


def mark_as_sandbox() -> None:
    """Remember with the data that nothing in it is real, so that `toadlane serve` says so too."""
    from django.conf import settings

    (Path(settings.DATA) / "sandbox").touch()


def must_be_free(host: str, port: int) -> None:
    """Refuse a port that somebody serves at: web processes share one, and each would be given some of the other's visitors.

    :raises PortTaken:
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            hint = f"End what is served there, or choose another port, such as --port {port + 1}."
            raise PortTaken(f"Port {port} is taken.", hint=hint) from None


def run_server(*, host: str, port: int, workers: int | None, with_worker: bool) -> None:
    """Run granian and the worker as children until told to stop; a worker that dies has a successor."""
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers",
        str(workers or os.cpu_count() or 1), "--blocking-threads", THREADS, "--http", HTTP, "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "toadlane.config.wsgi:application",
    ]  # fmt: skip
    environment = os.environ | {"TOADLANE_WORKERS": str(workers or os.cpu_count() or 1)}
    commands = [web, *([[sys.executable, "-m", "toadlane.config.cli", "worker"]] if with_worker else [])]
    children = [begin(command, environment) for command in commands]
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: told.append(number))
    deaths: list[float] = []
    while not told and children[0].poll() is None and len(deaths) < DEATHS:
        time.sleep(0.2)
        if with_worker and children[1].poll() is not None and not told:
            # One that dies again and again has a reason that no successor cures: then the server stops, and says so.
            deaths = [then for then in deaths if then > time.monotonic() - 60] + [time.monotonic()]
            click.secho(f"The worker ended ({children[1].returncode}); another takes its place.", fg="red", err=True)
            children[1] = begin(commands[1], environment)
    ended = [child.returncode for child in children if child.returncode is not None]
    stop(children)
    sys.exit(0 if told else max([1, *map(abs, ended)]))


def begin(command: list[str], environment: dict[str, str], stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start a child as the head of a group, so that none of its own children stays behind."""
    return subprocess.Popen(command, env=environment, stdout=stdout, start_new_session=True)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
        # A web process that was still loading when its parent went would go on serving what was meant to end.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

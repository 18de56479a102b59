"""What benchmarks share: a database of their own, a server on loopback, CPU of a process and its children, one result line."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
POSTGRESQL = os.environ.get("BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


def result(**figures: Any) -> None:
    """Print the figures as the last line: name, ours, peer, peer_name, ratio, cpu_ms, statements, target, ok.

    `loop_ms` is the machine's own pace: seconds and milliseconds of two runs compare only where it is about the same.
    """
    print(json.dumps(figures | {"loop_ms": round(min(pace() for _time in range(3)), 1)}))
    sys.exit(0 if figures["ok"] else 1)


def pace() -> float:
    """Return how many milliseconds of CPU Python takes here to add up a million numbers, one by one."""
    total, started = 0, time.process_time()
    for number in range(1_000_000):
        total += number
    return 1000 * (time.process_time() - started)


@contextmanager
def postgresql(name: str) -> Iterator[str]:
    """Give a fresh PostgreSQL database and its address; it is dropped at the end."""
    import psycopg

    with psycopg.connect(POSTGRESQL, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield POSTGRESQL.rsplit("/", 1)[0] + f"/{name}"
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder for the embedded state of one run."""
    path = Path(tempfile.mkdtemp(prefix="toadlane-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], *, port: int, ready: str, env: dict[str, str], cwd: Path) -> Iterator[int]:
    """Run a server until the block ends; yield its process id. Only this process and its children are ever ended."""
    process = subprocess.Popen(
        command, cwd=cwd, env=os.environ | env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{port}{ready}", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{command[0]} did not answer at {ready}")
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def counted(connection: Any) -> Iterator[list[int]]:
    """Count the statements of a block without keeping them: those of a bulk insert are megabytes of text."""
    count = [0]

    def one_more(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(one_more):
        yield count


def database_seconds(address: str) -> float:
    """Return the CPU time so far of the PostgreSQL processes that serve a database of this machine."""
    import psycopg

    with psycopg.connect(POSTGRESQL, autocommit=True) as admin:
        pids = admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [address.rsplit("/", 1)[1]]).fetchall()
    return sum(cpu_seconds(pid) for [pid] in pids)


@contextmanager
def both_seconds(backend: int) -> Iterator[list[float]]:
    """Give the CPU time that a block took: of this process, and of a PostgreSQL process with its parallel workers.

    A worker ends with its question, so they are looked at many times a second; what one took in its last 20 ms is not seen.
    """
    postmaster = (Path("/proc") / str(backend) / "stat").read_text().rsplit(")", 1)[1].split()[1]
    seen: dict[str, float] = {}
    spent, over, ticks, watching = [0.0], threading.Event(), os.sysconf("SC_CLK_TCK"), [0.0]

    def look() -> None:
        for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
            about = Path("/proc") / child
            try:
                if child == str(backend) or f"worker for PID {backend} " in (about / "cmdline").read_text():
                    fields = (about / "stat").read_text().rsplit(")", 1)[1].split()
                    seen[child] = (int(fields[11]) + int(fields[12])) / ticks
            except OSError:
                continue

    def watch() -> None:
        while not over.wait(0.02):
            look()
        watching[0] = time.thread_time()

    look()
    start, before, watcher = seen[str(backend)], time.process_time(), threading.Thread(target=watch)
    watcher.start()
    try:
        yield spent
    finally:
        over.set()
        watcher.join()
        look()
        spent[0] = time.process_time() - before - watching[0] + sum(seen.values()) - start


def cpu_seconds(pid: int) -> float:
    """Return the CPU time, user and system, of a process and all its descendants so far."""
    children: dict[int, list[int]] = {}
    times: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            times[int(entry.name)] = int(fields[11]) + int(fields[12])
    todo, total = [pid], 0
    while todo:
        current = todo.pop()
        total += times.get(current, 0)
        todo += children.get(current, [])
    return total / os.sysconf("SC_CLK_TCK")


def coop_of_many(count: int, at: Any, **values: Any) -> tuple[Any, list[Any], Any]:
    """Found a co-op with two people who keep its money and an account of its own, and let the database make so many members.

    Their memberships are numbered from 1,000,001 on. Return the co-op, the two people and the first as the board.
    """
    from django.db import connection
    from surplus import like

    from toadlane.blueprints import installer
    from toadlane.config.cli import prepare as prepare_database
    from toadlane.money.bank import services as bank
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.outbox import worker
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.members import queries as members
    from toadlane.society.members import services as joining
    from toadlane.society.members.models import Membership, Office
    from toadlane.society.people.models import Person

    prepare_database.migrate(lambda _said: None)
    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    people = [Person.objects.create(name=name, email=f"{name}@example.org") for name in ("maeve", "tara")]
    coop = installer.found(
        blueprint="marketplace", name="Bench", slug="bench", founder=people[0], by=operator, at=at, values=values
    )
    worker.drain()
    with scope(coop.pk), connection.cursor() as cursor:
        own, founder = Membership.objects.get().member_class, Principal.job(coop.pk, "founder")
        joining.admit(person=people[1], member_class=own, by=founder, at=at)
        Office.objects.create(person=people[1], office="treasurer", since=at.date(), named_by="bench")
        board = members.principal(person_id=people[0].pk, channel=Channel.CLI)
        bank.give(membership=None, name="Bench", iban="IE64IRCE92050112345678", by=board, at=at)
        cursor.execute("SET session_replication_role = replica")
        person = {"id": "1000000 + n", "name": "'Member ' || n", "email": "'m' || n || '@example.org'"}
        like(cursor, "people_person", "id <> 0", person, count)
        member = {"id": "1000000 + n", "person_id": "1000000 + n", "number": "100 + n"}
        like(cursor, "members_membership", f"coop_id = {coop.pk}", member, count)
        cursor.execute("SET session_replication_role = DEFAULT")
    return coop, people, board

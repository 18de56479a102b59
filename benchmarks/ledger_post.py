"""Posting an entry of five sides, against the rawest insert that still keeps a zero sum, on both engines.

The peer is plain SQL on the same connection, in three tables of its own with an index for the key and a balance trigger: on
PostgreSQL one statement and a deferred trigger; SQLite knows neither, so there the sides, then the entry that judges them. It
keeps no restricted funds, no co-ops apart, no holders, rules, digests, days, and no tail for seals. Both commit each entry.
Short rounds of either alternate in one process, and each is compared with the one beside it.

    python benchmarks/ledger_post.py
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import folder, postgresql, result

ROUNDS, EACH, WARM, TARGET = 60, 25, 1000, 0.5
LEGS = [("2100", 12_500), ("2110", -11_100), ("4100", -1_000), ("2310", -200), ("2120", -200)]


def main() -> None:
    figures = {}
    with folder() as data:
        figures["sqlite"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": ""})
        with postgresql("bench_ledger_post") as url:
            figures["postgresql"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": url})
    for engine, found in figures.items():
        print(
            f"{engine}: ours {found['ours']:.0f}/s, {found['cpu_ms']:.2f} ms CPU, {found['statements']} statements; "
            f"raw {found['peer']:.0f}/s, {found['peer_cpu_ms']:.2f} ms CPU; ratio {found['ratio']:.2f}"
        )
    worst = min(figures.values(), key=lambda found: found["ratio"])
    ratio = round(worst["ratio"], 3)
    result(
        name="ledger_post", ours=round(worst["ours"]), peer=round(worst["peer"]),
        peer_name="raw insert with balance trigger", ratio=ratio, cpu_ms=round(worst["cpu_ms"], 3),
        statements=figures["postgresql"]["statements"], target=f"at least {TARGET} of the raw insert on both engines",
        ok=ratio >= TARGET, engines={engine: round(found["ratio"], 3) for engine, found in figures.items()},
    )  # fmt: skip


def child(env: dict[str, str]) -> dict[str, Any]:
    run = subprocess.run([sys.executable, __file__, "--one"], env=os.environ | env, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def one_engine() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from toadlane.config.cli import prepare

    prepare.migrate(lambda _said: None)
    from toadlane.money.ledger import queries
    from toadlane.plumbing.tenancy.models import Tenant
    from toadlane.plumbing.tenancy.scope import scope

    tenant = Tenant.objects.create()
    with scope(tenant.pk):
        ours, peer = our_post(tenant.pk), raw_post(connection)
        for n in range(WARM):
            ours(f"warm:{n}")
            peer(f"warm:{n}")
        with CaptureQueriesContext(connection) as captured:
            ours("counted")
        rounds = [(timed(ours, f"a:{n}"), timed(peer, f"a:{n}")) for n in range(ROUNDS)]
        checks = queries.checks()
        assert not checks["ledger.zero_sums"]().faults, "the books do not balance"
        assert not checks["ledger.untouched"]().faults, "an entry is not what it was"
    statements = [query for query in captured if query["sql"] and query["sql"].split()[0] not in ("BEGIN", "COMMIT")]
    mine, theirs = zip(*rounds, strict=True)
    print(json.dumps({
        "ours": statistics.median(rate for rate, _ in mine), "cpu_ms": statistics.median(cpu for _, cpu in mine),
        "peer": statistics.median(rate for rate, _ in theirs), "peer_cpu_ms": statistics.median(cpu for _, cpu in theirs),
        # Paired: each round against the one beside it, so that a busy machine slows both.
        "ratio": statistics.median(a[0] / b[0] for a, b in rounds), "statements": len(statements),
    }))  # fmt: skip


def timed(post: Callable[[str], None], prefix: str) -> tuple[float, float]:
    """Return entries a second, and milliseconds of CPU in this process for each."""
    wall, cpu = time.perf_counter(), time.process_time()
    for n in range(EACH):
        post(f"{prefix}:{n}")
    return EACH / (time.perf_counter() - wall), 1000 * (time.process_time() - cpu) / EACH


def our_post(coop_id: int) -> Callable[[str], None]:
    from toadlane.kernel.money import Money
    from toadlane.money.ledger import services as ledger
    from toadlane.plumbing.access.principals import Principal

    by, at = Principal.job(coop_id), datetime(2027, 3, 1, 9, tzinfo=UTC)

    def post(key: str) -> None:
        legs = [
            ledger.Leg(code, Money(minor, "EUR"), holder="membership:7" if code == "2110" else "", rule="fees.commission",
                       rule_version=7)
            for code, minor in LEGS
        ]  # fmt: skip
        ledger.post(key=key, narration="Order settled", postings=legs, by=by, at=at, subject="order:2291")

    return post


POSTGRESQL_PEER = """
CREATE TABLE raw_account (id bigserial PRIMARY KEY, code text NOT NULL, currency text NOT NULL);
CREATE TABLE raw_entry (id bigserial PRIMARY KEY, key text NOT NULL UNIQUE, narration text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE raw_posting (id bigserial PRIMARY KEY, entry_id bigint NOT NULL REFERENCES raw_entry,
  account_id bigint NOT NULL REFERENCES raw_account, minor bigint NOT NULL);
CREATE INDEX ON raw_posting (entry_id);
CREATE INDEX ON raw_posting (account_id);
CREATE FUNCTION raw_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT SUM(minor) FROM raw_posting WHERE entry_id = NEW.entry_id) <> 0 THEN RAISE EXCEPTION 'unbalanced'; END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER raw_balance AFTER INSERT ON raw_posting DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION raw_balance();
"""
SQLITE_PEER = (
    "CREATE TABLE raw_account (id INTEGER PRIMARY KEY, code TEXT NOT NULL, currency TEXT NOT NULL)",
    "CREATE TABLE raw_entry (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, narration TEXT NOT NULL, at TEXT NOT NULL)",
    "CREATE TABLE raw_posting (id INTEGER PRIMARY KEY, entry_id INTEGER NOT NULL REFERENCES raw_entry DEFERRABLE INITIALLY "
    "DEFERRED, account_id INTEGER NOT NULL REFERENCES raw_account, minor INTEGER NOT NULL)",
    "CREATE INDEX raw_posting_entry ON raw_posting (entry_id)",
    "CREATE INDEX raw_posting_account ON raw_posting (account_id)",
    "CREATE TRIGGER raw_balance BEFORE INSERT ON raw_entry "
    "WHEN (SELECT SUM(minor) FROM raw_posting WHERE entry_id = NEW.id) <> 0 BEGIN SELECT RAISE(ABORT, 'unbalanced'); END",
)


def raw_post(connection: Any) -> Callable[[str], None]:
    """Return the rawest way to write the same five sides: SQL on the same connection, and nothing else."""
    from django.db import transaction

    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(POSTGRESQL_PEER)
        else:
            for statement in SQLITE_PEER:
                cursor.execute(statement)
        for n, (code, _) in enumerate(LEGS, 1):
            cursor.execute("INSERT INTO raw_account (id, code, currency) VALUES (%s, %s, 'EUR')", [n, code])
    ids, minors = list(range(1, len(LEGS) + 1)), [minor for _, minor in LEGS]
    insert = """
    WITH entry AS (INSERT INTO raw_entry (key, narration, at) VALUES (%s, %s, %s) RETURNING id)
    INSERT INTO raw_posting (entry_id, account_id, minor)
    SELECT entry.id, l.account_id, l.minor FROM entry, unnest(%s::bigint[], %s::bigint[]) AS l(account_id, minor)
    """
    sides = f"INSERT INTO raw_posting (entry_id, account_id, minor) VALUES {', '.join(['(%s, %s, %s)'] * len(LEGS))}"
    count = 0

    def post(key: str) -> None:
        nonlocal count
        count += 1
        if is_postgresql:
            with connection.cursor() as cursor:
                cursor.execute(insert, [key, "Order settled", at, ids, minors])
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sides, [value for n, minor in enumerate(minors, 1) for value in (count, n, minor)])
            cursor.execute(
                "INSERT INTO raw_entry (id, key, narration, at) VALUES (%s, %s, %s, %s)", [count, key, "Settled", at.isoformat()]
            )

    return post


if __name__ == "__main__":
    one_engine() if "--one" in sys.argv else main()

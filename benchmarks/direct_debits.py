"""Direct debits of 70,000 members' dues on PostgreSQL: from what they owe to the file, and to the entries in the books.

    python benchmarks/direct_debits.py [members]

The database makes members, their mandates and what they owe. Then, through the services: the dues become payments, two people
make and approve one file (pain.008.001.08, checked against the schema of the standard), which tells everybody in it, and two
people say that the bank has carried it out, which books all of them: an entry for each payment. The peer in the same run is raw
SQL that writes the same rows of payments, debits, entries and postings, without rules, digests, a file or a check.
"""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import common
from surplus import django

# Of this process and of PostgreSQL together: what a machine waits for others is not counted.
TARGET = {"cpu_seconds": 100.0, "resident_mb": 900}
IBAN, CREDITOR = "DE89370400440532013000", "DE98ZZZ09999999999"


def prepare(path: str, count: int) -> None:
    """Found a co-op with two people who keep its money, and let the database make its members, mandates and claims."""
    django()
    from django.db import connection

    from toadlane.money.bank import services as bank
    from toadlane.plumbing.tenancy.scope import scope

    at = datetime(2027, 3, 1, tzinfo=UTC)
    coop, people, board = common.coop_of_many(count, at)
    with scope(coop.pk), connection.cursor() as cursor:
        bank.identify(identifier=CREDITOR, by=board, at=at)
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO bank_mandate (coop_id, membership_id, name, iban, reference, creditor, text, language, signed_at,"
            " signed_by, ended_by) SELECT %s, 1000000 + n, 'Member ' || n, %s, 'DD' || n, %s, 'x', 'en', %s, 'bench', ''"
            " FROM generate_series(1, %s) n",
            [coop.pk, IBAN, CREDITOR, at, count],
        )
        cursor.execute(
            "INSERT INTO dues_claim (coop_id, membership_id, period, first_on, last_on, currency, amount_minor, paid_minor,"
            " waived_minor, reversed_minor, waived_because, due_on, reminders, rule_version, charged_at) SELECT %s, 1000000 + n,"
            " '2027-03', '2027-03-01', '2027-03-31', 'EUR', 1000 + n %% 977, 0, 0, 0, '', '2027-03-15', 0, 1, %s"
            " FROM generate_series(1, %s) n",
            [coop.pk, at, count],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    Path(path).write_text(json.dumps({"coop": coop.pk, "people": [one.pk for one in people]}))


def measure(path: str) -> None:
    django()
    from django.db import connection, transaction

    from toadlane.money.bank import services as bank
    from toadlane.money.ledger import queries as books
    from toadlane.money.payments.models import Payment
    from toadlane.plumbing.access.principals import Channel
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.members import queries as members

    told = json.loads(Path(path).read_text())
    at, coop, steps = datetime(2027, 4, 1, tzinfo=UTC), told["coop"], {}
    backend = connection.cursor().connection.info.backend_pid

    def timed(name: str, deed: Any) -> Any:
        started, cpu = time.perf_counter(), time.process_time()
        with common.both_seconds(backend) as both, common.counted(connection) as seen:
            found = deed()
        steps[name] = {
            "seconds": round(time.perf_counter() - started, 2), "cpu_s": round(both[0], 2),
            "ours_s": round(time.process_time() - cpu, 2), "statements": seen[0],
        }  # fmt: skip
        print(name, steps[name], file=sys.stderr, flush=True)
        return found

    with scope(coop):
        one, two = (members.principal(person_id=pk, channel=Channel.CLI) for pk in told["people"])
        file = timed("file", lambda: bank.collect(collects_on=date(2027, 4, 20), by=one, at=at))
        timed("approved", lambda: bank.approve_collection(collection=file, by=two, at=at))
        timed("said", lambda: bank.collected(collection=file, by=one, at=at))
        timed("booked", lambda: bank.collected(collection=file, by=two, at=at))
        held = -books.balance("2100", "EUR").minor
        sound = held == file.total_minor and Payment.objects.filter(state="captured").count() == file.count
        size = len(bytes(file.file))
        timed("raw", lambda: raw(coop, connection, transaction))
    print(json.dumps({
        "steps": steps, "count": file.count, "sound": sound, "bytes": size,
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


def raw(coop: int, connection: Any, transaction: Any) -> None:
    """Write as many rows by SQL alone, and undo it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("payments_payment", "bank_debit", "ledger_journalentry", "ledger_posting"):
            cursor.execute(
                f"CREATE TEMPORARY TABLE raw_{table} (LIKE {table} INCLUDING INDEXES INCLUDING CONSTRAINTS) ON COMMIT DROP"
            )
            cursor.execute(f"INSERT INTO raw_{table} SELECT * FROM {table} WHERE coop_id = %s", [coop])
        transaction.set_rollback(True)


def main(count: int) -> None:
    with common.postgresql("bench_books_debits") as address, common.folder() as data:
        env = os.environ | {"TOADLANE_DATABASE_URL": address, "TOADLANE_DATA": str(data), "PYTHONPATH": str(common.ROOT)}
        told, this = data / "told.json", [sys.executable, __file__]
        subprocess.run([*this, "--prepare", str(told), str(count)], env=env, check=True, cwd=common.ROOT)
        seen = subprocess.run(
            [*this, "--measure", str(told)], env=env, check=True, cwd=common.ROOT, stdout=subprocess.PIPE, text=True
        )
    found = json.loads(seen.stdout.strip().splitlines()[-1])
    print(found)
    ours = [step for name, step in found["steps"].items() if name != "raw"]
    cpu, peer = round(sum(step["cpu_s"] for step in ours), 2), found["steps"]["raw"]["cpu_s"]
    ok = (
        found["sound"]
        and found["count"] == count
        and cpu <= TARGET["cpu_seconds"]
        and found["resident_mb"] <= TARGET["resident_mb"]
    )
    common.result(
        name="direct_debits", ours=cpu, peer=peer, peer_name="raw SQL without rules, digests and a file",
        ratio=round(cpu / max(peer, 0.01), 2), cpu_ms=round(1000 * cpu), statements=sum(step["statements"] for step in ours),
        resident_mb=found["resident_mb"], target=TARGET, ok=ok,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 70_000)

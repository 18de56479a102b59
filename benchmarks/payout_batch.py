"""A batch of payouts for 85,000 members on PostgreSQL: from what is owed to the file, and to the entries in the books.

    python benchmarks/payout_batch.py [members]

The database makes members, their bank accounts and what they are owed. Then, through the services: what is due becomes payouts,
two people make and approve one file (pain.001.001.09, checked against the schema of the standard), and two people say that the
bank has carried it out, which books all of them: an entry for each five thousand, a posting for each member. The peer in the
same run is raw SQL that writes the same rows of payouts and postings, without rules, digests, a file or a check.
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

TARGET = {"seconds": 15.0, "resident_mb": 500}
IBAN = "DE89370400440532013000"


def prepare(path: str, count: int) -> None:
    """Found a co-op with two people who keep its money, and let the database make its members and what they are owed."""
    django()
    from django.db import connection

    from toadlane.kernel.money import Money
    from toadlane.money.ledger import services as ledger
    from toadlane.plumbing.access.principals import Principal
    from toadlane.plumbing.tenancy.scope import scope

    at = datetime(2027, 3, 1, tzinfo=UTC)
    coop, people, board = common.coop_of_many(count, at, **{"pay.payout_days": 0})
    with scope(coop.pk), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO bank_details (coop_id, membership_id, name, iban, given_at, given_by, usable_from) "
            "SELECT %s, 1000000 + n, 'Member ' || n, %s, %s, 'bench', %s FROM generate_series(1, %s) n",
            [coop.pk, IBAN, at, at, count],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        for first in range(1, count + 1, 5000):
            owed = [(n, 1_000 + n % 977) for n in range(first, min(first + 5000, count + 1))]
            legs = [ledger.credit("2110", Money(minor, "EUR"), holder=f"membership:{1000000 + n}") for n, minor in owed]
            total = Money(sum(minor for _n, minor in owed), "EUR")
            ledger.post(key=f"bench:{first}", narration="x", postings=[ledger.debit("1100", total), *legs], by=board, at=at)
        ledger.seal(by=Principal.job(coop.pk), at=at)
        cursor.execute("ANALYZE")
    Path(path).write_text(json.dumps({"coop": coop.pk, "people": [one.pk for one in people]}))


def measure(path: str) -> None:
    django()
    from django.db import connection, transaction

    from toadlane.money.bank import services as bank
    from toadlane.money.ledger import queries as books
    from toadlane.money.payments import services as payments
    from toadlane.money.payments.models import Payout
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.members import queries as members

    told = json.loads(Path(path).read_text())
    at, coop, times = datetime(2027, 4, 1, tzinfo=UTC), told["coop"], {}

    def timed(name: str, deed: Any) -> Any:
        started = time.perf_counter()
        found = deed()
        times[name] = round(time.perf_counter() - started, 2)
        return found

    with scope(coop):
        one, two = (members.principal(person_id=pk, channel=Channel.CLI) for pk in told["people"])
        times["raw"] = round(raw(coop, connection, transaction), 2)
        cpu = time.process_time()
        with common.counted(connection) as seen:
            timed("asked", lambda: payments.pay_out(by=Principal.job(coop), at=at))
            batch = timed("file", lambda: bank.make(pays_on=date(2027, 4, 2), by=one, at=at))
            timed("approved", lambda: bank.approve(batch=batch, by=two, at=at))
            timed("said", lambda: bank.carried_out(batch=batch, by=one, at=at))
            timed("booked", lambda: bank.carried_out(batch=batch, by=two, at=at))
        cpu = time.process_time() - cpu
        sound = books.balance("2110", "EUR").minor == 0 and Payout.objects.filter(state="done").count() == batch.count
        size = len(bytes(batch.file))
    print(json.dumps({
        "times": times, "count": batch.count, "sound": sound, "bytes": size, "statements": seen[0],
        "cpu_s": round(cpu, 2), "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


def raw(coop: int, connection: Any, transaction: Any) -> float:
    """Write as many payouts and postings by SQL alone, and undo it."""
    with transaction.atomic(), connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(
            "INSERT INTO payments_payout (id, coop_id, key, holder, currency, amount_minor, provider, state, code, subject,"
            " reason, provider_ref, asked_at)"
            " SELECT gen_random_uuid(), coop_id, 'raw:' || holder, holder, 'EUR', -minor, 'manual', 'done', '2110', '', '', '',"
            " now() FROM ledger_accountbalance WHERE coop_id = %s AND minor < 0 AND holder <> ''",
            [coop],
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE raw_posting ON COMMIT DROP AS SELECT p.* FROM ledger_posting p WHERE p.coop_id = %s", [coop]
        )
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def main(count: int) -> None:
    with common.postgresql("bench_books_payouts") as address, common.folder() as data:
        env = os.environ | {"TOADLANE_DATABASE_URL": address, "TOADLANE_DATA": str(data), "PYTHONPATH": str(common.ROOT)}
        told, this = data / "told.json", [sys.executable, __file__]
        subprocess.run([*this, "--prepare", str(told), str(count)], env=env, check=True, cwd=common.ROOT)
        seen = subprocess.run(
            [*this, "--measure", str(told)], env=env, check=True, cwd=common.ROOT, stdout=subprocess.PIPE, text=True
        )
    found = json.loads(seen.stdout.strip().splitlines()[-1])
    print(found)
    seconds = round(sum(took for name, took in found["times"].items() if name != "raw"), 2)
    ok = (
        found["sound"]
        and found["count"] == count
        and seconds <= TARGET["seconds"]
        and found["resident_mb"] <= TARGET["resident_mb"]
    )
    common.result(
        name="payout_batch", ours=seconds, peer=found["times"]["raw"], peer_name="raw SQL without rules, digests and a file",
        ratio=round(seconds / max(found["times"]["raw"], 0.01), 2), cpu_ms=round(1000 * found["cpu_s"]),
        statements=found["statements"], resident_mb=found["resident_mb"], target=TARGET, ok=ok,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 85_000)

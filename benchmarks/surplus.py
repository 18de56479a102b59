"""The surplus of a year of ten million orders among 85,000 members on PostgreSQL; raw SQL over the same rows in the same run.

    python benchmarks/surplus.py [orders] [members]

The database makes the orders itself, in the tables that the server uses and with all their indexes. `ratio` compares the whole
way from orders to every member's cents: our query and our pure functions beside one SQL statement with window functions. Then
the close as people do it: from the running totals, worked out, booked in one entry a batch, stated for each member. Both ways
have to give every member the same, to the cent.
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

TARGET = {"ratio": 1.4, "seconds": 12.0, "resident_mb": 500}
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
SINCE, UNTIL = "2027-01-01T00:00:00+00:00", "2028-01-01T00:00:00+00:00"

# Orders with nothing back apart, so that what is left of the others' shares is carried along for none but them: on ten million
# rows this is a sixth quicker than one CASE over all.
RAW = """
WITH sold AS (
  SELECT provider_id, SUM(minor) AS minor FROM (
    SELECT provider_id, SUM(net_minor) AS minor FROM orders_order
    WHERE coop_id = %(coop)s AND currency = 'EUR' AND released_at >= %(since)s AND released_at < %(until)s AND refunded_minor = 0
    GROUP BY provider_id
    UNION ALL
    SELECT provider_id, SUM(CASE WHEN refunded_minor = captured_minor THEN 0
      ELSE price - div(2 * vat_minor::numeric * price + before, 2 * before)::bigint END)
    FROM orders_order, LATERAL (
      SELECT total_minor - tip_minor - on_top_minor AS before, captured_minor - refunded_minor
        - COALESCE(jsonb_path_query_first("left", '$[*] ? (@.kind == "tip").minor')::bigint, 0)
        - COALESCE(jsonb_path_query_first("left", '$[*] ? (@.kind == "guest_fee").minor')::bigint, 0) AS price
    ) rest
    WHERE coop_id = %(coop)s AND currency = 'EUR' AND released_at >= %(since)s AND released_at < %(until)s AND refunded_minor > 0
    GROUP BY provider_id
  ) part GROUP BY provider_id
), whole AS (
  SELECT SUM(minor) FILTER (WHERE provider_id IS NOT NULL) AS ours,
  COALESCE(SUM(minor) FILTER (WHERE provider_id IS NULL), 0) AS theirs
  FROM sold
), base AS (
  SELECT ours, div(2 * %(result)s::numeric * ours + ours + theirs, 2 * (ours + theirs)) AS members FROM whole
), pool AS (
  SELECT ours, members - ceil(members * 0.20) - ceil(members * 0.05) AS pool FROM base
), exact AS (
  SELECT m.id, m.number, div(pool * COALESCE(minor, 0), ours) AS share, mod(pool * COALESCE(minor, 0), ours) AS remainder, pool
  FROM members_membership m CROSS JOIN pool LEFT JOIN sold ON sold.provider_id = m.id WHERE m.coop_id = %(coop)s
)
SELECT id, (share + CASE WHEN row_number() OVER (ORDER BY remainder DESC, number) <= pool - SUM(share) OVER ()
  THEN 1 ELSE 0 END)::bigint
FROM exact
"""


def django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "toadlane.config.settings"
    django.setup()
    from toadlane.config import collector

    collector.settle()  # As every web process and worker does.


def prepare(path: str, orders: int, members: int) -> None:
    """Found a co-op and let the database fill it: members, orders, and the result of the year in the books."""
    django()
    from django.db import connection

    from toadlane.blueprints import installer
    from toadlane.config.cli import prepare as prepare_database
    from toadlane.kernel.money import Money
    from toadlane.money.ledger import services as ledger
    from toadlane.money.ledger.services import Leg
    from toadlane.ownership.surplus import services as surplus
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.outbox import worker
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.people.models import Person

    prepare_database.migrate(lambda _said: None)
    at = datetime(2026, 12, 1, tzinfo=UTC)
    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    founder = Person.objects.create(name="Bench", email="bench@example.org")
    coop = installer.found(
        blueprint="marketplace", name="Bench", slug="bench", founder=founder, by=operator, at=at, sandbox=True,
        time_zone="UTC",
    )  # fmt: skip
    worker.drain()
    with scope(coop.pk), connection.cursor() as cursor:
        fill(cursor, coop.pk, orders, members)
        job = Principal.job(coop.pk)
        for month in range(1, 13):
            day = datetime(2027, month, 15, tzinfo=UTC)
            legs = [
                Leg("1000", Money(orders * 3, "EUR")),
                Leg("4100", Money(-orders * 5, "EUR")),
                Leg("6600", Money(orders * 2, "EUR")),
            ]
            ledger.post(key=f"bench:{month}", narration="x", postings=legs, by=job, at=day)
        ledger.seal(by=job, at=at)
        started = time.perf_counter()
        rows = surplus.count_anew(by=job, at=at)
        totals = time.perf_counter() - started
        cursor.execute("ANALYZE")
    Path(path).write_text(json.dumps({"coop": coop.pk, "totals_s": round(totals, 1), "totals": rows}))


def fill(cursor: Any, coop: int, orders: int, members: int) -> None:
    """Make rows in bulk. Triggers and keys into other tables rest meanwhile; indexes are built over the whole at the end."""
    cursor.execute("SET session_replication_role = replica")
    like(
        cursor,
        "people_person",
        "id <> 0",
        {"id": "1000000 + n", "name": "'Member ' || n", "email": "'m' || n || '@example.org'"},
        members,
    )
    like(
        cursor,
        "members_membership",
        f"coop_id = {coop}",
        {"id": "1000000 + n", "person_id": "1000000 + n", "number": "100 + n"},
        members,
    )
    cursor.execute("SELECT indexdef, indexname FROM pg_indexes WHERE tablename = 'orders_order' AND indexname NOT IN "
                   "(SELECT conname FROM pg_constraint WHERE conrelid = 'orders_order'::regclass)")  # fmt: skip
    indexes = cursor.fetchall()
    for _made, name in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    at = "(timestamptz '2027-01-01 00:00:30+00' + (n % 365) * interval '1 day')"
    changes = {
        "id": "1000000 + n",
        "provider_id": f"CASE WHEN n % 50 = 0 THEN NULL ELSE 1000001 + (n::bigint * 7919) % {members} END",
        "customer_id": f"CASE WHEN n % 3 = 0 THEN 1000001 + (n::bigint * 104729) % {members} END",
        "state_since": at, "placed_at": at, "released_at": at, **amounts(),
    }  # fmt: skip
    first = an_order(coop)
    like(cursor, "orders_order", f"id = {first}", changes, orders)
    cursor.execute("DELETE FROM orders_order WHERE id = %s", [first])
    for made, _name in indexes:
        cursor.execute(made)
    cursor.execute("SET session_replication_role = DEFAULT")


def amounts() -> dict[str, str]:
    """Return what orders cost: half with VAT, some with a tip or a fee on top; one in 97 partly refunded, one in 211 whole."""
    net = "(500 + (n * 31) % 9973)"
    vat, tip = f"(n % 2 * (({net} * 20 + 50) / 100))", "(CASE WHEN n % 10 = 3 THEN 200 ELSE 0 END)"
    fee = f"(CASE WHEN n % 20 = 19 THEN {net} / 10 ELSE 0 END)"
    total = f"({net} + {vat} + {tip} + {fee})"
    back = f"(CASE WHEN n % 97 = 0 THEN {total} / 3 WHEN n % 211 = 0 THEN {total} ELSE 0 END)"
    # Of every share as large a part went back as of the whole; what rounding leaves over is the provider's.
    tip_left, fee_left, ours_left = (f"({one} * ({total} - {back}) / {total})" for one in (tip, fee, f"({net} / 20)"))
    shares = {
        "provider": ("2110", f"({total} - {back} - {tip_left} - {fee_left} - {ours_left})"), "commission": ("4100", ours_left),
        "tip": ("2110", tip_left), "guest_fee": ("4100", fee_left),
    }  # fmt: skip
    there = {"tip": f"{tip} > 0", "guest_fee": f"{fee} > 0"}
    left = " || ".join(
        f"CASE WHEN {there.get(kind, 'TRUE')} THEN jsonb_build_array(jsonb_build_object('kind', '{kind}', 'code', '{code}', "
        f"'minor', {minor}, 'rule', 'fees.commission', 'version', 1)) ELSE '[]' END"
        for kind, (code, minor) in shares.items()
    )
    return {
        "net_minor": net, "vat_minor": vat, "tip_minor": tip, "on_top_minor": fee, "total_minor": total, "captured_minor": total,
        "refunded_minor": back, "left": left,
    }  # fmt: skip


def an_order(coop: int) -> int:
    """Return an order to make others after, with everything an order has where it is not said otherwise."""
    from toadlane.trade.orders.models import Order, ProcessVersion

    at = datetime(2027, 1, 1, tzinfo=UTC)
    process = ProcessVersion.objects.create(name="purchase", hash="bench", document={})
    one = Order(
        coop_id=coop, title="A thing", kind="purchase", currency="EUR", net_minor=0, total_minor=0, bylaws_version=1,
        process=process, state="closed", state_since=at, name="Guest", language="en", placed_at=at,
    )  # fmt: skip
    return Order.objects.bulk_create([one])[0].pk


def like(cursor: Any, table: str, which: str, changes: dict[str, str], count: int) -> None:
    """Repeat one row of a table with some columns changed."""
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table])
    columns = [name for (name,) in cursor.fetchall()]
    said = ", ".join(changes.get(name, f'o."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {said} FROM (SELECT * FROM {table} WHERE {which} ORDER BY id LIMIT 1) o, "
        f"generate_series(1, {count}) n"
    )


class Timed:
    """Do something and remember how long it took by the clock and of the processors, under a name."""

    def __init__(self, backend: int) -> None:
        self.backend = backend
        self.times: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    def __call__(self, name: str, deed: Any) -> Any:
        with common.both_seconds(self.backend) as spent:
            started = time.perf_counter()
            found = deed()
            self.times.setdefault(name, []).append(round(time.perf_counter() - started, 2))
        self.cpu.setdefault(name, []).append(round(spent[0], 2))
        return found


def measure(path: str) -> None:
    """Work the year out in every way, book it, and say how long each took and what it came to."""
    django()
    from django.db import connection

    from toadlane.ownership.surplus import queries, services
    from toadlane.ownership.surplus.policies.closing import close
    from toadlane.ownership.surplus.queries import doing
    from toadlane.plumbing.access.principals import Principal
    from toadlane.plumbing.tenancy.scope import scope

    told = json.loads(Path(path).read_text())
    at, coop = datetime(2028, 2, 1, tzinfo=UTC), told["coop"]
    connection.ensure_connection()
    timed = Timed(connection.connection.info.backend_pid)

    with scope(coop):
        kept = doing.done

        def ours() -> dict[str, int]:
            return close(queries.facts(FIRST, LAST, tax=0), queries.terms()).members

        def from_orders() -> dict[str, int]:
            doing.done = doing.from_orders
            try:
                return ours()
            finally:
                doing.done = kept

        result = queries.facts(FIRST, LAST, tax=0).result

        def raw() -> dict[str, int]:
            with connection.cursor() as cursor:
                cursor.execute(RAW, {"coop": coop, "since": SINCE, "until": UNTIL, "result": result})
                return {str(pk): minor for pk, minor in cursor.fetchall()}

        answers = [
            timed(name, deed) for _ in range(3) for name, deed in (("raw", raw), ("orders", from_orders), ("totals", ours))
        ]
        equal = all(one == answers[0] for one in answers)
        members = len(answers[0])
        del answers
        from toadlane.plumbing.access.principals import Channel
        from toadlane.society.members import queries as people
        from toadlane.society.members.models import Membership

        board = people.principal(person_id=Membership.objects.order_by("number")[0].person_id, channel=Channel.CLI)
        book = Principal.job(coop, "enactment")
        with common.counted(connection) as seen:
            year = timed("work_out", lambda: services.work_out(name="2027", starts_on=FIRST, ends_on=LAST, by=board, at=at))
            digest = year.hash
            year = timed("book", lambda: services.book(name="2027", digest=digest, decision="bench", by=book, at=at))
        statements = seen[0]
        lines = timed("statements", lambda: sum(len(line) for line in queries.table(queries.statements(year))))
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(DISTINCT entry_id), COUNT(*), SUM(minor) FROM ledger_posting p "
                           "JOIN ledger_journalentry e ON e.id = p.entry_id WHERE e.subject = 'year:2027'")  # fmt: skip
            entries, postings, total = cursor.fetchone()
    print(json.dumps({
        **told, "times": timed.times, "cpu": timed.cpu, "equal": equal, "members": members,
        "statements": statements, "entries": entries, "postings": postings, "sum": int(total), "bytes": lines,
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


def main(orders: int, members: int) -> None:
    with common.postgresql("bench_books_surplus") as address, common.folder() as data:
        env = os.environ | {"TOADLANE_DATABASE_URL": address, "TOADLANE_DATA": str(data), "TOADLANE_SANDBOX": "1",
                            "PYTHONPATH": str(common.ROOT)}  # fmt: skip
        told, this = data / "told.json", [sys.executable, __file__]
        subprocess.run([*this, "--prepare", str(told), str(orders), str(members)], env=env, check=True, cwd=common.ROOT)
        seen = subprocess.run(
            [*this, "--measure", str(told)], env=env, check=True, cwd=common.ROOT, stdout=subprocess.PIPE, text=True
        )
    found = json.loads(seen.stdout.strip().splitlines()[-1])
    print(found)
    times, cpu = found["times"], found["cpu"]
    closing = ("work_out", "book", "statements")
    ours, peer = min(times["orders"]), min(times["raw"])
    seconds = sum(times[name][0] for name in closing)
    ok = (
        found["equal"] and found["sum"] == 0 and ours / peer <= TARGET["ratio"] and seconds <= TARGET["seconds"]
        and found["resident_mb"] <= TARGET["resident_mb"]
    )  # fmt: skip
    common.result(
        name="surplus", ours=round(ours, 2), peer=round(peer, 2), peer_name="one SQL statement", ratio=round(ours / peer, 2),
        ours_cpu_s=min(cpu["orders"]), peer_cpu_s=min(cpu["raw"]), cpu_ms=round(1000 * sum(cpu[name][0] for name in closing)),
        statements=found["statements"], seconds=round(seconds, 2), resident_mb=found["resident_mb"],
        from_totals_s=min(times["totals"]), target=TARGET, ok=ok,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 85_000)

"""From quote to paid over the REST API, on PostgreSQL, with eight clients; django-oscar with its API beside it.

    python benchmarks/order_path.py [orders]

Half of the orders are visits that take a slot in a calendar and have the card held; half are things from stock, charged at
once, with their entry in the ledger. Both servers run on granian with two WSGI workers of two threads, one after the other,
in the same run. Jobs are worked off afterwards and counted apart. CPU of web processes, database and clients is shown apart.
At the end no two bookings may overlap and the ledger has to sum to zero.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import common

CLIENTS, THREADS = 8, "2"  # Threads of each web process, as `toadlane serve` has them.
TARGET = {"ratio": 5.0, "statements": 14, "cpu_ms": 8.0}
HERE = Path(__file__).parent
PEER = common.ROOT / "build" / "peers" / "oscar"


def call(connection: http.client.HTTPConnection, path: str, body: dict[str, Any], **headers: str) -> tuple[Any, str]:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    data = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{path}: {answer.status} {data[:300]!r}")
    return json.loads(data), (answer.getheader("Set-Cookie") or "").split(";")[0]


def load(port: int, count: int, one: Callable[[http.client.HTTPConnection, int], None]) -> float:
    """Let the clients place `count` orders; return the seconds it took."""

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for order in range(number, count, CLIENTS):
            one(connection, order)

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))
    return time.perf_counter() - started


# --- ours


def our_order(coops: dict[str, Any]) -> Callable[[http.client.HTTPConnection, int], None]:
    first = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3)

    def one(connection: http.client.HTTPConnection, number: int) -> None:
        if number % 2:
            starts = first + timedelta(days=number // 2 % 300)
            wish: dict[str, Any] = {"size": "one", "level": "once_over", "addons": {"oven": 1}, "starts": starts.isoformat()}
            base = f"/api/v1/coops/{coops['visits']}/orders"
        else:
            wish, base = {"listing": coops["listing"]}, f"/api/v1/coops/{coops['things']}/orders"
        quote, _ = call(connection, f"{base}/quotes", wish)
        contact = {"name": f"Guest {number}", "email": f"g{number}@example.org", "address": "9 Mill Lane"}
        placed, _ = call(
            connection, base, {"quotes": [quote["id"]], "contact": contact, "card": {"number": "4242424242424242"}},
            **{"Idempotency-Key": f"bench-{number}"},
        )  # fmt: skip
        assert placed["payment"]["state"] in ("authorised", "captured"), placed

    return one


def prepare(path: str) -> None:
    """Found two co-ops in the database of the environment, one with calendars and one with stock, and say how to order."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "toadlane.config.settings"
    django.setup()
    from toadlane.blueprints import installer
    from toadlane.config.cli import prepare
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.outbox import worker
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.members import queries as member_queries
    from toadlane.society.members import services as members
    from toadlane.society.members.models import Organisation
    from toadlane.society.people.models import Person
    from toadlane.trade.booking import services as booking
    from toadlane.trade.catalog import services as catalog

    prepare.migrate(lambda _said: None)
    at = clock.machine_time()
    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    person = Person.objects.create(name="Bench", email="bench@example.org")
    told = {}
    for name, blueprint in (("visits", "home_services"), ("things", "marketplace")):
        coop = installer.found(blueprint=blueprint, name=name, slug=name, founder=person, by=operator, at=at, sandbox=True)
        told[name] = coop.slug
        with scope(coop.pk):
            by = member_queries.principal(person_id=person.pk, channel=Channel.CLI)
            if name == "visits":
                for number in range(3):
                    organisation = Organisation.objects.create(name=f"Member {number}")
                    member = members.admit(organisation=organisation, member_class="co_op", by=by, at=at)
                    booking.open_resource(name=f"Member {number}", time_zone="UTC", membership_id=member.pk, capacity=200,
                                          is_always_open=True, by=by, at=at)  # fmt: skip
            else:
                said = {"title": "A mug", "text": "For tea.", "price_minor": 2800, "stock": 900_000}
                listing = catalog.create(kind="goods", said=said, provider_id=by.membership_id, by=by, at=at)
                catalog.submit(listing=listing, by=by, at=at)
                told["listing"] = listing.pk
    worker.drain()
    Path(path).write_text(json.dumps(told))


def inspect(path: str) -> None:
    """Count the statements of one order of each kind, work off the jobs, and check what has to be true."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "toadlane.config.settings"
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from toadlane.plumbing.outbox import worker

    coops = json.loads(Path(path).read_text())

    class Local:
        """The same order path, in this process, so that its statements can be counted."""

        def request(self, _method: str, address: str, body: str, headers: dict[str, str]) -> None:
            self.answer = Client(SERVER_NAME="127.0.0.1").post(address, body, content_type="application/json", headers=headers)

        def getresponse(self) -> Any:
            answer = self.answer
            return type("Answer", (), {
                "status": answer.status_code, "read": lambda _self: answer.content, "getheader": lambda _self, _name: "",
            })()  # fmt: skip

    one = our_order(coops)
    counted: dict[str, int] = {}
    for number, kind in ((10_000_000, "thing"), (10_000_001, "visit")):
        one(Local(), number - 2)  # type: ignore[arg-type]  # Warm: caches of immutable things are filled.
        with CaptureQueriesContext(
            connection,
        ) as seen:
            one(Local(), number)  # type: ignore[arg-type]
        frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
        counted[kind] = sum(not q["sql"].startswith(frame) for q in seen.captured_queries)
        if os.environ.get("BENCH_SHOW"):
            print(*(q["sql"][:230] for q in seen.captured_queries), sep="\n", file=sys.stderr)
    started = time.process_time()
    jobs = worker.drain()
    job_cpu = time.process_time() - started
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM booking_allocation a JOIN booking_allocation b ON a.resource_id = b.resource_id"
            " AND a.unit = b.unit AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        )
        overlaps = cursor.fetchone()[0]
        cursor.execute("SELECT COALESCE(SUM(minor), 0), COUNT(*) FROM ledger_posting")
        total, postings = cursor.fetchone()
        cursor.execute("SELECT COUNT(*) FROM booking_allocation")
        allocations = cursor.fetchone()[0]
    print(json.dumps({"statements": counted, "jobs": jobs, "job_cpu_s": round(job_cpu, 2), "overlaps": overlaps,
                      "ledger_sum": int(total), "postings": postings, "allocations": allocations}))  # fmt: skip


def ours(count: int) -> dict[str, Any]:
    port, granian = common.free_port(), str(Path(sys.executable).with_name("granian"))
    with common.postgresql("bench_toadlane") as address, common.folder() as data:
        env = {"TOADLANE_DATABASE_URL": address, "TOADLANE_DATA": str(data), "TOADLANE_SANDBOX": "1", "TOADLANE_RATES": "0",
               "PYTHONPATH": str(common.ROOT), "PORT": str(port)}  # fmt: skip
        told = data / "coops.json"
        this = [sys.executable, __file__]
        subprocess.run([*this, "--prepare", str(told)], env=os.environ | env, check=True, cwd=common.ROOT)
        command = [granian, "--interface", "wsgi", "--workers", "2", "--blocking-threads", THREADS, "--host", "127.0.0.1",
                   "--port", str(port), "--http", "1", "--no-ws", "toadlane.config.wsgi:application"]  # fmt: skip
        with common.server(command, port=port, ready="/healthz", env=env, cwd=common.ROOT) as pid:
            one = our_order(json.loads(told.read_text()))
            load(port, 60, lambda c, n: one(c, n + 1_000_000))
            before, base, own = common.cpu_seconds(pid), common.database_seconds(address), time.process_time()
            seconds = load(port, count, one)
            own = time.process_time() - own
            cpu, base = common.cpu_seconds(pid) - before, common.database_seconds(address) - base
        seen = subprocess.run(
            [*this, "--inspect", str(told)], env=os.environ | env, check=True, cwd=common.ROOT, stdout=subprocess.PIPE, text=True
        )
    each = {"cpu_ms": cpu, "database_cpu_ms": base, "clients_cpu_ms": own}
    spent = {name: 1000 * value / count for name, value in each.items()}
    return {"rate": count / seconds, **spent, **json.loads(seen.stdout.strip().splitlines()[-1])}


# --- the peer


def oscar_python() -> str:
    """Return a Python with django-oscar, made once in build/peers."""
    if given := os.environ.get("BENCH_OSCAR_PYTHON"):
        return given
    python = PEER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        wanted = ["django-oscar>=4.2", "django-oscar-api>=3.3", "psycopg[binary]>=3.3", "granian>=2.8"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
    return str(python)


def oscar_order(port: int) -> Callable[[http.client.HTTPConnection, int], None]:
    base = f"http://127.0.0.1:{port}/api"
    address = {"country": f"{base}/countries/IE/", "first_name": "A", "last_name": "Guest", "line1": "9 Mill Lane",
               "line4": "Ardmullen", "notes": "", "phone_number": "", "postcode": "D01 F5P2", "state": "",
               "title": "Mr"}  # fmt: skip

    def one(connection: http.client.HTTPConnection, number: int) -> None:
        basket, cookie = call(connection, "/api/basket/add-product/", {"url": f"{base}/products/1/", "quantity": 1})
        order = {
            "basket": basket["url"], "guest_email": f"g{number}@example.org", "total": "129.00", "shipping_address": address,
            "shipping_charge": {"currency": "EUR", "excl_tax": "0.0", "tax": "0.0"},
            "shipping_method_code": "no-shipping-required",
        }  # fmt: skip
        call(connection, "/api/checkout/", order, Cookie=cookie)

    return one


def peer(count: int) -> dict[str, Any]:
    python, port = oscar_python(), common.free_port()
    with common.postgresql("bench_oscar") as address:
        env = {"OSCAR_DATABASE": address, "PYTHONWARNINGS": "ignore"}
        site = HERE / "peers" / "oscar_site.py"
        subprocess.run(
            [python, str(site), "prepare"], env=os.environ | env, check=True, stdout=subprocess.DEVNULL, cwd=site.parent
        )
        command = [str(Path(python).with_name("granian")), "--interface", "wsgi", "--workers", "2", "--blocking-threads", THREADS,
                   "--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws", "oscar_site:application"]  # fmt: skip
        with common.server(command, port=port, ready="/api/products/", env=env, cwd=site.parent) as pid:
            one = oscar_order(port)
            load(port, 30, one)
            before = common.cpu_seconds(pid)
            seconds = load(port, count, one)
            cpu = common.cpu_seconds(pid) - before
    return {"rate": count / seconds, "cpu_ms": 1000 * cpu / count}


def main(count: int) -> None:
    us, them = ours(count), peer(max(100, count // 5))
    print(f"ours {us}\npeer {them}")
    ratio, statements = us["rate"] / them["rate"], max(us["statements"].values())
    sound = us["overlaps"] == 0 and us["ledger_sum"] == 0 and us["postings"] > 0 and us["allocations"] > 0
    ok = sound and ratio >= TARGET["ratio"] and statements <= TARGET["statements"] and us["cpu_ms"] <= TARGET["cpu_ms"]
    common.result(
        name="order_path", ours=round(us["rate"], 1), peer=round(them["rate"], 1), peer_name="django-oscar with oscarapi",
        ratio=round(ratio, 2), cpu_ms=round(us["cpu_ms"], 2), statements=statements, target=TARGET, ok=ok,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(sys.argv[2])
    elif sys.argv[1:2] == ["--inspect"]:
        inspect(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

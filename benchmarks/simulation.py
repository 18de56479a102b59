"""A change of the fee, replayed on a year of orders: 600 while somebody waits, 100,000 by a job, on both engines.

Orders as visits and sales leave them, written in bulk: priced by the rate card in some eighty ways, or at a price of their
own each; three in a hundred called off late, two in a hundred given back in part. The replay must say of every order that it
comes to what was charged for it, and, worked out again, come to the same digest.

    python benchmarks/simulation.py [orders]
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import folder, postgresql, result

FEW, MANY = 600, 100_000
# Seconds of this process beside those of the clock: on a busy machine the clock says more about the others.
TARGET = {"few_s": 1.0, "few_cpu_s": 0.3, "many_cpu_s": 30.0, "mb": 150, "statements_few": 25}
YEAR = timedelta(days=365)


def main(many: int) -> None:
    figures = {}
    with folder() as data:
        figures["sqlite"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": ""}, many)
        with postgresql("bench_simulation") as url:
            figures["postgresql"] = child({"TOADLANE_DATA": str(data), "TOADLANE_DATABASE_URL": url}, many)
    for engine, found in figures.items():
        print(f"{engine}: {found}")
    worst = {name: max(found[name] for found in figures.values()) for name in (*TARGET, "many_s")}
    exact = all(found["exact"] for found in figures.values())
    result(
        name="simulation", ours=worst["many_s"], few_s=worst["few_s"], orders=many, mb=worst["mb"], exact=exact,
        cpu_ms=round(1000 * worst["few_cpu_s"], 1), statements=worst["statements_few"], target=TARGET,
        ok=exact and all(worst[name] <= most for name, most in TARGET.items()),
    )  # fmt: skip


def child(env: dict[str, str], many: int) -> dict[str, Any]:
    """Write the orders in one process and replay them in another, whose memory then is the replay's."""
    for step in ("--prepare", "--one"):
        command = [sys.executable, __file__, step, str(many)]
        run = subprocess.run(command, env=os.environ | env, stdout=subprocess.PIPE, text=True, check=False)
        if run.returncode:
            sys.exit(run.returncode)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def awake() -> datetime:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    import django

    django.setup()
    return datetime.now(UTC)


def prepare(many: int) -> None:
    at = awake()
    from toadlane.config.cli import prepare
    from toadlane.plumbing.tenancy.scope import scope

    prepare.migrate(lambda _said: None)
    for name, count in (("few", FEW), ("many", many)):
        coop = founded(name, at)
        with scope(coop.pk):
            live_a_year(coop, count, at)


def one_engine(many: int) -> None:
    at = awake()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from toadlane.plumbing.access.principals import Principal
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.bylaws.rules.patches import Op, Patch
    from toadlane.society.coops import queries as coops
    from toadlane.society.simulations import queries, services

    patch = Patch(1, (Op("fees.commission", "0.05", "0.06"),))
    found: dict[str, Any] = {"exact": True}
    for name, count in (("few", FEW), ("many", many)):
        coop = coops.at_slug(name)
        assert coop
        by = Principal.job(coop.pk)
        with scope(coop.pk):
            memory = own_memory()
            started, cpu = time.perf_counter(), time.process_time()
            with CaptureQueriesContext(connection) as seen:
                asked = services.simulate(patch=patch, by=by, at=at)
            if asked and not asked.is_over:
                asked = services.work_off(by=by, at=at)
            found[f"{name}_s"] = round(time.perf_counter() - started, 3)
            found[f"{name}_cpu_s"] = round(time.process_time() - cpu, 3)
            found[f"statements_{name}"] = len(seen.captured_queries)
            found["mb"] = own_memory() - memory
            assert asked and asked.state == "done", asked and asked.trouble
            facts = asked.result["replays"]["orders"]
            found["exact"] &= facts["orders"] == count == facts["checked"]["same"] and queries.worked_out(asked)[2] == asked.hash
    print(json.dumps(found))


def own_memory() -> int:
    """Return this process's own memory in MB: not the pages of the database file that SQLite maps, which are the cache's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) // 1024


def founded(name: str, at: datetime) -> Any:
    from toadlane.blueprints import installer
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.society.people.models import Person

    operator = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))
    person = Person.objects.create(name=name, email=f"{name}@example.org")
    return installer.found(
        blueprint="home_services",
        name=name,
        slug=name,
        founder=person,
        by=operator,
        at=at - YEAR - timedelta(days=9),
        sandbox=True,
    )


def live_a_year(coop: Any, count: int, at: datetime) -> None:
    """Write a year of orders that are over."""
    from toadlane.plumbing.access.principals import Principal
    from toadlane.society.members import services as members
    from toadlane.society.members.models import Organisation
    from toadlane.trade.orders import services as orders
    from toadlane.trade.orders.models import Order, OrderMoment, Refund
    from toadlane.trade.orders.queries import processes, replay, splits
    from toadlane.trade.orders.services import processes as kept

    act = Principal.job(coop.pk, "founder", "board")
    providers = [
        members.admit(organisation=Organisation.objects.create(name=f"Member {n}"), member_class="co_op", by=act, at=at - YEAR).pk
        for n in range(40)
    ]
    document = processes.documents(coop)["visit"]
    version = kept.keep(document=document, by=act)
    wishes = [
        orders.Wish(size=size, level=level, addons=addons, starts=at + timedelta(days=3))
        for size in ("one", "two", "three") for level in ("once_over", "top_to_bottom")
        for addons in ({}, {"oven": 1}, {"windows": 4}, {"oven": 1, "laundry": 2})
    ]  # fmt: skip
    quotes = [orders.preview(wish=wish, by=act, at=at) for wish in wishes]
    book, own = quotes[0].rules, splits.split
    columns = ("title", "kind", "currency", "bylaws_version", "spec")
    made, moments, refunds = [], [], []
    for n in range(count):
        quote = quotes[n % len(quotes)]
        over = at - timedelta(days=2) - (YEAR - timedelta(days=4)) * n / count
        if n % 3:  # By the card; the others at a price of their own.
            lines, shares, sums = quote.lines, quote.split, (quote.net_minor, quote.vat_minor, quote.tip_minor)
        else:
            money = own(replay.Money(3000 + 7 * (n % 3001), "EUR"), tip=replay.Money(n % 5 * 100, "EUR"), book=book)
            lines = [
                {"code": "hours", "names": {"en": "An hour"}, "quantity": "1", "unit": 1, "minor": money.net.minor, "rule": ""}
            ]
            shares, sums = money.shares, (money.net.minor, money.vat.minor, money.tip.minor)
        late = n % 33 == 0
        total = sum(sums)
        made.append(Order(
            coop_id=coop.pk, process=version, provider_id=providers[n % 40], state="cancelled" if late else "released",
            name="Guest", state_since=over, placed_at=over - timedelta(days=5), released_at=over, captured_minor=total,
            lines=lines, split=shares, net_minor=sums[0], vat_minor=sums[1], tip_minor=sums[2], total_minor=total,
            starts_at=over + timedelta(hours=9), ends_at=over + timedelta(hours=12),
            **{column: getattr(quote, column) for column in columns},
        ))  # fmt: skip
    Order.objects.bulk_create(made, batch_size=2000)
    for n, order in enumerate(made):
        known = {"order": order, "currency": order.currency, "made_by": "job:system"}
        if n % 33 == 0:
            moments += [
                OrderMoment(order=order, at=order.placed_at, deed="accept", state="accepted", actor="provider", by="job"),
                OrderMoment(order=order, at=order.state_since, deed="cancel", state="cancelled", actor="customer", by="job"),
            ]
            back = order.total_minor - (order.net_minor + 1) // 2
            refunds.append(
                Refund(**known, key=f"{order.subject}:cancel", amount_minor=back, stage="held", made_at=order.state_since)
            )
        elif n % 50 == 1:
            refunds.append(Refund(**known, key=f"r{n}", amount_minor=1001, stage="released", made_at=order.state_since))
    OrderMoment.objects.bulk_create(moments, batch_size=2000)
    Refund.objects.bulk_create(refunds, batch_size=2000)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--one"]:
        one_engine(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)

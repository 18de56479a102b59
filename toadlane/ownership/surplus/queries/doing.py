"""What members did in a year, from running totals by member and month, or from the orders themselves.

The totals are kept up by the database as orders change (see `guards`), a short tail first and folded by a job: so a year is
read in as many rows as there are members and months, however many orders there were, and `verify` asks the orders.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from toadlane.money.ledger.queries import periods
from toadlane.ownership.surplus.models import Patronage, Uncounted
from toadlane.ownership.surplus.policies.measures import MEASURES, SIDES, expression
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.trade.orders.models import Order

KEPT, TAIL, ORDER = (model._meta.db_table for model in (Patronage, Uncounted, Order))
NOBODY = 0


def done(side: str, measure: str, first: date, last: date, currency: str) -> dict[int, int]:
    """Return what each did from one day to another: sums by membership (`sold`) or person (`bought`), 0 for nobody of ours."""
    after = last + timedelta(days=1)
    if first.day != 1 or after.day != 1:
        return from_orders(side, measure, first, last, currency)
    day = connection.ops.adapt_datefield_value
    kept = (
        f"SELECT who, {measure} AS amount FROM {KEPT} "
        "WHERE coop_id = %s AND side = %s AND month >= %s AND month < %s AND currency = %s"
    )
    tail = (
        f"SELECT {SIDES[side]}, {measure} FROM {TAIL} "
        "WHERE coop_id = %s AND currency = %s AND released_at >= %s AND released_at < %s"
    )
    # One statement, so that a fold in between neither counts an order twice nor loses it.
    return _asked(
        f"SELECT who, SUM(amount) FROM ({kept} UNION ALL {tail}) m GROUP BY who",
        current_coop_id(), side, day(first), day(after), currency, current_coop_id(), currency, *_bounds(first, last),
    )  # fmt: skip


def orders_in(first: date, last: date, currency: str) -> int:
    """Return how many orders were done from one day to another."""
    return sum(done("sold", "orders", first, last, currency).values())


def from_orders(side: str, measure: str, first: date, last: date, currency: str) -> dict[int, int]:
    """Return the same, asked of every order of the year."""
    whose, amount = f"COALESCE(o.{SIDES[side]}, 0)", expression(measure, "o", connection.vendor, by_function=True)
    return _asked(
        f"SELECT {whose}, SUM({amount}) FROM {ORDER} o "
        f"WHERE o.coop_id = %s AND o.currency = %s AND o.released_at >= %s AND o.released_at < %s GROUP BY 1",
        current_coop_id(), currency, *_bounds(first, last),
    )  # fmt: skip


def _bounds(first: date, last: date) -> list[Any]:
    ends = (first, last + timedelta(days=1))
    return [connection.ops.adapt_datetimefield_value(periods.midnight(day)) for day in ends]


def _asked(sql: str, *values: Any) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {who: int(amount) for who, amount in cursor.fetchall() if amount}


def coops_to_count(_now: datetime) -> list[int]:
    """Return the co-ops whose totals have a tail. Asked with the scope lifted."""
    return list(Uncounted.objects.order_by().values_list("coop_id", flat=True).distinct())


def totals_hold() -> Finding:
    """The running totals with their tail are what the orders say, for every month, member and measure."""
    months = Patronage.objects.order_by().values_list("month", "currency").distinct()
    tail = Uncounted.objects.values_list("released_at", "currency")
    zone = periods.zone()
    known = {*months, *((at.astimezone(zone).date().replace(day=1), currency) for at, currency in tail)}
    released = Order.objects.filter(released_at__isnull=False)
    first = released.order_by("released_at").values_list("released_at", "currency").first()
    known |= {(first[0].astimezone(zone).date().replace(day=1), first[1])} if first else set()
    faults, looked_at = [], 0
    for month, currency in sorted(known):
        last = periods.month_after(month) - timedelta(days=1)
        for side in SIDES:
            for measure in MEASURES:
                kept, real = (ask(side, measure, month, last, currency) for ask in (done, from_orders))
                looked_at += len(real)
                for who in sorted(kept.keys() | real.keys()):
                    if kept.get(who) != real.get(who):
                        told = f"{kept.get(who, 0)}, the orders say {real.get(who, 0)}"
                        faults.append(f"{side} by {who} in {month:%Y-%m}: {measure} kept {told}")
    return Finding(looked_at, faults)

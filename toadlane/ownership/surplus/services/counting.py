"""Keeping the running totals of what members did: the tail is folded in, a batch at a time."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from toadlane.money.ledger.queries import periods
from toadlane.ownership.surplus.models import Patronage, Uncounted
from toadlane.ownership.surplus.permissions import COUNT
from toadlane.ownership.surplus.policies.measures import MEASURES, SIDES, expressions
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.trade.orders.models import Order

BATCH = 5000
KEPT, ORDER = Patronage._meta.db_table, Order._meta.db_table
KEY = ("coop_id", "side", "month", "who", "currency")


def count(*, by: Principal, at: datetime) -> int:
    """Fold what orders changed into the totals; return how many changes there were."""
    by.must(COUNT)
    total = 0
    while folded := _fold():
        total += folded
    return total


@transaction.atomic
def _fold() -> int:
    Tenant.lock_current()
    rows, zone = list(Uncounted.objects.order_by("pk")[:BATCH]), periods.zone()
    sums: dict[tuple[Any, ...], list[int]] = {}
    nothing = [0] * len(MEASURES)
    for row in rows:
        month = row.released_at.astimezone(zone).date().replace(day=1)
        amounts = [getattr(row, measure) for measure in MEASURES]
        for side, column in SIDES.items():
            key = (row.coop_id, side, month, getattr(row, column), row.currency)
            sums[key] = [a + b for a, b in zip(sums.get(key, nothing), amounts, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {KEPT} ({', '.join((*KEY, *MEASURES))}) VALUES ({', '.join(['%s'] * (len(KEY) + len(MEASURES)))}) "
            f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET " + ", ".join(f"{m} = {KEPT}.{m} + excluded.{m}" for m in MEASURES),
            [(*key, *amounts) for key, amounts in sums.items() if any(amounts)],
        )
    Uncounted.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def count_anew(*, by: Principal, at: datetime) -> int:
    """Work all totals out from the orders, in one statement for each side: after orders came in past the database's own rules."""
    by.must(COUNT)
    Tenant.lock_current()
    Uncounted.objects.all().delete()
    Patronage.objects.all().delete()
    zone, vendor = str(periods.zone()), connection.vendor
    month = {
        "postgresql": "date_trunc('month', o.released_at AT TIME ZONE %s)::date",
        # What Django itself puts into SQLite, so that months begin where the co-op is.
        "sqlite": "substr(django_datetime_trunc('month', o.released_at, %s, 'UTC'), 1, 10)",
    }[vendor]
    sums = ", ".join(f"SUM({one})" for one in expressions("o", vendor))
    made = 0
    with connection.cursor() as cursor:
        for side, column in SIDES.items():
            cursor.execute(
                f"INSERT INTO {KEPT} ({', '.join((*KEY, *MEASURES))}) SELECT o.coop_id, %s, {month} AS m, "
                f"COALESCE(o.{column}, 0) AS w, o.currency, {sums} FROM {ORDER} o "
                "WHERE o.coop_id = %s AND o.released_at IS NOT NULL GROUP BY o.coop_id, m, w, o.currency",
                [side, zone, current_coop_id()],
            )
            made += cursor.rowcount
    return made

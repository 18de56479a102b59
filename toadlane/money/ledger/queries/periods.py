"""What moved on each account between two days, and what stood on it at the end of one.

Whole months come from what the sealing job keeps, with the unsealed tail added; only the days at either end are summed from
their postings. One statement, so that a seal in between can neither count a posting twice nor lose it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max, Min, Sum

from toadlane.money.ledger.models import Account, AccountMonth, ClosedUntil, Posting, Unsealed
from toadlane.money.ledger.policies.chart import CHART
from toadlane.money.ledger.queries.accounts import Balance
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops

ACCOUNT, MONTH, POSTING, UNSEALED = (m._meta.db_table for m in (Account, AccountMonth, Posting, Unsealed))
BEGINNING = date(1900, 1, 1)

# What is entered when a year is closed is not part of any year's result. The room that closes years says what that is about.
Closings = Callable[[], Iterable[str]]
_closings: list[Closings] = []


def declare_closings(source: Closings) -> None:
    """Say which subjects are those of closed years. Called in a room's `wiring`."""
    _closings.append(source)


def closings() -> list[str]:
    return sorted({subject for source in _closings for subject in source()})


def zone() -> ZoneInfo:
    return ZoneInfo(coops.of_scope(current_coop_id()).time_zone)


def midnight(day: date) -> datetime:
    """Return the first instant of a day where the co-op is."""
    return datetime.combine(day, time(), zone())


def closed_until() -> datetime | None:
    """Return the first instant that is open, or nothing while the books were never closed."""
    return ClosedUntil.objects.aggregate(last=Max("until"))["last"]


def first_month() -> date | None:
    """Return the month of the first entry: of the sealed ones, and of the tail while there are none."""
    sealed = AccountMonth.objects.aggregate(first=Min("month"))["first"]
    tail = Unsealed.objects.aggregate(first=Min("entry__posted_at"))["first"]
    days = [day for day in (sealed, tail.astimezone(zone()).date() if tail else None) if day]
    return min(days).replace(day=1) if days else None


def month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def moved(first: date, last: date) -> list[Balance]:
    """Return what moved on each account from one day to another, both counted; what nothing moved on is left out."""
    ends = last + timedelta(days=1)
    since = first if first.day == 1 else month_after(first)
    until = max(since, ends.replace(day=1)) if since <= ends else since
    if since >= until:
        since = until = ends
    day, at = connection.ops.adapt_datefield_value, _instant
    edges = [(first, min(since, ends)), (until, ends)] if first != BEGINNING else [(until, ends)]
    values: list[Any]
    parts, values = [
        f"SELECT account_id, minor FROM {MONTH} WHERE coop_id = %s AND month >= %s AND month < %s",
        f"SELECT p.account_id, p.minor FROM {UNSEALED} u JOIN {POSTING} p ON p.entry_id = u.entry_id "
        "WHERE u.coop_id = %s AND p.posted_at >= %s AND p.posted_at < %s",
    ], [current_coop_id(), day(since), day(until), current_coop_id(), at(since), at(until)]  # fmt: skip
    for begins, over in edges:
        if begins < over:
            parts.append(f"SELECT account_id, minor FROM {POSTING} WHERE coop_id = %s AND posted_at >= %s AND posted_at < %s")
            values += [current_coop_id(), at(begins), at(over)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.code, a.currency, SUM(m.minor) FROM ({' UNION ALL '.join(parts)}) m "
            f"JOIN {ACCOUNT} a ON a.id = m.account_id "
            "GROUP BY a.code, a.currency HAVING SUM(m.minor) <> 0 ORDER BY a.code, a.currency",
            values,
        )
        return [Balance(code, currency, int(minor)) for code, currency, minor in cursor.fetchall()]


def _instant(day: date) -> Any:
    return connection.ops.adapt_datetimefield_value(midnight(day))


def standing(on: date) -> list[Balance]:
    """Return what stood on each account at the end of a day."""
    return moved(BEGINNING, on)


def earned_and_spent(first: date, last: date) -> list[Balance]:
    """Return what was earned and spent from one day to another: the closing of years is left out."""
    found = {(row.code, row.currency): row.minor for row in moved(first, last) if CHART[row.code].kind in ("income", "expense")}
    for code, currency, minor in _closed_in(first, last):
        if CHART[code].kind in ("income", "expense"):
            found[code, currency] = found.get((code, currency), 0) - minor
    return [Balance(code, currency, minor) for (code, currency), minor in sorted(found.items()) if minor]


def standing_once_closed(on: date) -> list[Balance]:
    """Return what stood on each account at the end of a day, with what closed years moved since: a year is closed in the next."""
    found = {(row.code, row.currency): row.minor for row in standing(on)}
    for code, currency, minor in _closed_in(on + timedelta(days=1), None):
        found[code, currency] = found.get((code, currency), 0) + minor
    return [Balance(code, currency, minor) for (code, currency), minor in sorted(found.items()) if minor]


def _closed_in(first: date, last: date | None) -> Sequence[tuple[str, str, int]]:
    if not (subjects := closings()):
        return []
    rows = Posting.objects.filter(entry__subject__in=subjects, posted_at__gte=midnight(first)).order_by()
    rows = rows if last is None else rows.filter(posted_at__lt=midnight(last + timedelta(days=1)))
    return list(rows.values_list("account__code", "account__currency").annotate(total=Sum("minor")))

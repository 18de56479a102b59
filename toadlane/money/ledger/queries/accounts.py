"""What is on an account. Kept balances cover what is sealed; the short tail of newer postings is added when asked.

One statement each, so that a seal in between can neither count a posting twice nor lose it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncDate

from toadlane.kernel.money import Money
from toadlane.money.ledger.models import Account, AccountBalance, Posting, Unsealed
from toadlane.money.ledger.policies.chart import CHART, COOP, CREDIT_OF_THE_COOP, EACH_APART, ChartAccount
from toadlane.plumbing.tenancy.scope import current_coop_id

ACCOUNT, KEPT, POSTING, UNSEALED = (m._meta.db_table for m in (Account, AccountBalance, Posting, Unsealed))


@dataclass(frozen=True)
class Balance:
    """What an account holds in one currency: positive is a debit balance."""

    code: str
    currency: str
    minor: int

    @property
    def account(self) -> ChartAccount:
        return CHART[self.code]

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def usual(self) -> Money:
        """Return the amount as people say it: what is owed, owned and earned is positive."""
        return self.amount if self.account.kind in ("asset", "expense") else -self.amount


@dataclass(frozen=True)
class HolderBalance(Balance):
    """One holder's part of an account."""

    holder: str


_MOVED = f"""
(SELECT account_id, holder, minor FROM {KEPT} WHERE coop_id = %s
 UNION ALL
 SELECT p.account_id, p.holder, p.minor FROM {UNSEALED} u JOIN {POSTING} p ON p.entry_id = u.entry_id WHERE u.coop_id = %s) m
JOIN {ACCOUNT} a ON a.id = m.account_id
"""


def _ask(columns: str, where: str = "1 = 1", *values: Any, group: str = "") -> list[tuple[Any, ...]]:
    coop_id = current_coop_id()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, COALESCE(SUM(m.minor), 0) FROM {_MOVED} WHERE {where} "
            + (f"GROUP BY {group} ORDER BY {group}" if group else ""),
            [coop_id, coop_id, *values],
        )
        return [(*row[:-1], int(row[-1])) for row in cursor.fetchall()]


def balance(code: str, currency: str, holder: str | None = None) -> Money:
    """Return what an account holds, or one holder's part of it: positive is a debit balance."""
    where, values = "a.code = %s AND a.currency = %s", [code, currency]
    if holder is not None:
        where, values = f"{where} AND m.holder = %s", [*values, holder]
    return Money(_ask("MIN(a.code)", where, *values)[0][-1], currency)


def balances() -> list[Balance]:
    """Return every account that was ever used, in the order of the chart."""
    return [Balance(*row) for row in _ask("a.code, a.currency", group="a.code, a.currency")]


def holders(code: str, currency: str) -> list[HolderBalance]:
    """Return the sub-ledger of an account: what each holder has on it."""
    rows = _ask("m.holder", "a.code = %s AND a.currency = %s", code, currency, group="m.holder")
    return [HolderBalance(code=code, currency=currency, minor=minor, holder=holder) for holder, minor in rows]


@dataclass(frozen=True)
class Contrary(Balance):
    """What stands on an account the other way round, such as dues paid ahead: it is owed to members, and no debt of theirs."""

    @property
    def account(self) -> ChartAccount:
        return CHART[self.code].other_way_round


def on_their_sides(rows: Sequence[Balance]) -> list[Balance]:
    """Return what is on accounts as a balance sheet tells it: what stands the other way round as what it is, and where each
    member's part stands for itself, what some owe apart from what others have. A statement more for each such account.
    """
    found: list[Balance] = []
    for row in rows:
        parts = [row.minor]
        if row.code in EACH_APART:
            parts = [part.minor for part in holders(row.code, row.currency) if part.holder != COOP]
        found += split(row.code, row.currency, parts)
    return [row for row in found if row.minor and row.code != CREDIT_OF_THE_COOP]


def split(code: str, currency: str, parts: Iterable[int]) -> list[Balance]:
    """Return what stands on an account as usual, and what stands on it the other way round."""
    account, parts = CHART[code], list(parts)
    if not account.contrary:
        return [Balance(code, currency, sum(parts))]
    sign = 1 if account.kind == "asset" else -1
    usual, contrary = sum(one for one in parts if sign * one > 0), sum(one for one in parts if sign * one < 0)
    return [Balance(code, currency, usual), Contrary(code, currency, contrary)]


def parts_at(code: str, currency: str, until: datetime) -> list[int]:
    """Return what each member's part of an account came to at an instant, in minor units; the co-op's own is left out."""
    rows = Posting.objects.filter(account__code=code, account__currency=currency, posted_at__lt=until).exclude(holder=COOP)
    return list(rows.order_by().values("holder").annotate(total=Sum("minor")).values_list("total", flat=True))


def of_holder(holder: str) -> list[HolderBalance]:
    """Return what one holder has on every account."""
    rows = _ask("a.code, a.currency", "m.holder = %s", holder, group="a.code, a.currency")
    return [HolderBalance(code=code, currency=currency, minor=minor, holder=holder) for code, currency, minor in rows]


def credited_since(code: str, currency: str, after: datetime) -> dict[str, int]:
    """Return what each holder was credited with after an instant, in minor units: what has not waited long enough."""
    rows = Posting.objects.filter(account__code=code, account__currency=currency, posted_at__gt=after, minor__lt=0).order_by()
    return {holder: -total for holder, total in rows.values_list("holder").annotate(total=Sum("minor"))}


def earned_by_day(code: str, *, holders: Sequence[str], since: datetime) -> dict[str, dict[date, int]]:
    """Return what came to holders from orders on each day, what went back taken off, in minor units by currency."""
    rows = Posting.objects.filter(
        account__code=code, holder__in=holders, posted_at__gte=since, entry__subject__startswith="order:"
    ).order_by()
    found: dict[str, dict[date, int]] = {}
    days = rows.annotate(day=TruncDate("posted_at")).values_list("account__currency", "day").annotate(total=Sum("minor"))
    for currency, day, total in days:
        found.setdefault(currency, {})[day] = -total
    return found


def by_key_prefix(prefix: str, code: str, *, holder: str | None = None) -> dict[str, int]:
    """Return what each entry whose key begins so moved on an account, or for one holder of it, in minor units."""
    rows = Posting.objects.filter(entry__key__startswith=prefix, account__code=code).order_by()
    rows = rows if holder is None else rows.filter(holder=holder)
    return dict(rows.values_list("entry__key").annotate(total=Sum("minor")))


def coops_with_a_tail(_now: datetime) -> list[int]:
    """Return the co-ops that have entries to seal. Asked with the scope lifted."""
    return list(Unsealed.objects.order_by().values_list("coop_id", flat=True).distinct())

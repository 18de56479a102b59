"""The books as people read them: what we own and owe, an account by the month, one entry opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from toadlane.kernel.money import Money
from toadlane.money.ledger.models import Account, JournalEntry, Posting, Seal, Unsealed
from toadlane.money.ledger.queries.accounts import Balance, balances, on_their_sides


@dataclass(frozen=True)
class Sheet:
    """What a co-op owns and owes in one currency. The two sides are equal, or something is very wrong."""

    currency: str
    owned: Sequence[Balance]
    owed: Sequence[Balance]
    result: Money

    @property
    def owned_total(self) -> Money:
        return Money.total((row.usual for row in self.owned), self.currency)

    @property
    def owed_total(self) -> Money:
        return Money.total((row.usual for row in self.owed), self.currency) + self.result

    @property
    def is_balanced(self) -> bool:
        return self.owned_total == self.owed_total


def sheets() -> list[Sheet]:
    """Return what we own and owe, a sheet for each currency. One statement, and one more for each account whose parts stand
    for themselves: mutual credit and dues.
    """
    rows = on_their_sides(balances())
    found = []
    for currency in sorted({row.currency for row in rows}):
        ours = [row for row in rows if row.currency == currency]
        result = -sum(row.minor for row in ours if row.account.kind in ("income", "expense"))
        owned = [row for row in ours if row.account.kind == "asset"]
        owed = [row for row in ours if row.account.kind in ("liability", "equity")]
        found.append(Sheet(currency, owned, owed, Money(result, currency)))
    return found


@dataclass(frozen=True)
class LogState:
    """How far the log is sealed. Counted from the last seal and the tail: no table is counted whole."""

    entries: int
    waiting: int
    seal: Seal | None


def log_state() -> LogState:
    seal = Seal.objects.order_by("-number").first()
    waiting = Unsealed.objects.count()
    return LogState((seal.last if seal else 0) + waiting, waiting, seal)


def postings(
    account: Account, *, month: date | None = None, holder: str | None = None
) -> QuerySet[Posting]:  # fmt: skip
    """Return the postings of an account, by month of the reader's time zone and by holder."""
    rows = Posting.objects.filter(account=account).select_related("entry", "account")
    if holder is not None:
        rows = rows.filter(holder=holder)
    if month:
        first = _midnight(month)
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        rows = rows.filter(posted_at__gte=first, posted_at__lt=_midnight(following))
    return rows


def _midnight(day: date) -> datetime:
    """Return the first instant of a day in the co-op's time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def account(code: str, currency: str) -> Account | None:
    return Account.objects.filter(code=code, currency=currency).first()


def months(of: Account) -> list[date]:
    """Return the months from an account's first posting to its last, the newest first."""
    rows = Posting.objects.filter(account=of).order_by("posted_at")
    first, last = rows.values_list("posted_at", flat=True).first(), rows.aggregate(last=Max("posted_at"))["last"]
    if first is None:
        return []
    found, at = [], timezone.localtime(last).date().replace(day=1)
    earliest = timezone.localtime(first).date().replace(day=1)
    while at >= earliest:
        found.append(at)
        at = (at - timedelta(days=1)).replace(day=1)
    return found


def entry(entry_id: UUID | str) -> JournalEntry | None:
    return JournalEntry.objects.filter(pk=entry_id).select_related("sealed__seal").first()


def entries(*, subject: str = "") -> QuerySet[JournalEntry]:
    """Return the entries of the co-op, or those about one subject."""
    rows = JournalEntry.objects.select_related("sealed")
    return rows.filter(subject=subject) if subject else rows


def by_day(*, subject: str = "") -> QuerySet[Posting]:
    """Return the first side of every entry, to page through entries by day: the index by day is that of the sides."""
    rows = Posting.objects.filter(position=0).select_related("entry__sealed")
    return rows.filter(entry__subject=subject) if subject else rows


def seals() -> QuerySet[Seal]:
    return Seal.objects.all()


def about(subject: str) -> list[JournalEntry]:
    """Return all entries about one subject, oldest first: the story of its money."""
    return list(entries(subject=subject).order_by("posted_at", "pk")[:50])


@dataclass(frozen=True)
class MonthOf:
    month: date
    amount: Money
    count: int


def earned_by_month(currency: str, *, since: datetime) -> list[MonthOf]:
    """Return what customers paid in each month: what came in for orders (2100), refunds not taken off."""
    rows = Posting.objects.filter(
        Q(minor__lt=0), account__code="2100", account__currency=currency, posted_at__gte=since
    ).order_by()
    months = rows.annotate(month=TruncMonth("posted_at")).values_list("month").annotate(total=Sum("minor"), n=Count("pk"))
    return [MonthOf(month.date(), Money(-total, currency), n) for month, total, n in sorted(months)]

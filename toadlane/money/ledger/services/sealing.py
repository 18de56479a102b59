"""Seals: from time to time the tail of new entries is numbered, closed under a Merkle root, and signed.

Off the way of orders: posting waits for nobody, and a co-op is sealed by one job at a time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from toadlane.kernel import canonical, merkle
from toadlane.money.ledger.models import AccountBalance, AccountMonth, JournalEntry, Posting, Seal, SealedEntry, Unsealed
from toadlane.money.ledger.queries import periods
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id

BATCH = 1000


def seal(*, by: Principal, at: datetime) -> int:
    """Seal every entry of the tail, a batch at a time; return how many there were."""
    total = 0
    while count := _seal_batch(at):
        total += count
    return total


@transaction.atomic
def _seal_batch(at: datetime) -> int:
    Tenant.lock_current()
    ids = list(Unsealed.objects.order_by("entry_id").values_list("entry_id", flat=True)[:BATCH])
    if not ids:
        return 0
    entries = JournalEntry.objects.filter(pk__in=ids).order_by("pk").only("pk", "digest", "coop_id")
    digests = [entry.digest for entry in entries]
    last = Seal.objects.order_by("-number").first()
    closed = Seal(
        number=last.number + 1 if last else 1, first=last.last + 1 if last else 1, count=len(ids),
        last=(last.last if last else 0) + len(ids), root=merkle.root(digests), previous_hash=last.hash if last else "",
        sealed_at=at.astimezone(UTC),
    )  # fmt: skip
    closed.hash = canonical.digest(closed.contents())
    closed.signature, closed.key_id = signatures.sign(closed.hash)
    closed.save(force_insert=True)
    SealedEntry.objects.bulk_create(
        SealedEntry(number=closed.first + n, entry=entry, seal=closed) for n, entry in enumerate(entries)
    )
    _fold(ids)
    Unsealed.objects.filter(entry_id__in=ids).delete()
    return len(ids)


def _fold(entry_ids: Sequence[object]) -> None:
    """Add the postings of newly sealed entries to what is kept: balances by holder, and accounts by month."""
    rows = Posting.objects.filter(entry_id__in=entry_ids).order_by()
    held = rows.values_list("account_id", "holder").annotate(total=Sum("minor")).order_by("account_id", "holder")
    _keep(AccountBalance, "holder", held)
    month = TruncMonth("posted_at", tzinfo=periods.zone())
    by_month = rows.annotate(month=month).values_list("account_id", "month").annotate(total=Sum("minor"))
    _keep(AccountMonth, "month", ((pk, at.date(), minor) for pk, at, minor in by_month.order_by("account_id", "month")))


def _keep(model: type[AccountBalance] | type[AccountMonth], column: str, rows: Iterable[tuple[Any, ...]]) -> None:
    table, coop_id = model._meta.db_table, current_coop_id()
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (coop_id, account_id, {column}, minor) VALUES (%s, %s, %s, %s) "
            f"ON CONFLICT (account_id, {column}) DO UPDATE SET minor = {table}.minor + excluded.minor",
            [(coop_id, *row) for row in rows],
        )

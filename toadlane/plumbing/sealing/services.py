from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from toadlane.kernel import canonical, merkle
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.sealing import registry
from toadlane.plumbing.sealing.models import RecordSeal, SealedPart
from toadlane.plumbing.sealing.permissions import RUN
from toadlane.plumbing.tenancy.models import Tenant

# Longer than any request that is still to commit what it has dated already.
MARGIN = timedelta(minutes=10)
# A seal over nothing says that nothing was there: so nothing can be put there later.
AT_LEAST = timedelta(days=1)


def seal(*, by: Principal, at: datetime) -> int:
    """Seal what has been dated since the last time; return how many rows. Doing it again is harmless.

    Nothing is held while rows are read, of which there may be hundreds of thousands: what has its date no longer changes.
    """
    by.must(RUN)
    last = RecordSeal.objects.order_by("-number").first()
    after, until = last.until if last else None, at - MARGIN
    if after is not None and until <= after:
        return 0
    found = {source.name: [(pk, digest) for _at, pk, digest in source.rows(after=after, until=until)]
             for source in registry.declared()}  # fmt: skip
    found = {name: rows for name, rows in found.items() if rows}
    if not found and after is not None and until - after < AT_LEAST:
        return 0
    return sum(map(len, found.values())) if _close(last, until, found) else 0


@transaction.atomic
def _close(last: RecordSeal | None, until: datetime, found: Mapping[str, list[tuple[int, str]]]) -> bool:
    """Put a seal behind the last one, unless another worker has meanwhile."""
    Tenant.lock_current()
    if RecordSeal.objects.order_by("-number").first() != last:
        return False
    closed = RecordSeal(
        number=last.number + 1 if last else 1, until=until, previous_hash=last.hash if last else "",
        parts={name: {"count": len(rows), "root": merkle.root([digest for _pk, digest in rows])} for name, rows in found.items()},
    )  # fmt: skip
    closed.claim()
    closed.hash = canonical.digest(closed.contents())
    closed.signature, closed.key_id = signatures.sign(closed.hash)
    closed.save(force_insert=True)
    SealedPart.objects.bulk_create(
        SealedPart(seal=closed, source=name, digests="\n".join(f"{pk} {digest}" for pk, digest in rows))
        for name, rows in found.items()
    )
    return True

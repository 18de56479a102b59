import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from toadlane.kernel import canonical, merkle
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.sealing import queries, registry
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
    # A source that is new to this co-op is sealed from its beginning, and empty where nothing is there: from then on it is known.
    known = set(SealedPart.objects.order_by().values_list("source", flat=True).distinct())
    found = {one.name: [(pk, digest) for _at, pk, digest in one.rows(after=after if one.name in known else None, until=until)]
             for one in registry.declared()}  # fmt: skip
    found = {name: rows for name, rows in found.items() if rows or name not in known}
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
    first = last and RecordSeal.objects.filter(number=1).values_list("hash", flat=True).first()
    transaction.on_commit(lambda: _remember(closed, first or closed.hash))
    SealedPart.objects.bulk_create(
        SealedPart(seal=closed, source=name, digests="\n".join(f"{pk} {digest}" for pk, digest in rows))
        for name, rows in found.items()
    )
    return True


def _remember(closed: RecordSeal, first: str) -> None:
    """Write beside the keys, and not in the database, how far the chain has come: so its end cannot be taken away unseen.

    A worker that dies before leaves it one behind, which says less and nothing wrong.
    """
    file = queries.heads_file(closed.coop_id)
    heads = queries.heads(closed.coop_id)
    if heads.get(first, (0, ""))[0] >= closed.number:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({**heads, first: [closed.number, closed.hash]}))
    draft.replace(file)

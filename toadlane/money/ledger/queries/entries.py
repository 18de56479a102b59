"""What an entry says, and the digests that hold it to that."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from toadlane.kernel import canonical
from toadlane.money.ledger.models import JournalEntry, Posting, SealedEntry
from toadlane.money.ledger.policies import exports
from toadlane.money.ledger.policies.digests import Said, encoded, intent_of, intent_over

__all__ = ["digest_of", "digest_over", "encoded", "exported", "intent_of", "intent_over", "said", "whole"]


def digest_over(entry: JournalEntry) -> str:
    """Return the digest of an entry; its intent covers the subject and the sides."""
    return hashlib.sha256(encoded(entry.contents()).encode()).hexdigest()


def said(posting: Posting) -> Said:
    account = posting.account
    return (account.code, account.currency, posting.minor, posting.holder, posting.purpose, posting.rule, posting.rule_version)


def digest_of(entry: JournalEntry, postings: Sequence[Posting]) -> tuple[str, str]:
    """Return the intent and the digest that the entry ought to have, worked out again from its rows."""
    intent = intent_of(entry.subject, [said(posting) for posting in postings])
    return intent, canonical.digest(entry.contents() | {"intent": intent})


CHUNK = 500


def whole(rows: QuerySet[JournalEntry]) -> Iterator[tuple[JournalEntry, list[Posting]]]:
    """Read entries with their postings, a chunk at a time, in the order of their ids: that of their making."""
    rows, last = rows.order_by("pk"), None
    while chunk := list((rows.filter(pk__gt=last) if last else rows)[:CHUNK]):
        found: dict[UUID, list[Posting]] = defaultdict(list)
        ours = Posting.objects.filter(entry_id__in=[entry.pk for entry in chunk])
        for posting in ours.select_related("account").order_by("entry_id", "position"):
            found[posting.entry_id].append(posting)
        yield from ((entry, found[entry.pk]) for entry in chunk)
        last = chunk[-1].pk


def exported(zone: ZoneInfo) -> list[exports.Entry]:
    """Return all entries of the co-op as other programs want them: by day, in the co-op's own time."""
    numbers = dict(SealedEntry.objects.values_list("entry_id", "number"))
    found = [
        exports.Entry(
            id=str(entry.pk), at=entry.posted_at.astimezone(zone), key=entry.key, narration=entry.narration,
            subject=entry.subject, digest=entry.digest, number=numbers.get(entry.pk),
            lines=[
                exports.Line(p.account.code, p.amount, p.holder, p.purpose, p.rule, p.rule_version) for p in postings
            ],
        )
        for entry, postings in whole(JournalEntry.objects.all())
    ]  # fmt: skip
    return sorted(found, key=lambda entry: (entry.at, entry.id))

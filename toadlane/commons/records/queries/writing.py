"""Writing a file of records: of one moment, part by part, with never more than a few rows in hand."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from django.db import connection
from django.db.models import Count, Max

from toadlane.commons.records.policies.packing import PARTS, Line, Packer
from toadlane.commons.records.policies.variants import Reach, Variant, reach
from toadlane.commons.records.queries import people
from toadlane.commons.records.queries.lines import READERS, Reading, instant
from toadlane.democracy.ballots.models import Ballot
from toadlane.democracy.meetings.models import ApprovedMinutes
from toadlane.democracy.proposals.models import Decision, Enactment, Proposal, Revision
from toadlane.kernel import canonical
from toadlane.money.ledger.models import Seal
from toadlane.ownership.shares.models import Movement
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion, Halt
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop

_NOTHING = hashlib.sha256().hexdigest()


def reach_of(variant: Variant) -> Reach:
    """Return how far a file goes by the rules in force."""
    book = bylaws.book()
    return reach(
        variant, records=str(book.maybe("gov.records_public") or "members"), books=bool(book.maybe("books.public")),
        minutes=bool(book.maybe("meetings.minutes_public")),
    )  # fmt: skip


def write(file: IO[bytes], *, variant: Variant, at: datetime) -> Line:
    """Write a file, and return its manifest. The numbers of statements and of rows in hand do not grow with the co-op."""
    with one_moment():
        reading = Reading(reach_of(variant), None if reach_of(variant).names else people.names())
        packer = Packer(file)
        for name in PARTS:
            if name in reading.reach.withheld:
                packer.withhold(name, reading.reach.withheld[name])
            else:
                packer.add(name, READERS[name](reading))
        coop = coops.of_scope(current_coop_id())
        about = {"variant": variant.value, "coop": _coop(coop), "made_at": instant(at), "keys": _keys()}
        return packer.close(about, _sign)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it was at one instant, while others go on writing; on neither engine does that make them wait."""
    if connection.in_atomic_block:
        yield
        return
    snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute(snapshot)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _coop(coop: Coop) -> Line:
    return {
        "id": coop.pk, "slug": coop.slug, "name": coop.name, "legal_name": coop.legal_name, "currency": coop.currency,
        "time_zone": coop.time_zone,
    }  # fmt: skip


def _sign(digest: str) -> Line:
    signature, key_id = signatures.sign(digest)
    return {"signature": signature, "key_id": key_id, "public_key": signatures.public_key(key_id)}


def public_key() -> str:
    """Return the public half of the key that is signed with today: whoever has it beforehand need not believe a file."""
    return str(_sign(_NOTHING)["public_key"])


def _keys() -> dict[str, str]:
    """Return the public keys that signatures in the file were made with: today's, and those before it."""
    used: set[str] = {signatures.sign(_NOTHING)[1]}
    for rows in (Ballot.objects.exclude(key_id=""), ApprovedMinutes.objects, Seal.objects):
        used |= set(rows.order_by().values_list("key_id", flat=True).distinct())
    return {key_id: key for key_id in sorted(used) if (key := signatures.public_key(key_id))}


def state_of(variant: Variant) -> str:
    """Return what stands for everything a file of this variant says, in a few statements: the same state is packed once.

    The books count as far as they are sealed.
    """
    last: dict[str, Any] = {
        "rules": BylawsVersion.objects.order_by("-number").values_list("hash", flat=True).first(),
        "decisions": Decision.objects.order_by("-number").values_list("hash", flat=True).first(),
        "enactments": sorted(Enactment.objects.order_by().values_list("state").annotate(n=Count("pk"))),
        "halts": Halt.objects.aggregate(n=Count("pk"), lifted=Count("lifted_at")),
        "ballots": sorted(Ballot.objects.order_by().values_list("state").annotate(n=Count("pk"))),
        "proposals": sorted(Proposal.objects.order_by().values_list("stage").annotate(n=Count("pk"))),
        "revisions": Revision.objects.aggregate(n=Max("pk")),
        "minutes": ApprovedMinutes.objects.order_by("-number").values_list("hash", flat=True).first(),
        "seal": Seal.objects.order_by("-number").values_list("hash", flat=True).first(),
    }  # fmt: skip
    if variant is Variant.FULL:
        last["shares"] = Movement.objects.aggregate(n=Max("pk"))
    return canonical.digest({"variant": variant.value, "withheld": reach_of(variant).withheld, **_plain(last)})


def _plain(last: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in last.items()}

from collections.abc import Iterator

from toadlane.plumbing.sealing.models import RecordSeal, SealedPart
from toadlane.plumbing.triggers.refusals import Refusal, append_only, hash_chain


def refusals() -> Iterator[Refusal]:
    for model in (RecordSeal, SealedPart):
        yield from append_only(model._meta.db_table)
    yield from hash_chain(RecordSeal._meta.db_table)

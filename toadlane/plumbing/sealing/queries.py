"""Is what was sealed still there, as it was, and nothing beside it?"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path

from django.db.models import Min

from toadlane.kernel import canonical, merkle
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.sealing import registry
from toadlane.plumbing.sealing.models import RecordSeal, SealedPart
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.scope import current_coop_id

Lines = dict[int, str]


def seals() -> Finding:
    """The seals are a chain, each signed, and the digests that are kept are those it stands for."""
    faults, previous, number = [], "", 0
    for seal in RecordSeal.objects.order_by("number").prefetch_related("sealed"):
        number += 1
        if (seal.number, seal.previous_hash) != (number, previous) or seal.hash != canonical.digest(seal.contents()):
            faults.append(f"seal {seal.number} of the records is not what it was, or one before it is gone")
        if not signatures.is_signed(seal.hash, seal.signature, seal.key_id):
            faults.append(f"seal {seal.number} of the records is not signed by a key of this server")
        kept = {part.source: _stands_for(part) for part in seal.sealed.all()}
        if kept != seal.parts:
            faults.append(f"seal {seal.number} of the records does not stand for the digests that are kept under it")
        previous, number = seal.hash, seal.number
    return Finding(number, [*faults, *_cut_off()])


def first_after(at: datetime) -> str:
    """Return the hash of the first seal whose time reaches an instant: nobody knew it before. Empty while there is none."""
    found = RecordSeal.objects.filter(until__gte=at).order_by("number").values_list("hash", flat=True).first()
    return found or ""


def heads_file(coop_id: int) -> Path:
    return signatures.folder() / f"seals.{coop_id}.json"


def heads(coop_id: int) -> dict[str, tuple[int, str]]:
    """Return how far each chain of seals has come that was begun here, by the hash of its first: number and hash of the last."""
    file = heads_file(coop_id)
    return {first: (number, last) for first, (number, last) in json.loads(file.read_text()).items()} if file.exists() else {}


def _cut_off() -> Iterator[str]:
    """Yield a fault for each seal that is remembered beside the keys, and is not in the database."""
    coop_id = current_coop_id()
    wanted = heads(coop_id) if coop_id else {}
    there = set(RecordSeal.objects.filter(hash__in=[last for _number, last in wanted.values()]).values_list("number", "hash"))
    for number, last in wanted.values():
        if coop_id and (number, last) not in there:
            yield (f"seal {number} of the records is gone, and all that came after it: {heads_file(coop_id)} remembers it. "
                   "(A database that was begun anew beside old keys knows none: then that file may go.)")  # fmt: skip


def _stands_for(part: SealedPart) -> dict[str, object]:
    digests = [digest for _pk, digest in part.lines()]
    return {"count": len(digests), "root": merkle.root(digests)}


def records() -> Finding:
    """Each row that was sealed is there as it was, and no row has been put in among them since."""
    faults, count = [], 0
    ends = dict(RecordSeal.objects.order_by("number").values_list("number", "until"))
    sources = {source.name: source for source in registry.declared()}
    for name in sorted({*sources, *SealedPart.objects.order_by().values_list("source", flat=True).distinct()}):
        if name not in sources:
            faults.append(f"{name}: was sealed, and nobody knows any more what it is")
        elif since := _since(name, ends):
            looked_at, found = _of_source(sources[name], since)
            count += looked_at
            faults += found
    return Finding(count, faults)


def _since(name: str, ends: Mapping[int, datetime]) -> dict[int, datetime]:
    """Return the seals from the first on under which this source was sealed; none yet, where the software has just learned it."""
    first = SealedPart.objects.filter(source=name).aggregate(first=Min("seal__number"))["first"]
    return {} if first is None else {number: until for number, until in ends.items() if number >= first}


def _of_source(source: registry.Source, ends: Mapping[int, datetime]) -> tuple[int, list[str]]:
    gone: Lines = {}
    new: dict[int, datetime] = {}
    changed: list[int] = []
    parts = SealedPart.objects.filter(source=source.name).select_related("seal").order_by("seal__number")
    # Two walks side by side, in the order of the seals: one part is in memory at a time, however many there are.
    kept = parts.iterator(chunk_size=1)
    part, count = next(kept, None), 0
    for number, rows in _by_seal(source, ends):
        while part and part.seal.number < number:
            gone |= part.lines()
            part = next(kept, None)
        was: Lines = {}
        if part and part.seal.number == number:
            was, part = dict(part.lines()), next(kept, None)
        for at, pk, digest in rows:
            count += 1
            if pk not in was:
                new[pk] = at
            elif was.pop(pk) != digest:
                changed.append(pk)
        gone |= was
    for left in [part, *kept] if part else []:
        gone |= left.lines()
    return count, list(_faults(source.name, changed, gone, new))


def _by_seal(source: registry.Source, ends: Mapping[int, datetime]) -> Iterator[tuple[int, Iterator[tuple[datetime, int, str]]]]:
    """Yield the rows of a source by the seal that they were or should have been under: one statement, in order of their dates."""
    left = iter(sorted(ends.items()))
    number, until = next(left)

    def under(row: tuple[datetime, int, str]) -> int:
        nonlocal number, until
        while row[0] > until:
            number, until = next(left)
        return number

    yield from groupby(source.rows(after=None, until=max(ends.values())), key=under)


def _faults(name: str, changed: list[int], gone: Lines, new: Mapping[int, datetime]) -> Iterator[str]:
    for pk in changed:
        yield f"{name} {pk} is not what was sealed"
    for pk in sorted(gone):
        yield f"{name} {pk} was sealed, and is " + ("dated otherwise now" if pk in new else "gone")
    for pk, at in new.items():
        if pk not in gone:
            yield f"{name} {pk} was not there when its time was sealed: it is dated {at:%Y-%m-%d %H:%M} and was put in afterwards"

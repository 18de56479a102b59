"""Having a file of records made: by a job, once for each state of the co-op, and never while a stranger waits."""

import hashlib
import tempfile
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from toadlane.commons.records import queries
from toadlane.commons.records.models import RecordsFile
from toadlane.commons.records.permissions import ASK, KEEP
from toadlane.commons.records.policies.packing import Line
from toadlane.commons.records.policies.variants import Variant
from toadlane.commons.records.queries.kept import another_has, outdated
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files.queries import document_path
from toadlane.plumbing.tenancy.scope import current_coop_id

# However many ask: a newer one is made so often at most.
PAUSE = timedelta(minutes=10)
# In memory up to here, then on disk.
SMALL = 8 * 2**20


class MadeJustNow(Expected):
    words = _("There is one from a few minutes ago. A newer one can be made a little later.")

    status = 429


def ask(*, variant: Variant, by: Principal, at: datetime) -> RecordsFile:
    """Ask for a newer file. A job makes it; one that says everything already is left as it is.

    :raises MadeJustNow: when the newest is only minutes old
    """
    by.must(ASK, variant)
    row = RecordsFile.objects.get_or_create(variant=variant.value)[0]
    if row.asked_at is not None or (row.made_at and not outdated(row, queries.state_of(variant), at)):
        return row
    if row.made_at and row.made_at > at - PAUSE:
        raise MadeJustNow
    RecordsFile.objects.filter(pk=row.pk, asked_at=None).update(asked_at=at)
    row.refresh_from_db()
    return row


def prepare(*, by: Principal, at: datetime) -> int:
    """Make the files that somebody waits for; return how many. Made by two at once, they are the same."""
    by.must(KEEP)
    made = 0
    for row in queries.waiting():
        _make(row, at)
        made += 1
    return made


def renew(*, by: Principal, at: datetime) -> bool:
    """Look after the public file, once a day: make it anew where something has happened. Say whether it was.

    What members had made for themselves is taken away after a month.
    """
    by.must(KEEP)
    for old in queries.forgotten(at):
        _take_away(old)
    row = RecordsFile.objects.get_or_create(variant=Variant.PUBLIC.value)[0]
    is_public = queries.reach_of(Variant.PUBLIC).decided
    if is_public and outdated(row, queries.state_of(Variant.PUBLIC), at):
        _make(row, at)
        return True
    RecordsFile.objects.filter(pk=row.pk).update(looked_at=at)
    return False


def withdraw(*, by: Principal, at: datetime) -> None:
    """Take the public file away: what everybody may read is no longer what is in it. A job makes the next one."""
    by.must(KEEP)
    if row := queries.kept(Variant.PUBLIC):
        _take_away(row)


def _take_away(row: RecordsFile) -> None:
    RecordsFile.objects.filter(pk=row.pk).update(state="", key="", size_bytes=0, made_at=None, looked_at=None)
    _forget(row.key)


def _make(row: RecordsFile, at: datetime) -> None:
    """Write a file beside the old one, and let it take its place."""
    variant, before = Variant(row.variant), row.key
    # Asked first: what happens while it is written makes the next one due.
    state = queries.state_of(variant)
    with tempfile.SpooledTemporaryFile(SMALL) as file:
        queries.write(file, variant=variant, at=at)
        key, size = _digest_of(file)
        place = document_path(current_coop_id(), key)
        if not default_storage.exists(place):
            default_storage.save(place, File(file))
    RecordsFile.objects.filter(pk=row.pk).update(state=state, key=key, size_bytes=size, made_at=at, looked_at=at, asked_at=None)
    if before and before != key:
        _forget(before)


def _forget(key: str) -> None:
    """Delete a file that nobody fetches any more."""
    if not another_has(key):
        default_storage.delete(document_path(current_coop_id(), key))


def _digest_of(file: IO[bytes]) -> tuple[str, int]:
    whole, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(2**20):
        whole.update(chunk)
        size += len(chunk)
    file.seek(0)
    return whole.hexdigest(), size


def export(*, file: IO[bytes], variant: Variant, by: Principal, at: datetime) -> Line:
    """Write a file of records at once, for whoever keeps the server; return its manifest."""
    by.must(KEEP)
    return queries.write(file, variant=variant, at=at)

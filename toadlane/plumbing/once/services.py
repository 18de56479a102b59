"""Remembering what came of a request, by its key.

An answer may hold a secret that is shown once. So it is kept sealed, under the server's own key and the key of whoever asked,
of which only a digest is kept: neither this table nor a copy of it says what was answered. Whoever asks again brings the key.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.once.models import Answer, Replay, ServerReplay
from toadlane.plumbing.once.permissions import ASK_AGAIN
from toadlane.plumbing.tenancy.scope import outside, scope

LEASE = timedelta(minutes=1)
KEPT = timedelta(days=2)
BROKEN = 500
WRITING = ("INSERT", "UPDATE", "DELETE")
OWN = tuple(f'"{kind._meta.db_table}"' for kind in (Replay, ServerReplay))


class KeyReused(Expected):
    words = _(
        "This key was used for something else. Send a new key for a new intent, and the old one only to repeat the same request."
    )
    status = 422
    field = "Idempotency-Key"


class UnderWay(Expected):
    words = _("The same request is being worked on right now. Ask again in a moment.")
    field = "Idempotency-Key"


class AlreadyDone(Expected):
    words = _("This was done already, and what was answered then cannot be read any more.")
    hint = _("It is not done again. Look at what is there; send a new key to do it once more.")  # type: ignore[assignment]
    field = "Idempotency-Key"


@dataclass(frozen=True)
class Kept:
    """What was answered under a key."""

    status: int
    body: str


def begin(*, key: str, intent: str, by: Principal, at: datetime) -> Kept | None:
    """Take a key for an intent, and return the answer that it had before, or None: then it is to be done now.

    What was begun and never ended may be begun again after a minute: the process that did it is no more. Where it had written
    something by then (see `watching`), that stays, and is not done a second time.

    :param key: who asks, and their key; `intent` is a digest of what they ask for
    :raises KeyReused: when the key was for something else
    :raises UnderWay: when somebody is at it
    :raises AlreadyDone: when it was done and there is no answer: whoever did it broke down before they had one, or it was
        sealed under a server key that is no more
    """
    by.must(ASK_AGAIN)
    rows = _rows(by)
    found, is_new = rows.get_or_create(key=_digest(key), defaults={"intent": intent, "began_at": at})
    if is_new:
        return None
    if found.intent != intent:
        raise KeyReused
    if found.status == BROKEN:
        raise AlreadyDone
    if found.status is not None:
        return Kept(found.status, _opened(found.body, key))
    stale = rows.filter(pk=found.pk, status=None, began_at=found.began_at, began_at__lte=at - LEASE)
    if stale.filter(is_done=False).update(began_at=at):
        return None
    raise AlreadyDone if stale.filter(is_done=True).exists() else UnderWay


class _Watch:
    """Note under a key that something was written, in the very transaction in which it was.

    So the note stands exactly where the deed does: undone with it, and there even where the process that did it died before
    it could answer. Whoever lost the key meanwhile to another, being slower than the lease, writes nothing.
    """

    def __init__(self, *, key: str, by: Principal, at: datetime) -> None:
        self._key, self._by, self._at = key, by, at
        self._is_done = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._is_done or not _writes(sql):
            return execute(sql, params, many, context)
        if connection.in_atomic_block:
            self._note_in_transaction()
            return execute(sql, params, many, context)
        result = execute(sql, params, many, context)
        self._note()
        self._stays()
        return result

    def _note_in_transaction(self) -> None:
        # What waits for the end of a transaction is dropped with whatever part of it is undone, as the note itself is.
        if not any(waiting[1] == self._stays for waiting in connection.run_on_commit):
            self._note()
            transaction.on_commit(self._stays)

    def _note(self) -> None:
        with scope(self._by.coop_id) if self._by.coop_id else outside():
            if not _taken(self._key, self._by, self._at).update(is_done=True):
                raise UnderWay

    def _stays(self) -> None:
        self._is_done = True


@contextmanager
def watching(*, key: str, by: Principal, at: datetime) -> Iterator[None]:
    """Watch what is written while something is done under a key that was taken `at` this moment."""
    by.must(ASK_AGAIN)
    with connection.execute_wrapper(_Watch(key=key, by=by, at=at)):
        yield


def keep(*, key: str, status: int, body: str, by: Principal, at: datetime) -> None:
    """Keep an answer, to be given again to whoever brings the key.

    :param at: when the key was taken, here as in `close` and `drop`: what another took meanwhile is theirs to keep
    """
    by.must(ASK_AGAIN)
    _taken(key, by, at).update(status=status, body=_box(key).encrypt(body.encode()).decode())


def close(*, key: str, by: Principal, at: datetime) -> None:
    """Close a key that has no answer because something broke: what stays of it is not done again, and what does not may be."""
    by.must(ASK_AGAIN)
    _taken(key, by, at).filter(is_done=True).update(status=BROKEN)
    drop(key=key, by=by, at=at)


def drop(*, key: str, by: Principal, at: datetime) -> None:
    """Forget a key: nothing was done under it, and it may be tried anew."""
    by.must(ASK_AGAIN)
    _taken(key, by, at).delete()


def forget(*, by: Principal, at: datetime) -> int:
    """Forget answers nobody will ask for again; return how many."""
    by.must(ASK_AGAIN)
    return _rows(by).filter(began_at__lt=at - KEPT).delete()[0]


def _writes(sql: str) -> bool:
    """Whether a statement changes rows of others than ours. One that begins with a table of its own may do either."""
    first = sql.lstrip()[:6].upper()
    writes = first in WRITING or (first.startswith("WITH") and any(word in sql.upper() for word in WRITING))
    return writes and not any(table in sql for table in OWN)


def _rows(by: Principal) -> QuerySet[Any]:
    """Return where the answers are that somebody may be given: those of their co-op, or of the server."""
    kind: type[Answer] = Replay if by.coop_id else ServerReplay
    return kind.objects.all()  # type: ignore[attr-defined]


def _taken(key: str, by: Principal, at: datetime) -> QuerySet[Any]:
    return _rows(by).filter(key=_digest(key), status=None, began_at=at)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _box(key: str) -> Fernet:
    sealing = hmac.digest(settings.SECRET_KEY.encode(), b"answers:" + key.encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(sealing))


def _opened(body: str, key: str) -> str:
    try:
        return _box(key).decrypt(body.encode()).decode()
    except InvalidToken as error:
        raise AlreadyDone from error

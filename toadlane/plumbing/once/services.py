"""Remembering what came of a request, by its key.

An answer may hold a secret that is shown once. So it is kept sealed, under the server's own key and the key of whoever asked,
of which only a digest is kept: neither this table nor a copy of it says what was answered. Whoever asks again brings the key.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.once.models import Answer, Replay, ServerReplay
from toadlane.plumbing.once.permissions import ASK_AGAIN

LEASE = timedelta(minutes=1)
KEPT = timedelta(days=2)


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

    field = "Idempotency-Key"


@dataclass(frozen=True)
class Kept:
    """What was answered under a key."""

    status: int
    body: str


def begin(*, key: str, intent: str, by: Principal, at: datetime) -> Kept | None:
    """Take a key for an intent, and return the answer that it had before, or None: then it is to be done now.

    What was begun and never ended may be begun again after a minute: the process that did it is no more.

    :param key: who asks, and their key; `intent` is a digest of what they ask for
    :raises KeyReused: when the key was for something else
    :raises UnderWay: when somebody is at it
    :raises AlreadyDone: when the answer was sealed under a server key that is no more
    """
    by.must(ASK_AGAIN)
    rows = _rows(by)
    found, is_new = rows.get_or_create(key=_digest(key), defaults={"intent": intent, "began_at": at})
    if is_new:
        return None
    if found.intent != intent:
        raise KeyReused
    if found.status is not None:
        return Kept(found.status, _opened(found.body, key))
    stale = rows.filter(pk=found.pk, status=None, began_at=found.began_at, began_at__lte=at - LEASE)
    if not stale.update(began_at=at):
        raise UnderWay
    return None


def keep(*, key: str, status: int, body: str, by: Principal) -> None:
    """Keep an answer, to be given again to whoever brings the key."""
    by.must(ASK_AGAIN)
    _rows(by).filter(key=_digest(key)).update(status=status, body=_box(key).encrypt(body.encode()).decode())


def drop(*, key: str, by: Principal) -> None:
    """Forget a key: nothing was done under it, and it may be tried anew."""
    by.must(ASK_AGAIN)
    _rows(by).filter(key=_digest(key), status=None).delete()


def forget(*, by: Principal, at: datetime) -> int:
    """Forget answers nobody will ask for again; return how many."""
    by.must(ASK_AGAIN)
    return _rows(by).filter(began_at__lt=at - KEPT).delete()[0]


def _rows(by: Principal) -> QuerySet[Any]:
    """Return where the answers are that somebody may be given: those of their co-op, or of the server."""
    kind: type[Answer] = Replay if by.coop_id else ServerReplay
    return kind.objects.all()  # type: ignore[attr-defined]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _box(key: str) -> Fernet:
    sealing = hmac.digest(settings.SECRET_KEY.encode(), b"answers:" + key.encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(sealing))


def _opened(body: str, key: str) -> str:
    try:
        return _box(key).decrypt(body.encode()).decode()
    except InvalidToken as error:
        raise AlreadyDone(hint=_("It is not done again. Look at what is there; send a new key to do it once more.")) from error

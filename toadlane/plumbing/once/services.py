"""Remembering what came of a request, by its key."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.once.models import Replay
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


def begin(*, key: str, intent: str, by: Principal, at: datetime) -> Replay | None:
    """Take a key for an intent, and return the answer that it had before, or None: then it is to be done now.

    What was begun and never ended may be begun again after a minute: the process that did it is no more.

    :param key: a digest of who asks and their key; `intent` a digest of what they ask for
    :raises KeyReused: when the key was for something else
    :raises UnderWay: when somebody is at it
    """
    by.must(ASK_AGAIN)
    found, is_new = Replay.objects.get_or_create(key=key, defaults={"intent": intent, "began_at": at})
    if is_new:
        return None
    if found.intent != intent:
        raise KeyReused
    if found.status is not None:
        return found
    stale = Replay.objects.filter(pk=found.pk, status=None, began_at=found.began_at, began_at__lte=at - LEASE)
    if not stale.update(began_at=at):
        raise UnderWay
    return None


def keep(*, key: str, status: int, body: str, by: Principal) -> None:
    """Keep an answer, to be given again."""
    by.must(ASK_AGAIN)
    Replay.objects.filter(key=key).update(status=status, body=body)


def drop(*, key: str, by: Principal) -> None:
    """Forget a key: nothing was done under it, and it may be tried anew."""
    by.must(ASK_AGAIN)
    Replay.objects.filter(key=key, status=None).delete()


def forget(*, by: Principal, at: datetime) -> int:
    """Forget answers nobody will ask for again; return how many."""
    by.must(ASK_AGAIN)
    return Replay.objects.filter(began_at__lt=at - KEPT).delete()[0]

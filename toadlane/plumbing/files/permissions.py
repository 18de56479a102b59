"""Who may send a file, and who may open one. The room that a document hangs on answers for it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds

# (who asks, the id behind the subject's name) -> may they open what hangs on it?
Readers = Callable[[Principal, str], bool]

_readers: dict[str, Readers] = {}


def declare_readers(name: str, may_read: Readers) -> None:
    """Answer for the documents of subjects like `order:12`. Called in a room's `wiring`."""
    assert name not in _readers, f"{name} has an owner already"
    _readers[name] = may_read


def declared_readers() -> list[str]:
    return sorted(f"{name} -> {readers.__module__}.{readers.__qualname__}" for name, readers in _readers.items())


def _sends(by: Principal, _subject: Any) -> Answer:
    known = by.person_id is not None or by.order_id is not None or "system" in by.roles
    return Answer(known, _("Sign in first."))


def _opens(by: Principal, document: Any) -> Answer:
    name, _colon, subject_id = document.subject.partition(":")
    readers = _readers.get(name)
    # Nobody answers for it: nobody may open it.
    return Answer(bool(readers and readers(by, subject_id)), _("This is for those it concerns."))


SEND = Permission("files.send", _sends)
SWEEP = Permission("files.sweep", holds("system", "operator"))
OPEN = Permission("files.open", _opens, scope="read")

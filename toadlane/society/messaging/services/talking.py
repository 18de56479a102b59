"""Conversations between the sides of an order, a listing, a complaint. An instrument: whoever opens a thread has asked
whether they may; `say`, `read` and `share_contact` look only at who takes part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.files.models import Document
from toadlane.plumbing.sending import services as sending
from toadlane.society.members import queries as members
from toadlane.society.messaging import queries
from toadlane.society.messaging.models import Message, Participant, Thread
from toadlane.society.messaging.permissions import speaks_for
from toadlane.society.people import queries as people

LONGEST = 5000


class NothingSaid(Expected):
    words = lazy("Write something first.")
    status = 422
    field = "text"


class SaidTooMuch(Expected):
    words = lazy("That is too long for one message.")
    status = 422
    field = "text"


class ThreadClosed(Expected):
    words = lazy("This conversation is closed.")


@dataclass(frozen=True, kw_only=True)
class Side:
    """Somebody who takes part. One of person, membership (a member organisation too) or order (a guest) says who.

    :param email: where to reach a guest; people and members are reached as they chose
    """

    side: str
    name: str
    person_id: int | None = None
    membership_id: int | None = None
    order_id: int | None = None
    email: str = ""
    phone: str = ""
    language: str = "en"


@transaction.atomic
def open_thread(*, subject: str, title: str, sides: Sequence[Side], by: Principal, at: datetime) -> Thread:
    """Open the conversation about a subject, or return the one there is and let the new sides in.

    :param subject: like `order:12`; one thread each
    """
    thread, _new = Thread.objects.get_or_create(
        subject=subject, defaults={"title": title[:160], "opened_at": at, "last_said_at": at}
    )
    for side in sides:
        join(thread=thread, side=side, by=by, at=at)
    return thread


def join(*, thread: Thread, side: Side, by: Principal, at: datetime) -> Participant:
    """Let a side in; who takes part already stays as they are."""
    if side.membership_id:
        who: dict[str, int | None] = {"membership_id": side.membership_id}
    elif side.person_id:
        who = {"person_id": side.person_id, "membership_id": None}
    else:
        assert side.order_id, "a side is somebody"
        who = {"order_id": side.order_id, "person_id": None, "membership_id": None}
    about: dict[str, Any] = {
        "side": side.side, "name": side.name[:120], "email": side.email, "phone": side.phone, "language": side.language,
        "left_at": None,
    }  # fmt: skip
    if side.membership_id and side.person_id:
        about["person_id"] = side.person_id
    return Participant.objects.get_or_create(thread=thread, **who, defaults=about)[0]


@transaction.atomic
def say(
    *, thread: Thread, text: str, by: Principal, at: datetime, files: Sequence[Document] = (), as_side: Participant | None = None
) -> Message:
    """Say something in a thread, and tell the others.

    :param as_side: which voice to speak with, for somebody who speaks for several sides
    :raises NothingSaid, SaidTooMuch, ThreadClosed:
    :raises Refused: when the principal does not take part
    """
    author = as_side or queries.voice_of(by, thread)
    if author is None or not speaks_for(by, author):
        raise Refused(_("Only those who take part can write here."))
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text and not files:
        raise NothingSaid
    if len(text) > LONGEST:
        raise SaidTooMuch(
            hint=_("%(most)s characters fit in one message; this is %(count)s.") % {"most": LONGEST, "count": len(text)}
        )
    message = _add(thread=thread, author=author, text=text, files=[file.pk for file in files], by=by, at=at)
    _tell_the_others(message, by=by, at=at)
    return message


@transaction.atomic
def note(*, thread: Thread, text: str, by: Principal, at: datetime) -> Message:
    """Let the platform itself say what happened: "The visit was moved to Tuesday."; nobody is notified."""
    return _add(thread=thread, author=None, text=text, files=[], by=by, at=at)


def _add(*, thread: Thread, author: Participant | None, text: str, files: list[int], by: Principal, at: datetime) -> Message:
    still_open = Thread.objects.filter(pk=thread.pk) if author is None else Thread.objects.filter(pk=thread.pk, closed_at=None)
    if not still_open.update(last_said_at=at):
        raise ThreadClosed
    message = Message.objects.create(thread=thread, author=author, text=text, files=files, said_at=at, said_by=str(by))
    if author:
        Participant.objects.filter(pk=author.pk).update(read_at=at)
    return message


def read(*, thread: Thread, by: Principal, at: datetime) -> None:
    """Remember how far each side the principal speaks for has read."""
    mine = [side.pk for side in queries.sides(thread) if speaks_for(by, side)]
    Participant.objects.filter(pk__in=mine).update(read_at=at)


def share_contact(*, thread: Thread, by: Principal, at: datetime) -> None:
    """Allow the others to see contacts in this thread. They are shown once every side has."""
    mine = [side.pk for side in queries.sides(thread) if speaks_for(by, side)]
    if not mine:
        raise Refused(_("Only those who take part can share their contact."))
    Participant.objects.filter(pk__in=mine, shares_contact_at=None).update(shares_contact_at=at)


def leave(*, thread: Thread, side: Participant, by: Principal, at: datetime) -> None:
    """Take a side out: a mediator whose complaint is closed, a worker who was replaced."""
    Participant.objects.filter(pk=side.pk, thread=thread, left_at=None).update(left_at=at)


def close(*, thread: Thread, by: Principal, at: datetime) -> None:
    """End a conversation. It can be read afterwards, and nothing is added."""
    Thread.objects.filter(pk=thread.pk, closed_at=None).update(closed_at=at)


def hide(*, message: Message, because: str, by: Principal, at: datetime) -> None:
    """Take a message down for everybody, or put it back where there is no reason any more."""
    Message.objects.filter(pk=message.pk).update(hidden_because=because)


def notify(
    *, person_id: int, about: str, template: str, by: Principal, at: datetime, context: Mapping[str, Any] | None = None
) -> bool:
    """Tell a person something by the channel they chose for it, in their language; return whether it was written.

    :param about: a `people.models.Notice`: orders, messages, money, membership, decisions
    :param template: as in `sending.services.send`
    """
    reach = people.reach(person_id, about)
    if reach is None:
        return False
    to = sending.Recipient(email=reach.email, phone=reach.phone, name=reach.name)
    sending.send(to=to, template=template, context=context, language=reach.language, by=by, at=at)
    return True


def _tell_the_others(message: Message, *, by: Principal, at: datetime) -> None:
    """Write to every other side, once until they have read: ten messages in a row are one letter."""
    thread, author = message.thread, message.author
    assert author is not None
    for side in queries.sides(thread):
        if side.pk == author.pk or side.left_at is not None or _was_told(side, message):
            continue
        context = {"author": author.name, "title": thread.title, "thread": thread, "link": queries.address(thread, side)}
        behind = [side.person_id] if side.person_id else members.speakers_of(side.membership) if side.membership else []
        for person_id in behind:
            notify(person_id=person_id, about="messages", template="messaging/said", by=by, at=at, context=context)
        if not behind and (side.email or side.phone):
            to = sending.Recipient(email=side.email, phone=side.phone, name=side.name)
            sending.send(to=to, template="messaging/said", context=context, language=side.language, by=by, at=at)


def _was_told(side: Participant, message: Message) -> bool:
    unread = message.thread.messages.exclude(pk=message.pk).exclude(author=side).exclude(author=None)
    if side.read_at:
        unread = unread.filter(said_at__gt=side.read_at)
    return unread.exists()


def forget(*, person_id: int, by: Principal, at: datetime) -> None:
    """Take a person's name and addresses out of conversations; what was said to others stays theirs to read."""
    Participant.objects.filter(person_id=person_id).update(name=_("Somebody who left"), email="", phone="", left_at=at)

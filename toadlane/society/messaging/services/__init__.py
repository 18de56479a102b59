"""Conversations, letters to one person, and announcements to everybody. An instrument: it records `by` and does not judge."""

from toadlane.society.messaging.services.announcing import announce, digest, open_notice, plan_digests, write_letters
from toadlane.society.messaging.services.talking import (
    NothingSaid,
    SaidTooMuch,
    Side,
    ThreadClosed,
    close,
    forget,
    hide,
    join,
    leave,
    note,
    notify,
    open_thread,
    read,
    say,
    share_contact,
)

__all__ = [
    "NothingSaid", "SaidTooMuch", "Side", "ThreadClosed", "announce", "close", "digest", "forget", "hide", "join", "leave",
    "note", "notify", "open_notice", "open_thread", "plan_digests", "read", "say", "share_contact", "write_letters",
]  # fmt: skip

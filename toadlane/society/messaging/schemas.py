from datetime import datetime

from pydantic import Field

from toadlane.plumbing.access.schema import Schema


class SideOut(Schema):
    side: str
    name: str


class ThreadOut(Schema):
    id: int
    subject: str
    title: str
    last_said_at: datetime
    unread: bool
    sides: list[SideOut]


class Threads(Schema):
    items: list[ThreadOut]
    next: str | None


class AttachedOut(Schema):
    id: int
    name: str
    size_bytes: int


class SaidOut(Schema):
    id: int
    author: str
    side: str
    mine: bool
    text: str
    hidden: bool = Field(description="Whether contacts were hidden in it.")
    files: list[AttachedOut]
    at: datetime


class SayIn(Schema):
    text: str = Field(max_length=20_000)


class NoticeOut(Schema):
    id: int
    title: str
    url: str
    at: datetime
    read_at: datetime | None
    is_urgent: bool


class Notices(Schema):
    items: list[NoticeOut]
    next: str | None

from datetime import date, datetime
from typing import Any

from pydantic import Field

from toadlane.plumbing.access.schema import Schema


class HomeOut(Schema):
    coop_id: int
    name: str
    url: str
    standing: str


class MeOut(Schema):
    id: int
    name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    notices: dict[str, str]
    coops: list[HomeOut]


class MeIn(Schema):
    name: str | None = Field(None, max_length=120)
    language: str | None = Field(None, max_length=10)
    time_zone: str | None = Field(None, max_length=40)
    notices: dict[str, str] | None = None


class TokenOut(Schema):
    id: int
    name: str
    scopes: list[str]
    ending: str
    coop_id: int | None
    made_at: datetime
    expires_at: datetime | None
    last_used_on: date | None


class TokenIn(Schema):
    name: str = Field(max_length=80)
    scopes: list[str] = Field(max_length=3)
    coop_id: int | None = None
    expires_at: datetime | None = None


class TokenMade(TokenOut):
    secret: str = Field(description="Shown this once and kept nowhere.")


class SessionOut(Schema):
    id: int
    device: str
    ip: str
    since: datetime
    last_seen: datetime
    is_this_one: bool


class CloseIn(Schema):
    password: str = Field(max_length=200, description="Once more, so that nobody else closes your account.")


class VisitIn(Schema):
    coop: str = Field(max_length=60, description="Its short name.")
    reason: str = Field(max_length=500, description="A sentence: who asked, and what for.")
    until: datetime = Field(description="Eight hours from now at most.")


class Visit(Schema):
    id: int
    person_name: str
    reason: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None


class VisitMade(Visit):
    url: str


class Visits(Schema):
    items: list[Visit]
    next: str | None


class MarkOut(Schema):
    id: int
    action: str
    subject: str
    by: str = Field(description="The channel and who: `web:person:3`, `job:system`.")
    name: str
    at: datetime
    detail: dict[str, Any]
    staff_session_id: int | None


class Trail(Schema):
    items: list[MarkOut]
    next: str | None

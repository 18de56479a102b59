from datetime import date, datetime

from ninja import Schema
from pydantic import Field


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


class Problem(Schema):
    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    hint: str | None = None
    field: str | None = None

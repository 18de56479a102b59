from decimal import Decimal
from typing import Any

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class CoopOut(Schema):
    slug: str
    name: str
    tagline: str
    about: str
    blueprint: str
    sector: str
    currency: str
    language: str
    country: str
    time_zone: str
    place: str
    address: str
    legal_name: str
    latitude: Decimal | None
    longitude: Decimal | None
    picture: str
    host: str | None
    theme: dict[str, Any]
    words: dict[str, Any]
    is_sandbox: bool
    home: str


class CoopIn(Schema):
    """Only what you send is changed."""

    name: str | None = Field(None, min_length=1, max_length=200)
    tagline: str | None = Field(None, max_length=160)
    about: str | None = Field(None, max_length=8000)
    place: str | None = Field(None, max_length=120)
    address: str | None = Field(None, max_length=200)
    legal_name: str | None = Field(None, max_length=200)
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    picture: str | None = Field(None, max_length=40)
    theme: dict[str, Any] | None = None
    words: dict[str, dict[str, str]] | None = None
    host: str | None = Field(None, max_length=253)

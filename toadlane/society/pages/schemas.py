from datetime import datetime
from typing import Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema

Where = Literal["nowhere", "board", "foot"]


class PageBrief(Schema):
    slug: str
    title: str
    place: Where
    position: int
    is_up: bool
    number: int
    changed_at: datetime


class PageOut(PageBrief):
    text: str
    html: str


class Pages(Schema):
    items: list[PageBrief]
    next: str | None


class VersionOut(Schema):
    number: int
    title: str
    text: str
    at: datetime


class PageIn(Schema):
    title: str = Field(max_length=120)
    text: str = Field(max_length=200_000)
    slug: str = Field("", max_length=60)
    place: Where = "nowhere"
    position: int = Field(50, ge=0, le=999)


class Rewrite(Schema):
    title: str = Field(max_length=120)
    text: str = Field(max_length=200_000)
    based_on: int = Field(ge=1, le=2_000_000_000)
    place: Where | None = None
    position: int | None = Field(None, ge=0, le=999)

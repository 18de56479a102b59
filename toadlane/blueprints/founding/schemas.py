from datetime import datetime
from typing import Any

from ninja import Field, Schema


class FoundIn(Schema):
    blueprint: str = Field(description="From the list of blueprints: `home_services`, `marketplace`, …")
    name: str = Field(min_length=1, max_length=200)
    slug: str = Field("", max_length=60, description="The short name in its address; made from the name when empty.")
    tagline: str = Field("", max_length=160)
    place: str = Field("", max_length=120)
    country: str = Field("", max_length=2)
    latitude: str | None = None
    longitude: str | None = None
    currency: str = Field("EUR", min_length=3, max_length=3)
    language: str = "en"
    time_zone: str = "UTC"
    pack: str = Field("none", description="The legal form: `none`, `es-27-1999`, `fr-scic`, …")
    values: dict[str, Any] = Field(default_factory=dict, description='By rule, as documents write them: 5 % is "0.05".')
    guards: dict[str, str] = Field(default_factory=dict, description="By rule: the procedure that may change it later.")
    founder_class: str = ""
    sandbox: bool = False


class FoundOut(Schema):
    id: int
    slug: str
    name: str
    address: str
    api: str
    bylaws_version: int
    sandbox: bool
    founded_at: datetime


class QuestionOut(Schema):
    id: str
    type: str
    unit: str
    question: str
    why: str
    suggested: Any
    options: list[str]


class BlueprintOut(Schema):
    id: str
    name: str
    purpose: str
    picture: str
    questions: list[QuestionOut]


class PackOut(Schema):
    id: str
    version: int
    names: dict[str, str]
    countries: list[str]
    law: str
    founders: dict[str, Any]
    bounds: dict[str, Any]
    suggestions: dict[str, Any]
    deadlines: dict[str, Any]

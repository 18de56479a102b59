from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


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


Office = Literal["board", "treasurer", "mediator", "moderator", "coordinator"]
Keys = Annotated[list[str], Field(max_length=50)]


class DraftIn(Schema):
    blueprint: str = Field(max_length=40, description="From the list of blueprints: `home_services`, `marketplace`, …")


class AnswersIn(Schema):
    """What is left out stays as it was answered; `values` and `guards` are merged rule by rule."""

    blueprint: str | None = Field(None, max_length=40, description="Begin from another one: what was answered of rules falls.")
    name: str | None = Field(None, min_length=1, max_length=200)
    slug: str | None = Field(None, max_length=60, description="The short name in its address; made from the name when left out.")
    tagline: str | None = Field(None, max_length=160)
    place: str | None = Field(None, max_length=120)
    country: str | None = Field(None, max_length=2)
    latitude: str | None = Field(None, max_length=12)
    longitude: str | None = Field(None, max_length=12)
    currency: str | None = Field(None, min_length=3, max_length=3)
    language: str | None = Field(None, max_length=10)
    time_zone: str | None = Field(None, max_length=40)
    pack: str | None = Field(None, max_length=40)
    values: dict[str, Any] | None = Field(None, description='By rule, as documents write them: 5 % is "0.05".')
    guards: dict[str, str] | None = Field(None, description="By rule: the procedure that may change it later.")
    founder_class: str | None = Field(None, max_length=40)
    offices: dict[Office, Keys] | None = Field(None, description="By office: `me`, or the number of somebody who was asked.")
    sandbox: bool | None = None


class CofounderIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=40, description="One of the two, so that they can be asked.")


class CofounderOut(Schema):
    id: int
    name: str
    email: str
    phone: str
    has_signed: bool = Field(description="What would be founded now; an answer changed afterwards makes a signature void.")


class AskedRule(Schema):
    id: str
    question: str
    value: Any
    reads: str
    guard: str
    guards: list[str] = Field(description="The procedures that could guard it.")


class DraftOut(Schema):
    id: int
    blueprint: str
    answers: dict[str, Any]
    missing: list[str] = Field(description="What has to be answered before anybody can sign.")
    least_founders: int
    founders: list[CofounderOut] = Field(description="Who is asked to found with you.")
    rules: list[AskedRule]
    digest: str = Field(description="Of all that is signed. Sign with it.")


class DigestIn(Schema):
    digest: str = Field(max_length=64, description="Of what you have read.")


class ClauseOut(Schema):
    rule: str
    title: str
    text: str


class ArticleOut(Schema):
    heading: str
    clauses: list[ClauseOut]


class AskedOut(Schema):
    """What somebody is asked to found: everything that they sign."""

    name: str
    founder: str
    asked: str
    answers: dict[str, Any]
    bylaws: list[ArticleOut]
    digest: str
    has_signed: bool
    founded: str = Field(description="Its address, once it is open.")

from datetime import date, datetime
from typing import Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class SittingOut(Schema):
    name: str
    since: date
    until: date | None
    ended_on: date | None
    member_class: str = Field(description="Whose seat it is; empty where it is open to all.")
    sits: str = Field(description="seat, lead (from the circle above) or representative (to it).")
    via: str = Field(description="The circle that this person links with.")
    named_by: str = Field(description="The decision that named them.")
    ended_by: str
    is_overdue: bool


class CharterOut(Schema):
    number: int
    decision: str
    from_on: date
    terms: dict[str, object]


class CircleOut(Schema):
    slug: str
    names: dict[str, str]
    purpose: str
    scope: str
    parent: str | None
    seats: dict[str, int]
    term_months: int
    review_on: date | None
    founded_by: str
    ended_on: date | None
    ended_by: str
    sitting: list[SittingOut]
    vacancies: dict[str, int]


class CircleHistory(Schema):
    charters: list[CharterOut]
    past: list[SittingOut]


class OpenIn(Schema):
    office: str = Field(max_length=40)
    closes_at: datetime
    seats: int | None = Field(None, ge=1, le=99)
    member_class: str = Field("", max_length=40)
    sits: Literal["seat", "lead", "representative"] = "seat"
    method: Literal["", "scottish-stv", "irv", "approval", "schulze"] = ""


class NominateIn(Schema):
    membership: int = Field(ge=1, lt=2**62)
    person: int | None = Field(None, ge=1, lt=2**62, description="Which delegate would sit, for an organisation with several.")
    reason: str = Field("", max_length=2000)
    statement: str = Field("", max_length=4000, description="Where you stand yourself.")


class StatementIn(Schema):
    statement: str = Field(min_length=1, max_length=4000)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=2000)


class NominationOut(Schema):
    id: int
    person: int
    name: str
    membership: int
    nominated_by: str
    reason: str
    statement: str
    stands: bool
    has_declined: bool


class ElectionOut(Schema):
    id: int
    office: str
    sits: str
    member_class: str
    seats: int
    term_months: int
    method: str
    state: str
    opened_at: datetime
    closes_at: datetime
    cancelled_because: str
    proposal: str
    decision: str


class ElectionsOut(Schema):
    items: list[ElectionOut]
    next: str | None


class ElectionWithNominations(ElectionOut):
    nominations: list[NominationOut]

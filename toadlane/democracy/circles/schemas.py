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
    chosen: str = Field(description="election or lot.")
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


class DrawIn(Schema):
    office: str = Field(max_length=40)
    draws_at: datetime
    source: str = Field("", max_length=400, description="A public value that decides; empty for the next seal of the records.")
    fills_all: bool = Field(True, description="All seats anew, or only those that nobody holds.")


class ValueIn(Schema):
    value: str = Field(min_length=1, max_length=400)


class DrawOut(Schema):
    number: int
    office: str
    seats: dict[str, int]
    fills_all: bool
    term_months: int
    decline_days: int
    decision: str
    source: str
    draws_at: datetime
    announced_at: datetime
    roll_hash: str
    roll_size: int
    hash: str
    state: str
    value: str
    seed: str
    drawn_at: datetime | None
    seated_at: datetime | None
    cancelled_because: str


class DrawsOut(Schema):
    items: list[DrawOut]
    next: str | None


class AskedOut(Schema):
    id: int
    person: int
    name: str
    number: int
    member_class: str
    asked_at: datetime
    answer_until: datetime
    has_declined: bool


class DrawWithAsked(DrawOut):
    asked: list[AskedOut]


class LotOut(Schema):
    place: int
    number: int
    member_class: str
    lot: str
    seat: str | None = Field(description="The class whose seat it takes; empty for one open to all, null for none.")
    has_declined: bool

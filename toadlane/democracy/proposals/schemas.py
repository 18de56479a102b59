from datetime import date, datetime
from typing import Any, Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema

Side = Literal["for", "against", "question", "plain"]


class Part(Schema):
    kind: str = Field(max_length=40, description="What is decided; `kinds` lists what there is.")
    payload: dict[str, Any] = Field(description="What the kind asks for; of a change of rules `base` and `ops`.")


class OptionOut(Schema):
    value: str
    label: str


class FieldOut(Schema):
    name: str
    label: str
    type: str
    help: str
    required: bool
    options: list[OptionOut] = Field(description="What a choice is made from, as things stand in this co-op; else empty.")


class KindOut(Schema):
    name: str
    label: str
    about: str
    secret: bool
    fields: list[FieldOut]


class ProposalIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    summary: str = Field("", max_length=400)
    text: str = Field("", max_length=20_000, description="Why, in Markdown.")
    contents: list[Part] = Field(min_length=1, max_length=12)
    procedure: str = Field("", max_length=60, description="A stricter way of deciding than it must have.")
    is_petition: bool = False


class RevisionIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    summary: str = Field("", max_length=400)
    text: str = Field("", max_length=20_000)
    contents: list[Part] = Field(min_length=1, max_length=12)
    because: str = Field("", max_length=400)


class AmendmentIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    summary: str = Field("", max_length=400)
    text: str = Field("", max_length=20_000)
    contents: list[Part] = Field(min_length=1, max_length=12)
    why: str = Field(min_length=1, max_length=4000)


class CheckIn(Schema):
    contents: list[Part] = Field(min_length=1, max_length=12)


class FaultOut(Schema):
    code: str
    words: str
    field: str


class CourseOut(Schema):
    talk_until: date
    vote_from: date
    vote_until: date
    effective_on: date


class CheckOut(Schema):
    faults: list[FaultOut]
    procedure: str = Field("", description="The weakest that may pass it.")
    guard: str = ""
    course: CourseOut | None = Field(None, description="If it found its support today.")


class BackingOut(Schema):
    of: str = Field(description="The class of members; empty for all who may vote.")
    names: int
    members: int
    needed: int
    is_enough: bool


class ProposalOut(Schema):
    number: int
    title: str
    summary: str
    text: str
    contents: list[Part]
    content_hash: str
    procedure: str
    guard: str
    stage: str
    is_petition: bool
    revision: int
    brought_by: list[str]
    made_at: datetime
    opened_at: datetime | None
    talk_until: datetime | None
    noticed_at: datetime | None
    vote_from: datetime | None
    voting_from: datetime | None
    voting_until: datetime | None
    ended_at: datetime | None
    ballot: str
    stuck_because: str
    about_decision: str
    decision: str | None
    simulation: int | None
    simulation_hash: str
    support: list[BackingOut]


class ProposalRow(Schema):
    number: int
    title: str
    stage: str
    is_petition: bool
    author_name: str
    made_at: datetime
    vote_from: datetime | None
    voting_until: datetime | None


class Proposals(Schema):
    items: list[ProposalRow]
    next: str | None


class SupportIn(Schema):
    as_sponsor: bool = False


class SupportOut(Schema):
    id: int
    name: str
    member_class: str
    role: str
    at: datetime


class ProcedureIn(Schema):
    procedure: str = Field(min_length=1, max_length=60)


class Words(Schema):
    text: str = Field(min_length=1, max_length=4000)


class Reason(Schema):
    reason: str = Field("", max_length=300)


class ContributionIn(Schema):
    side: Side = "plain"
    text: str = Field(min_length=1, max_length=4000)
    reply_to: int | None = Field(None, ge=1, lt=2**62)


class ContributionOut(Schema):
    id: int
    side: str
    text: str
    name: str
    revision: int
    said_at: datetime
    reply_to: int | None
    hidden_because: str


class Contributions(Schema):
    items: list[ContributionOut]
    next: str | None


class SummaryOut(Schema):
    text: str
    name: str
    written_at: datetime


class RevisionOut(Schema):
    number: int
    title: str
    summary: str
    text: str
    contents: list[Part]
    content_hash: str
    because: str
    written_at: datetime
    written_name: str


class AmendmentOut(Schema):
    number: int
    revision: int
    title: str
    summary: str
    text: str
    contents: list[Part]
    why: str
    name: str
    offered_at: datetime
    state: str
    answer: str
    answered_at: datetime | None


class AnswerIn(Schema):
    answer: str = Field("", max_length=4000)


class MomentOut(Schema):
    deed: str
    at: datetime
    name: str
    facts: dict[str, Any]


class EnactmentOut(Schema):
    state: str
    effective_on: date
    due_at: datetime
    appeal_until: datetime | None
    attempts: int
    error: str
    error_code: str
    enacted_at: datetime | None
    bylaws_version: int | None


class Wanted(Schema):
    outcome: str = Field("", max_length=8)
    kind: str = Field("", max_length=40)
    year: str = Field("", max_length=4)


class DecisionRow(Schema):
    name: str
    number: int
    title: str
    outcome: str
    decided_at: datetime
    state: str | None = Field(description="Of its enactment; nothing where it did not pass.")


class Decisions(Schema):
    items: list[DecisionRow]
    next: str | None


class DecisionOut(Schema):
    name: str
    number: int
    proposal: int
    title: str
    outcome: str
    contents: list[Part]
    content_hash: str
    procedure: str
    guard: str
    terms: dict[str, Any]
    bylaws_version: int
    figures: dict[str, Any]
    result: dict[str, Any]
    decided_at: datetime
    previous_hash: str
    hash: str
    url: str
    enactment: EnactmentOut | None


class EnactmentRow(Schema):
    decision: str
    title: str
    state: str
    effective_on: date
    due_at: datetime


class ChainOut(Schema):
    decisions: int
    faults: list[str]


class DemandOut(Schema):
    names: int
    needed: int
    is_suspended: bool


class AppealOut(Schema):
    decide_by: datetime | None
    on_silence: str
    id: int
    name: str
    text: str
    made_at: datetime
    state: str
    reasons: str
    decided_at: datetime | None


class JudgeIn(Schema):
    upheld: bool
    reasons: str = Field(min_length=1, max_length=4000)


class PauseIn(Schema):
    action: str = Field(min_length=1, max_length=40)
    cause: str = Field(min_length=1, max_length=100, description="What it is about, like `decision:2027-4`.")
    reasons: str = Field(min_length=1, max_length=4000)


class PauseOut(Schema):
    id: int
    action: str
    cause: str
    reasons: str
    asked_at: datetime
    needed: int
    signed_by: list[str]
    put_on_at: datetime | None
    until: datetime | None
    holds: bool
    dropped_at: datetime | None


class EndIn(Schema):
    because: str = Field(min_length=1, max_length=1000)

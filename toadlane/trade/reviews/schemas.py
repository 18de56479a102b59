from datetime import datetime
from typing import Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class Amount(Schema):
    minor: int
    currency: str
    text: str


class ReviewIn(Schema):
    stars: int = Field(ge=1, le=5)
    text: str = Field("", max_length=4000)


class Words(Schema):
    text: str = Field(min_length=1, max_length=4000)


class ReviewOut(Schema):
    id: int
    stars: int
    text: str
    written_at: datetime
    answer: str


class OrderReviews(Schema):
    is_open: bool
    closes_at: datetime | None
    mine: ReviewOut | None
    theirs: ReviewOut | None = Field(description="Once both are in, or the time is over.")


class PublicReview(Schema):
    id: int
    stars: int
    text: str
    by: str
    at: datetime
    what: str
    answer: str


class PublicReviews(Schema):
    count: int
    stars: float | None = Field(description="The average; nothing below three reviews.")
    items: list[PublicReview]
    next: str | None


class ComplaintOut(Schema):
    id: int
    order_id: int
    side: str
    text: str
    state: str
    opened_at: datetime
    answer_by: datetime
    answer: str
    outcome: str
    refund: Amount
    reasons: str
    appeal_until: datetime | None
    appeal: str
    final_reasons: str
    final_refund: Amount


class Complaints(Schema):
    items: list[ComplaintOut]
    next: str | None


class StandIn(Schema):
    person_id: int = Field(ge=1, lt=2**63, description="A member or an officer who stands on neither side.")


class DecideIn(Schema):
    outcome: Literal["whole", "part", "none"]
    reasons: str = Field(min_length=1, max_length=4000)
    refund_minor: int = Field(0, ge=0, lt=2**62)


class DecideAgainIn(Schema):
    reasons: str = Field(min_length=1, max_length=4000)
    refund_minor: int = Field(0, ge=0, lt=2**62, description="What goes back on top of the first decision.")


class ReportIn(Schema):
    subject: str = Field(max_length=60, examples=["listing:4", "review:3", "member:7", "message:9"])
    reason: Literal["illegal", "unsafe", "hate", "harassment", "fraud", "privacy", "other"]
    text: str = Field(min_length=1, max_length=4000)


class ReportOut(Schema):
    id: int
    subject: str
    label: str
    reason: str
    text: str
    state: str
    reported_at: datetime
    decision: str
    statement: str
    rule: str
    appeal_until: datetime | None
    appeal: str
    final_statement: str
    is_upheld: bool | None


class Reports(Schema):
    items: list[ReportOut]
    next: str | None


class ModerateIn(Schema):
    decision: Literal["nothing", "hide", "suspend"]
    statement: str = Field(min_length=1, max_length=4000)
    rule: str = Field("", max_length=200)


class ModerateAgainIn(Schema):
    is_upheld: bool
    statement: str = Field(min_length=1, max_length=4000)

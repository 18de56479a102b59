from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class WorkOutIn(Schema):
    name: str = Field(pattern=r"^[-\w]{1,20}$")
    starts_on: date
    ends_on: date
    tax_minor: int = Field(0, ge=0, le=10**15)
    interest: str | None = Field(
        None, pattern=r"^0(\.\d{1,8})?$", description="On shares, where this year is to bring less than the bylaws allow: `0.02`."
    )


class RateIn(Schema):
    year: int = Field(ge=1900, le=9999, description="In which the business year ends.")
    interest: Decimal = Field(ge=0, le=1, max_digits=9, decimal_places=8, description="As a part of one: 3.25 % is `0.0325`.")
    source: str = Field(min_length=1, max_length=300)
    published_on: date


class RateOut(Schema):
    base: str
    year: int
    interest: str
    source: str
    published_on: date
    recorded_at: datetime
    recorded_by: str


class YearInListOut(Schema):
    name: str
    starts_on: date
    ends_on: date
    currency: str
    state: str
    hash: str
    bylaws_version: int
    proposal: int | None
    decision: str


class YearOut(YearInListOut):
    facts: dict[str, Any]
    terms: dict[str, Any]
    result: dict[str, Any]


class ClaimIn(Schema):
    membership: int
    activity: str = Field(min_length=1, max_length=200)
    amount: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    unit: str = Field("", max_length=10, description="`hours`, `points` or `kilometers`; empty is as the bylaws measure you.")
    done_on: date


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=4000)


class ClaimOut(Schema):
    id: int
    membership: int
    activity: str
    amount: Decimal
    unit: str
    done_on: date
    state: str
    reason: str


class StatementOut(Schema):
    membership_id: int
    number: int | None
    name: str
    member_class: str
    did: str = Field(description="What was measured, an exact number or fraction.")
    currency: str
    refund_minor: int
    cash_minor: int
    retained_minor: int
    interest_minor: int
    loss_minor: int = Field(description="What came off their capital account and their shares for the loss of this year.")


class LossIn(Schema):
    year: str = Field(max_length=20)


class LayerOut(Schema):
    year: str
    left_minor: int


class RepaymentOut(Schema):
    id: int
    year: str
    amount_minor: int
    decision: str
    booked_at: datetime
    handed_over_at: datetime | None
    paid_at: datetime | None


class LayersOut(Schema):
    loss_minor: int = Field(description="What of the losses of closed years nothing has covered yet.")
    layers: list[LayerOut]
    repayments: list[RepaymentOut]


class RepaymentIn(Schema):
    year: str = Field(max_length=20)
    amount_minor: int = Field(gt=0, le=10**15)


class CoverIn(Schema):
    amount_minor: int = Field(gt=0, le=10**15)


class ProposedOut(Schema):
    proposal: int | None

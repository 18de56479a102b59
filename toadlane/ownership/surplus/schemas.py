from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Field, Schema


class WorkOutIn(Schema):
    name: str = Field(pattern=r"^[-\w]{1,20}$")
    starts_on: date
    ends_on: date
    tax_minor: int = Field(0, ge=0, le=10**15)


class YearOut(Schema):
    name: str
    starts_on: date
    ends_on: date
    currency: str
    state: str
    hash: str
    bylaws_version: int
    proposal: int | None
    decision: str
    facts: dict[str, Any]
    terms: dict[str, Any]
    result: dict[str, Any]


class ClaimIn(Schema):
    membership: int
    activity: str = Field(min_length=1, max_length=200)
    amount: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    done_on: date


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=4000)


class ClaimOut(Schema):
    id: int
    membership: int
    activity: str
    amount: Decimal
    done_on: date
    state: str
    reason: str

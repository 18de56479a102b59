from datetime import date
from decimal import Decimal
from typing import Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class OfferIn(Schema):
    membership: int
    amount_minor: int = Field(gt=0, le=10**15)
    interest: Decimal = Field(ge=0, le=1, max_digits=9, decimal_places=8, description="A year, as a part of one: 3 % is `0.03`.")
    months: int = Field(gt=0, le=1200)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=300)


class MethodIn(Schema):
    method: Literal["transfer", "cash"]


class LoanOut(Schema):
    id: int
    membership: int
    currency: str
    amount_minor: int
    interest: str
    months: int
    state: str
    reason: str
    received_on: date | None
    ends_on: date | None
    owed_minor: int = Field(description="What of it is to be given back.")
    interest_owed_minor: int


class LineOut(Schema):
    kind: str
    on: date
    principal_minor: int
    interest_minor: int


class OneLoanOut(LoanOut):
    movements: list[LineOut] = Field(description="The money that came, interest by the month, and what went back.")


class BroughtOut(Schema):
    payment: str
    reference: str
    amount_minor: int
    currency: str


class LoansOut(Schema):
    items: list[LoanOut]
    next: str | None

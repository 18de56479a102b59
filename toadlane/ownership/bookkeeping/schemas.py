from datetime import date, datetime
from typing import Any

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class AmountOut(Schema):
    minor: int
    currency: str
    text: str


class LineOut(Schema):
    code: str
    name: str
    now: AmountOut
    before: AmountOut


class FundOut(Schema):
    code: str
    name: str
    opening: AmountOut
    change: AmountOut
    closing: AmountOut


class UseOut(Schema):
    on: date
    code: str
    fund: str
    purpose: str
    decision: str
    amount: AmountOut


class CashOut(Schema):
    month: date
    change: AmountOut
    closing: AmountOut


class ReportOut(Schema):
    first: date
    last: date
    currency: str
    income: list[LineOut]
    expenses: list[LineOut]
    result: AmountOut
    result_before: AmountOut
    owned: list[LineOut]
    owed: list[LineOut]
    equity: list[LineOut]
    undivided: AmountOut
    undivided_before: AmountOut
    ours: AmountOut = Field(description="What belongs to all: in accounts of equity, and not yet divided.")
    cash: list[CashOut]
    funds: list[FundOut]
    uses: list[UseOut] = Field(description="What funds were spent on by decision, the newest first.")
    orders: int
    cost_per_order: AmountOut | None
    members: int
    owed_to_members: AmountOut
    payouts_waiting: AmountOut
    surplus: str | None = Field(description="The name of the closed year, where there is one.")


class PositionOut(Schema):
    membership: int
    currency: str
    owed: list[dict[str, Any]]
    capital: list[dict[str, Any]]
    owing: list[dict[str, Any]]
    paid_ahead: list[dict[str, Any]]
    total: AmountOut


class BillIn(Schema):
    kind: str = Field(description="`bill`, `paid`, `receipt`, `income` or `duty`: a tax or contribution paid over.", max_length=7)
    code: str = Field("", max_length=20, description="The account of cost or income; of a duty, the one it is owed on.")
    net_minor: int = Field(ge=0, le=10**15)
    tax_minor: int = Field(0, ge=0, le=10**15)
    text: str = Field(min_length=1, max_length=200)
    reference: str = Field("", max_length=80)
    on: date
    member: int | None = Field(
        None, gt=0, le=10**9,
        description="Of what is bought of a member: their number in the register, where the co-op writes their invoice.",
    )  # fmt: skip


class CreditIn(Schema):
    net_minor: int = Field(gt=0, le=10**15, description="Before tax; the tax on it is worked out.")
    text: str = Field(min_length=1, max_length=200)
    on: date


class SideIn(Schema):
    code: str = Field(max_length=20)
    minor: int = Field(ge=-(10**15), le=10**15, description="Positive is a debit.")


class EntryIn(Schema):
    text: str = Field(min_length=1, max_length=200)
    reference: str = Field("", max_length=80)
    on: date
    legs: list[SideIn] = Field(max_length=20)


class DraftOut(Schema):
    id: int
    kind: str
    text: str
    reference: str
    on: date
    currency: str
    legs: list[Any]
    state: str
    reason: str
    made_at: datetime
    corrects_id: int | None = Field(description="Of what was credited: the bill.")


class DraftsOut(Schema):
    items: list[DraftOut]
    next: str | None


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=400)


class CloseIn(Schema):
    until_on: date


class ClosingOut(Schema):
    id: int
    until_on: date
    asked_at: datetime
    closed_at: datetime | None

from datetime import date, datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class AmountOut(Schema):
    minor: int
    currency: str
    text: str


class ApprovalOut(Schema):
    id: int
    decision: str
    purpose: str
    amount: AmountOut
    paid: AmountOut
    source: str
    payee: str
    until: date | None
    approved_at: datetime


class PaidOut(Schema):
    """What officers paid without a vote: what for, how much, by whom."""

    expense: int
    purpose: str
    amount: AmountOut
    paid_at: datetime
    prepared_by: str
    paid_by: str
    limit: AmountOut
    bylaws_version: int


class ApprovalsOut(Schema):
    items: list[ApprovalOut]
    next: str | None


class PaidsOut(Schema):
    items: list[PaidOut]
    next: str | None


class LimitsOut(Schema):
    one: AmountOut
    month: AmountOut
    paid_this_month: AmountOut
    bylaws_version: int


class PaymentOut(Schema):
    id: int
    amount: AmountOut
    is_advance: bool
    decision: str
    prepared_at: datetime
    paid_at: datetime | None
    dropped_at: datetime | None


class ReceiptOut(Schema):
    id: int
    name: str
    media_type: str
    size_bytes: int


class ExpenseOut(Schema):
    number: int
    purpose: str
    note: str
    amount: AmountOut
    claimed_by: str
    payee: str
    payee_account: str
    source: str
    decision: str
    state: str
    reason: str
    returned: AmountOut
    claimed_at: datetime
    receipts: list[ReceiptOut]
    payments: list[PaymentOut]


class ExpenseRow(Schema):
    number: int
    purpose: str
    amount: AmountOut
    claimed_by: str
    decision: str
    state: str
    claimed_at: datetime


class ExpensesOut(Schema):
    items: list[ExpenseRow]
    next: str | None


class ClaimIn(Schema):
    purpose: str = Field(min_length=1, max_length=200)
    minor: int = Field(gt=0, le=10**12)
    payee: str = Field(min_length=1, max_length=160)
    payee_account: str = Field("", max_length=40)
    note: str = Field("", max_length=2000)
    approval: int | None = None


class AmountIn(Schema):
    minor: int = Field(gt=0, le=10**12)


class PrepareIn(Schema):
    """Left empty, all that is left to pay; else an advance of so much."""

    advance: int | None = Field(None, gt=0, le=10**12)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=400)


class UnderIn(Schema):
    approval: int


class DraftOut(Schema):
    draft: int
    address: str

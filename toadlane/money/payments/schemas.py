from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class MoneyOut(Schema):
    minor: int = Field(description="In the smallest unit of the currency.")
    currency: str
    text: str


class PaymentOut(Schema):
    id: UUID
    subject: str
    method: str
    provider: str
    state: str = Field(description="created, requires_action, authorised, captured, failed, unknown, voided or disputed")
    reason: str
    amount: MoneyOut
    captured: MoneyOut
    refunded: MoneyOut
    reference: str = Field(description="What is to be written on a transfer.")
    page: str = Field(description="Address of the page where it is paid.")
    begun_at: datetime
    settled_at: datetime | None
    is_recorded: bool = Field(description="Somebody said that the money came; a second person has to confirm.")
    vouchers: list[str] = Field(description="Numbers of the vouchers that were handed in, where it is paid with vouchers.")
    worth: MoneyOut | None = Field(description="What these are worth together.")
    in_cash: MoneyOut = Field(description="What came in cash, as the vouchers are worth less than the price.")


class PaymentsOut(Schema):
    items: list[PaymentOut]
    next: str | None


class ErrandOut(Schema):
    id: UUID
    state: str = Field(description="asked, unknown, done or failed")
    reason: str
    amount: MoneyOut
    asked_at: datetime
    settled_at: datetime | None
    is_recorded: bool


class RefundOut(ErrandOut):
    payment: UUID


class PayoutOut(ErrandOut):
    holder: str
    name: str
    account: str = Field(description="The account on which it was owed: 2110 for what orders brought.")
    subject: str = Field(description="What it is for, where it is not what orders brought, such as `year:2027`.")


class PayoutsOut(Schema):
    items: list[PayoutOut]
    next: str | None


class OwedOut(Schema):
    holder: str
    name: str
    total: MoneyOut
    due: MoneyOut = Field(description="The part that has waited as long as the bylaws say.")


class AlarmOut(Schema):
    kind: str
    what: str
    amount: MoneyOut
    since: datetime | None


class MethodOut(Schema):
    method: str


class SweptOut(Schema):
    asked_about: int = Field(description="How many payments were asked about; refunds and payouts come besides.")


class CardIn(Schema):
    number: str = Field(max_length=30)
    expiry: str = Field(max_length=7)
    cvc: str = Field(max_length=4)


class CompanyOut(Schema):
    provider: str
    title: str
    is_chosen: bool = Field(description="Whether it takes cards for the co-op now: a rule of the bylaws.")
    is_done: bool = Field(description="Whether nothing is left with it, of a company that the co-op has left.")
    holds: list[MoneyOut]
    free: list[MoneyOut] = Field(description="What may be sent on to the co-op's bank.")
    running: int
    refunds: int
    payouts: int
    disputes: int
    refundable: int = Field(description="Payments of the last 120 days that may still go back.")
    not_ready: list[str] = Field(description="Holders who are owed something and have not said where to send it.")


class UnderWayOut(Schema):
    kind: str = Field(description="payments, fees, refunds, payouts, taken_back or carried")
    count: int
    minor: int = Field(description="What it would add to what the company holds; fees at most.")


class ComparisonOut(Schema):
    provider: str
    title: str
    at: datetime
    theirs: MoneyOut
    ours: MoneyOut
    difference: MoneyOut
    is_explained: bool = Field(description="Whether it is no larger than what is under way could make it.")
    under_way: list[UnderWayOut]


class CarryIn(Schema):
    provider: str = Field(max_length=20)
    amount: str = Field(max_length=20, description="Such as 120.50.")
    currency: str = Field(max_length=3)


class CarriedOut(Schema):
    id: UUID
    provider: str
    amount: MoneyOut
    state: str = Field(description="asked, unknown, done or failed")
    reason: str
    asked_at: datetime
    agreed_at: datetime | None
    settled_at: datetime | None


class PayeeOut(Schema):
    holder: str
    company: str
    is_ready: bool
    trouble: str = Field(description="What the company still needs, in its own words.")


class OnboardIn(Schema):
    holder: str = Field(max_length=60, description="Your membership: `membership:7`.")


class OnboardOut(Schema):
    url: str = Field(description="Good for a few minutes and one visit.")


class TillOut(Schema):
    action_url: str = Field(description="With requires_action: the card company's page where the payer goes on.")
    title: str
    state: str
    method: str
    reason: str
    amount: MoneyOut
    reference: str


class RecordIn(Schema):
    minor: int | None = Field(None, gt=0, le=10**12, description="What came, where it is not the whole.")
    vouchers: list[str] = Field([], max_length=50, description="Who gave each voucher out and its number: each is taken once.")
    worth: int | None = Field(None, gt=0, le=10**12, description="What the vouchers are worth together, in minor units.")
    rest: Literal["", "cash"] = Field("", description="How came what the vouchers are worth less than the price.")


class CreditOut(Schema):
    holder: str
    balance: MoneyOut = Field(description="Above nothing the others owe you work, below nothing you owe it.")
    held: MoneyOut = Field(description="Promised to orders under way.")
    limit: MoneyOut = Field(description="How far below nothing you may go.")
    free: MoneyOut = Field(description="What you can spend now.")
    decided_by: str = Field(description="Who decided the limit.")


class CreditMovementOut(Schema):
    at: datetime
    amount: MoneyOut
    subject: str
    entry: UUID
    text: str


class CircleOut(Schema):
    members: int = Field(description="How many have or owe some.")
    have: MoneyOut
    owe: MoneyOut
    held: MoneyOut
    coops: MoneyOut = Field(description="What the co-op itself has, for its fee; below nothing it owes.")
    sum: MoneyOut = Field(description="All of it: always nothing.")
    limit: MoneyOut
    limit_decided_by: str
    most: MoneyOut | None
    most_decided_by: str


class PayOffIn(Schema):
    method: Literal["transfer", "cash"] = "transfer"


class PaidOffOut(Schema):
    id: UUID
    amount: MoneyOut
    method: str
    reference: str = Field(description="What to write on the transfer.")
    page: str


class LeaveCreditIn(Schema):
    minor: int = Field(gt=0, le=10**12)


class CreditAccountOut(Schema):
    holder: str
    name: str
    balance: MoneyOut


class CloseIn(Schema):
    membership: int = Field(gt=0, lt=2**63)
    reason: str = Field(max_length=300, description="Why, or which decision says so.")


class ClosingOut(Schema):
    id: int
    membership: int
    name: str
    amount: MoneyOut = Field(description="What stood there: below nothing it was owed, and is forgiven.")
    reason: str
    asked_at: datetime
    agreed_at: datetime | None
    dropped_at: datetime | None

from datetime import date, datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class Amount(Schema):
    minor: int
    currency: str


class TermsOut(Schema):
    membership: int
    period: str = Field(description="month, quarter or year")
    amount: Amount
    least: Amount
    most: Amount
    chosen: Amount | None
    left: Amount = Field(description="What is owed now.")
    ahead: Amount = Field(description="What was paid ahead.")
    late_since: date | None


class ClaimOut(Schema):
    id: int
    membership: int
    period: str
    amount: Amount
    paid: Amount
    waived: Amount
    reversed: Amount = Field(description="What was paid, and taken back by the payer’s bank.")
    left: Amount
    due_on: date


class ClaimsOut(Schema):
    items: list[ClaimOut]
    next: str | None


class ChooseIn(Schema):
    membership: int
    amount_minor: int = Field(ge=0, lt=2**53)


class ChoiceOut(Schema):
    membership: int
    amount: Amount
    chosen_at: datetime


class PayIn(Schema):
    membership: int
    method: str = Field("card", max_length=10)
    amount_minor: int | None = Field(None, ge=1, lt=2**53, description="All that is owed, where it is left out.")


class RemittanceOut(Schema):
    id: int
    membership: int
    amount: Amount
    state: str
    payment: str = Field(description="Where it is paid.")
    reference: str = Field(description="What to write with a transfer.")


class OwingOut(Schema):
    membership: int
    name: str
    left: Amount
    due_on: date
    late_since: date | None


class OwingPageOut(Schema):
    items: list[OwingOut]
    next: str | None


class WaiverOut(Schema):
    id: int
    membership: int
    from_on: date
    until_on: date
    reason: str
    ended_on: date | None


class WaiversOut(Schema):
    items: list[WaiverOut]
    next: str | None


class WaiveIn(Schema):
    membership: int
    until: date
    reason: str = Field(max_length=200)
    begins: date | None = None
    what_is_open: bool = Field(False, description="Whether that holds for what was charged before, too.")


class ReasonIn(Schema):
    reason: str = Field(max_length=200)

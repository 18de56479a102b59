from datetime import date, datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class Amount(Schema):
    minor: int
    currency: str


class HoldingOut(Schema):
    membership: int
    share_class: str
    shares: int
    nominal: Amount
    unpaid: Amount
    late_interest: Amount = Field(description="What comes on top when the rest is paid today, as it is late.")


class ShareClassOut(Schema):
    id: str
    name: str
    price: Amount
    least: int
    most: int
    withdrawable: bool
    transferable: bool


class MovementOut(Schema):
    id: int
    membership: int
    kind: str
    share_class: str
    shares: int
    nominal: Amount
    on: date


class MovementsOut(Schema):
    items: list[MovementOut]
    next: str | None


class SubscribeIn(Schema):
    membership: int
    share_class: str = Field(max_length=40)
    shares: int = Field(ge=1, le=1_000_000)
    method: str = Field("card", max_length=10)
    paid_rate: str = Field("1", max_length=12, description="The part that is paid now: 1 or a decimal such as 0.25.")


class RestIn(Schema):
    membership: int
    share_class: str = Field(max_length=40)
    method: str = Field("card", max_length=10)


class ApplyIn(Schema):
    membership: int
    shares: int = Field(ge=1, le=1_000_000)
    method: str = Field("card", max_length=10)


class SubscriptionOut(Schema):
    id: int
    shares: int
    to_pay: Amount
    state: str
    payment: str = Field(description="Where it is paid.")


class TransferIn(Schema):
    membership: int
    to: int = Field(description="The membership that receives them.")
    share_class: str = Field(max_length=40)
    shares: int = Field(ge=1, le=1_000_000)


class BackIn(Schema):
    membership: int
    share_class: str = Field(max_length=40)
    shares: int = Field(ge=1, le=1_000_000)


class PartOut(Schema):
    number: int
    due_on: date
    principal: Amount
    interest: Amount
    handed_over_at: datetime | None = Field(description="When it went to the payouts.")
    paid_at: datetime | None


class RedemptionOut(Schema):
    id: int
    membership: int
    share_class: str
    shares: int
    amount: Amount
    state: str
    cause: str = Field(description="asked, left or died")
    kept: Amount = Field(description="What stays in the reserve of whoever left early; `amount` is without it.")
    excused: str = Field(description="The good reason for leaving early, as the board saw it.")
    asked_at: datetime
    parts: list[PartOut]


class ExcuseIn(Schema):
    reason: str = Field(min_length=1, max_length=300)


class DeathIn(Schema):
    membership: int
    died_on: date


class BequestIn(Schema):
    source: int = Field(ge=1, lt=2**63, description="The membership of the dead that held the shares.")
    heir: int = Field(ge=1, lt=2**63, description="The membership of the heir.")
    share_class: str = Field(max_length=40)
    shares: int = Field(ge=1, le=1_000_000)
    proof: str = Field(min_length=1, max_length=200, description="Such as a certificate of inheritance with its number.")


class BequestOut(Schema):
    id: int
    source: int
    heir: int
    share_class: str
    shares: int
    proof: str
    confirmed_at: datetime | None


class EstateOut(Schema):
    id: int
    name: str
    died_on: date
    until_on: date = Field(description="The last day on which heirs can take shares over.")
    confirmed_at: datetime | None
    ended_at: datetime | None
    left: list[HoldingOut]
    bequests: list[BequestOut]


class OfferOut(Schema):
    id: int
    title: str
    share_class: str
    minimum: Amount
    target: Amount
    maximum: Amount
    so_far: Amount
    closes_at: datetime
    state: str

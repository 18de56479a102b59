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


class RedemptionOut(Schema):
    id: int
    membership: int
    share_class: str
    shares: int
    amount: Amount
    state: str
    asked_at: datetime


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

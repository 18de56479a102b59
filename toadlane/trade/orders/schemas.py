from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from toadlane.plumbing.access.schema import Schema

Minor = Annotated[int, Field(ge=0, le=10**12)]
Short = Annotated[str, Field(max_length=120)]
Amounts = Annotated[dict[str, Annotated[int, Field(ge=0, le=50)]], Field(max_length=40)]


class MoneyOut(Schema):
    minor: int
    currency: str
    text: str


class TimeOut(Schema):
    starts: datetime
    ends: datetime
    is_free: bool = Field(description="Whether somebody's calendar has room; taken everywhere otherwise.")


class QuoteIn(Schema):
    """What you would like. Without a listing it is a visit, priced by the co-op's rate card."""

    listing: int | None = Field(None, ge=1, lt=2**63)
    size: Short = Field("", description="Of a visit: an `id` of `sizes` in the rule `trade.rates` (`GET rules/trade.rates`).")
    level: Short = Field("", description="An `id` of `levels` there.")
    addons: Amounts = Field({}, description="How many of each of `addons` there, by `id`.")
    every_weeks: int = Field(0, ge=0, le=12, description="One of `recurring` there; 0 comes once.")
    quantity: int = Field(1, ge=1, le=999)
    variant: str = Field("", max_length=40, description="An `id` of the listing's `variants`, where it comes in several.")
    starts: datetime | None = None
    ends: datetime | None = None
    tip_minor: Minor = 0
    area: Short = ""
    vat_number: str = Field(
        "", max_length=20, description="Of the business that buys: a seller in another state charges it no VAT."
    )
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    chosen: int | None = Field(None, ge=1, lt=2**63, description="A member you would like to come.")


class LineOut(Schema):
    code: str
    text: str
    quantity: str
    amount: MoneyOut
    rule: str


class ShareOut(Schema):
    label: str
    amount: MoneyOut
    why: str
    rule: str
    decided: str
    url: str


class BesideOut(Schema):
    """What comes on top of the price, for the days off of whoever comes.

    `promised` is charged after the visit, `charged` was, and `suggested` is charged only if the customer promises it
    (`POST benefits/give/{code}`, with `wallet` as the code), which is possible once it is known who comes.
    """

    text: str
    amount: MoneyOut
    state: Literal["promised", "charged", "suggested"]
    wallet: str = Field("", description="The code of the wallet of whoever comes, once that is somebody who has one.")


class QuoteOut(Schema):
    id: UUID
    kind: str
    title: str
    starts: datetime | None
    ends: datetime | None
    lines: list[LineOut]
    net: MoneyOut
    vat: MoneyOut
    tip: MoneyOut
    on_top: MoneyOut = Field(description="The platform's fee that the customer pays besides the price, with the tax on it.")
    total: MoneyOut
    split: list[ShareOut]
    beside: list[BesideOut]
    why_untaxed: str = Field(description="small, reverse or intra where no VAT is charged for a reason of its own.")
    bylaws_version: int
    every_weeks: int
    expires_at: datetime


class ContactIn(Schema):
    name: Short = ""
    company: str = Field("", max_length=160, description="The business that the invoice is made out to.")
    vat_number: str = Field("", max_length=20, description="Of that business. Its digits are checked; nobody is asked.")
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=30)
    address: str = Field("", max_length=300)
    notes: str = Field("", max_length=2000)
    language: str = Field("", max_length=10)


class CardIn(Schema):
    number: str = Field(max_length=30)
    expiry: str = Field("12/39", max_length=7)
    cvc: str = Field("123", max_length=4)
    challenge_passed: bool = False


class InquiryIn(Schema):
    listing: int = Field(ge=1, lt=2**63)
    text: str = Field(min_length=1, max_length=5000)
    contact: ContactIn = Field(default_factory=lambda: ContactIn.model_validate({}))


class CheckoutIn(Schema):
    quotes: list[UUID] = Field(min_length=1, max_length=50)
    contact: ContactIn = Field(default_factory=lambda: ContactIn.model_validate({}))
    method: Literal["card", "transfer", "cash", "voucher", "credit"] = "card"
    card: CardIn | None = None
    until: date | None = Field(None, description="The last day of visits that come again.")


class PaymentOut(Schema):
    id: UUID
    state: str
    method: str
    amount: MoneyOut
    reason: str
    page: str


class Party(Schema):
    membership_id: int
    name: str


class MomentOut(Schema):
    at: datetime
    who: str
    text: str
    detail: str
    is_to_come: bool


class OrderShort(Schema):
    id: int
    kind: str
    title: str
    state: str
    state_label: str
    taken_back: Literal["", "open", "open_part", "lost"] = Field(
        description="What the payer's bank took back: all or part of it, not decided yet (`open`, `open_part`), or all for good."
    )
    starts: datetime | None
    ends: datetime | None
    total: MoneyOut
    provider: Party | None
    placed_at: datetime


class BearerOut(Schema):
    account: str = Field(description="Of the chart of accounts.")
    who: str
    amount: MoneyOut
    text: str


class ReversalOut(Schema):
    """What went back. `state` is `refund`, `waits` where the payer's bank was quicker, or `open`, `won`, `lost`."""

    at: datetime
    amount: MoneyOut
    state: str
    bearers: list[BearerOut]


class OrderOut(OrderShort):
    net: MoneyOut
    vat: MoneyOut
    tip: MoneyOut
    on_top: MoneyOut = Field(description="The platform's fee that the customer pays besides the price, with the tax on it.")
    captured: MoneyOut
    refunded: MoneyOut
    why_untaxed: str
    company: str
    vat_number: str
    bylaws_version: int
    worker: str
    address: str
    notes: str
    due_at: datetime | None
    series: int | None
    lines: list[LineOut]
    split: list[ShareOut]
    beside: list[BesideOut] = Field(description="For the customer: what they pay besides.")
    story: list[MomentOut]
    can: list[str] = Field(description="The transitions that whoever asks may make now: `POST orders/{id}/{transition}`.")
    went_back: list[ReversalOut] = Field(description="And who bears it: for those who were paid, and the co-op.")
    cancel_costs: MoneyOut | None
    free_until: datetime | None


class PlacedOrder(OrderShort):
    token: str | None = Field(description="Whoever holds it manages this order: send it as the header Order-Token.")
    link: str | None


class CheckoutOut(Schema):
    id: UUID
    total: MoneyOut
    payment: PaymentOut | None
    orders: list[PlacedOrder]


class Orders(Schema):
    items: list[OrderShort]
    next: str | None


class FactsIn(Schema):
    """What a transition may need: a new time to move, a worker to assign, a sum to settle, a reason."""

    starts: datetime | None = None
    worker: int | None = Field(None, ge=1, lt=2**63)
    refund_minor: Minor = 0
    reason: str = Field("", max_length=500)


class RefundIn(Schema):
    amount_minor: int = Field(ge=1, le=10**12)
    reason: str = Field("", max_length=300)


class RefundOut(Schema):
    id: int
    amount: MoneyOut
    stage: str
    reason: str
    shares: list[dict[str, Any]]
    made_at: datetime


class SeriesOut(Schema):
    id: int
    every_weeks: int
    state: str
    next_on: date
    until: date | None
    ahead: list[date]
    skipped: list[str]
    moved: dict[str, str]
    trouble: str


class SeriesDeedIn(Schema):
    visit_on: date | None = None
    starts: datetime | None = None


class CartItemIn(Schema):
    listing: int = Field(ge=1, lt=2**63)
    quantity: int = Field(1, ge=0, le=999)
    variant: str = Field("", max_length=40, description="An `id` of the listing's `variants`; two of them are two things.")


class CartLineOut(Schema):
    listing: int
    variant: str
    title: str
    quantity: int
    amount: MoneyOut | None
    provider: Party | None
    trouble: str


class CartOut(Schema):
    id: UUID
    items: list[CartLineOut]
    totals: list[MoneyOut]


class CartCheckoutIn(Schema):
    total_minor: Minor | None = Field(
        None, description="What the buyer saw it come to. Where it is more now, nothing is ordered."
    )
    contact: ContactIn = Field(default_factory=lambda: ContactIn.model_validate({}))
    method: Literal["card", "transfer", "cash", "voucher", "credit"] = "card"
    card: CardIn | None = None


class SayIn(Schema):
    text: str = Field(min_length=1, max_length=20_000)


class SaidOut(Schema):
    id: int
    author: str
    side: str
    mine: bool
    text: str
    hidden: bool = Field(description="Whether contacts were hidden in it.")
    at: datetime

from datetime import date, datetime
from typing import Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class AmountOut(Schema):
    minor: int
    currency: str
    text: str


class ActivityOut(Schema):
    id: int
    name: str
    manager: str
    adviser: str
    balance: AmountOut
    opened_at: datetime


class SeatOut(Schema):
    person: int
    name: str
    role: str


class ActivityWhole(ActivityOut):
    """`available` is what nobody has been promised; `is_open` says whether new money may come in."""

    available: AmountOut
    is_open: bool
    people: list[SeatOut]


class ActivitiesOut(Schema):
    items: list[ActivityOut]
    next: str | None


class NameIn(Schema):
    name: str = Field(min_length=1, max_length=120)


class SeatIn(Schema):
    email: str = Field(min_length=3, max_length=254)
    role: Literal["co_manager", "participant"] = "participant"


class AdviserIn(Schema):
    email: str = Field(min_length=3, max_length=254)


class TransferIn(Schema):
    target: int
    minor: int = Field(gt=0, le=10**12)


class LineIn(Schema):
    text: str = Field(min_length=1, max_length=300)
    minor: int = Field(gt=0, le=10**11)


class ClientIn(Schema):
    name: str = Field(min_length=1, max_length=160)
    email: str = Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    country: str = Field(min_length=2, max_length=2)
    street: str = Field("", max_length=160)
    postcode: str = Field("", max_length=20)
    city: str = Field("", max_length=80)
    vat_number: str = Field("", max_length=20)
    language: Literal["en", "es", "fr", "ar"] = "en"


class QuoteIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    trade: str = Field("any", max_length=40)
    first_day: date
    last_day: date
    lines: list[LineIn] = Field(min_length=1, max_length=50)
    client: ClientIn
    note: str = Field("", max_length=1000)
    untaxed: bool = False


class LineOut(Schema):
    text: str
    minor: int


class OrderRow(Schema):
    id: int
    number: int
    activity: int
    title: str
    state: str
    client: str
    net: AmountOut
    total: AmountOut
    due_on: date | None


class CreditNoteOut(Schema):
    """`back` was paid already and is the client’s again; `lost` is what the co-op bears."""

    id: int
    number: str
    invoice: int
    reason: str
    at: datetime
    amount: AmountOut
    back: AmountOut
    lost: AmountOut


class RemarkOut(Schema):
    text: str
    is_clients: bool
    made_at: datetime


class OrderOut(OrderRow):
    """`labor` is what the fee leaves; `owed` what the client still owes, `advanced` what the guarantee fund has out for it.

    `received` was paid of it, `credited` taken off by credit notes; `credit` is what the client has with the co-op.
    """

    trade: str
    first_day: date
    last_day: date
    lines: list[LineOut]
    vat: AmountOut
    vat_rate: str
    fee: AmountOut
    labor: AmountOut
    owed: AmountOut
    advanced: AmountOut
    not_guaranteed: str
    confirmed_at: datetime | None
    confirmed_name: str
    confirmed_digest: str
    invoice: int | None
    reference: str
    reminders: int
    paid_at: datetime | None
    defaulted_at: datetime | None
    version: int
    received: AmountOut
    credited: AmountOut
    credit: AmountOut
    credit_notes: list[CreditNoteOut]
    remarks: list[RemarkOut]


class OrdersOut(Schema):
    items: list[OrderRow]
    next: str | None


class QuoteOut(Schema):
    """A quote as its client reads it. `digest` is that of the text: send it back to say yes to exactly this."""

    number: int
    coop: str
    title: str
    state: str
    first_day: date
    last_day: date
    lines: list[LineOut]
    note: str
    net: AmountOut
    vat: AmountOut
    total: AmountOut
    digest: str
    confirmed_at: datetime | None
    confirmed_name: str
    due_on: date | None
    reference: str
    received: AmountOut
    to_pay: AmountOut
    credit_notes: list[CreditNoteOut]
    remarks: list[RemarkOut]


class DeclineIn(Schema):
    reason: str = Field("", max_length=1000)


class TextIn(Schema):
    text: str = Field(min_length=1, max_length=1000)


class CreditIn(Schema):
    """`minor` is before tax; without it, all that is left is credited."""

    minor: int | None = Field(None, gt=0, le=10**11)
    reason: str = Field(min_length=1, max_length=300)


class SetOffIn(Schema):
    target: int = Field(description="Another order of the same client, which is owed.")


class ConfirmIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    digest: str = Field(min_length=64, max_length=64)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=400)


class ContractIn(Schema):
    """`means` says what the amount is: the gross wage, all that the contract costs, or what is left of it."""

    worker: int = Field(description="The membership of whoever works.")
    trade: str = Field("any", max_length=40)
    first_day: date
    last_day: date
    days: int = Field(ge=1, le=400)
    part: str = Field("1", max_length=10)
    minor: int = Field(gt=0, le=10**11)
    means: Literal["gross", "cost", "net"] = "gross"
    order: int | None = None


class ContractOut(Schema):
    id: int
    activity: int
    order: int | None
    worker: str
    trade: str
    first_day: date
    last_day: date
    days: int
    part: str
    cost: AmountOut
    gross: AmountOut
    net: AmountOut
    pay_by: date
    state: str
    paid_at: datetime | None
    advanced: AmountOut


class ContractsOut(Schema):
    items: list[ContractOut]
    next: str | None


class OutlayIn(Schema):
    purpose: str = Field(min_length=1, max_length=200)
    minor: int = Field(gt=0, le=10**11)


class ReceiptOut(Schema):
    id: int
    name: str
    media_type: str
    size_bytes: int


class OutlayOut(Schema):
    id: int
    activity: int
    purpose: str
    amount: AmountOut
    asked_by: str
    state: str
    reason: str
    asked_at: datetime
    receipts: list[ReceiptOut]


class OutlaysOut(Schema):
    items: list[OutlayOut]
    next: str | None


class OwedOut(Schema):
    order: int
    number: int
    client: str
    amount: AmountOut
    due_on: date | None
    days_late: int
    advanced: AmountOut


class CreditOut(Schema):
    order: int
    number: int
    client: str
    amount: AmountOut


class OfficeOut(Schema):
    """The guarantee fund: what is free, advanced, and may yet be asked of it; for how many usual days it lasts."""

    free: AmountOut
    advanced: AmountOut
    foreseen: AmountOut
    coverage_days: int | None
    owed: list[OwedOut]
    short: list[ContractOut]
    credits: list[CreditOut]


class PutIn(Schema):
    minor: int = Field(gt=0, le=10**12)


class WorkedOut(Schema):
    price: AmountOut
    fee: AmountOut
    labor: AmountOut
    cost: AmountOut
    rest: AmountOut
    employer: AmountOut
    provisions: AmountOut
    gross: AmountOut
    worker: AmountOut
    tax: AmountOut
    net: AmountOut


class TradeOut(Schema):
    id: str
    name: str
    floor: AmountOut

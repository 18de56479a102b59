from datetime import date, datetime
from typing import Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class AmountOut(Schema):
    minor: int
    currency: str
    text: str


class PlanOut(Schema):
    id: int
    worker: str
    payer: str
    rhythm: str
    method: str
    amount: AmountOut
    state: str
    next_on: date | None
    card_hint: str
    ended_because: str


class PlansOut(Schema):
    items: list[PlanOut]
    next: str | None


class ContributionOut(Schema):
    id: int
    worker: str
    kind: str
    amount: AmountOut
    state: str
    note: str
    try_at: datetime | None
    asked_at: datetime


class ContributionsOut(Schema):
    items: list[ContributionOut]
    next: str | None


class DrawOut(Schema):
    id: int
    wallet: int
    what: str
    count: int
    credits: int
    amount: AmountOut
    way: str
    account: str
    note: str
    state: str
    reason: str
    batch: int | None
    asked_at: datetime


class WalletOut(Schema):
    """`credits` is what there is, `free` what may still be asked for. `give` is the address for clients."""

    id: int
    worker: str
    balance: AmountOut
    credits: int
    free: int
    half_day: int
    day: int
    give: str
    clients: list[PlanOut]
    requests: list[DrawOut]
    paid_in: list[ContributionOut]


class KeptOut(Schema):
    coop: str
    url: str
    balance: AmountOut
    credits: int


class TermsOut(Schema):
    is_open: bool
    minimum: AmountOut
    suggested: AmountOut
    credit: AmountOut
    half_day: int
    day: int
    relief: AmountOut
    bylaws_version: int


class PhoneIn(Schema):
    phone: str = Field(min_length=5, max_length=40)
    language: str = Field("en", max_length=10)


class ClaimIn(PhoneIn):
    name: str = Field(min_length=1, max_length=120)


class InvitationOut(Schema):
    role: str
    phone: str
    worker: str
    give: str
    invited_at: datetime
    answered_at: datetime | None
    expires_at: datetime


class InvitationsOut(Schema):
    items: list[InvitationOut]
    next: str | None


class OpenedOut(Schema):
    id: int
    worker: str
    give: str


class GiveIn(Schema):
    minor: int = Field(gt=0, le=10**9)
    rhythm: Literal["month", "visit", "once"]
    method: Literal["card", "transfer", "cash"] = "card"


class DebitIn(Schema):
    """The account is that of a mandate you gave before; with `name` and `iban` you give one now."""

    minor: int = Field(gt=0, le=10**9)
    rhythm: Literal["month", "visit"]
    name: str = Field("", max_length=70)
    iban: str = Field("", max_length=42)


class BringIn(Schema):
    minor: int = Field(gt=0, le=10**9)
    note: str = Field(min_length=1, max_length=120)


class ToPayOut(Schema):
    """Where it is paid, and what to write on a transfer."""

    payment: str
    page: str
    method: str
    state: str
    reference: str
    amount: AmountOut


class AmountIn(Schema):
    minor: int = Field(gt=0, le=10**9)


class TakeIn(Schema):
    what: Literal["half_day", "day", "insurance", "carry"]
    count: int = Field(1, ge=1, le=60)
    minor: int | None = Field(None, gt=0, le=10**9)
    way: Literal["transfer", "voucher", "cash"]
    account: str = Field("", max_length=160)
    note: str = Field("", max_length=160)


class ReliefOut(Schema):
    id: int
    name: str
    phone: str
    need: str
    amount: AmountOut
    way: str
    account: str
    state: str
    reason: str
    batch: int | None
    asked_at: datetime


class BatchOut(Schema):
    number: int
    total: AmountOut
    prepared_by: str
    prepared_at: datetime
    approved_by: str
    approved_at: datetime | None
    dropped_at: datetime | None
    requests: list[DrawOut]
    help: list[ReliefOut]


class BatchesOut(Schema):
    items: list[BatchOut]
    next: str | None


class WaitsOut(Schema):
    requests: list[DrawOut]
    help: list[ReliefOut]
    solidarity_fund: AmountOut


class ReasonIn(Schema):
    reason: str = Field("", max_length=400)


class CountIn(Schema):
    count: int = Field(ge=1, le=100)


class CodesOut(Schema):
    codes: list[str]
    page: str


class HelpIn(Schema):
    code: str = Field(min_length=1, max_length=30)
    name: str = Field(min_length=1, max_length=120)
    phone: str = Field(min_length=5, max_length=40)
    need: str = Field(min_length=1, max_length=400)
    is_true: bool
    way: Literal["transfer", "voucher", "cash"]
    account: str = Field("", max_length=160)


class HelpOut(Schema):
    amount: AmountOut
    state: str
    asked_at: datetime


class ValueOut(Schema):
    id: str
    name: str


class ActionOut(Schema):
    value: str
    what: str


class PledgeOut(Schema):
    id: int
    name: str
    website: str
    state: str
    reason: str
    since: date | None
    ended_on: date | None
    actions: list[ActionOut]


class PledgesOut(Schema):
    values: list[ValueOut]
    items: list[PledgeOut]
    next: str | None


class PledgeIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    website: str = Field("", max_length=200, pattern=r"^(https?://\S+)?$")
    actions: dict[str, str]


class GiveBackIn(Schema):
    minor: int = Field(gt=0)
    reason: str = Field(max_length=400)


class GiveBackOut(Schema):
    id: int
    contribution: int
    amount: AmountOut
    reason: str
    asked_by: str
    asked_at: datetime
    agreed_at: datetime | None
    dropped_at: datetime | None

from datetime import date, datetime
from uuid import UUID

from ninja import Schema


class QuarterOut(Schema):
    consideration: int
    activities: int
    fees: int


class RecordOut(Schema):
    membership: int
    name: str
    legal_name: str
    address: str
    country: str
    tax_number: str
    vat_number: str
    registration: str
    born_on: date | None
    kind: str
    currency: str
    status: str
    quarters: dict[str, QuarterOut]


class PartOut(Schema):
    text: str
    minor: int


class PayoutLineOut(Schema):
    at: datetime
    label: str
    minor: int
    parts: list[PartOut]


class PayoutStatementOut(Schema):
    payout: UUID
    holder: str
    state: str
    currency: str
    amount_minor: int
    opening_minor: int
    closing_minor: int
    lines: list[PayoutLineOut]
    is_cut: bool

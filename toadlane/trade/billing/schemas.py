from datetime import date, datetime
from uuid import UUID

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class OrderInvoiceOut(Schema):
    id: int
    number: str
    type_code: str = Field(description="380 is an invoice, 381 a credit note (UNTDID 1001).")
    role: str = Field(description="supply: what was bought; commission: the platform’s fee.")
    issued_on: date
    currency: str
    gross_minor: int


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
    place: str = Field(description="Of a property that is let: each is reported by itself.")
    currency: str
    status: str
    quarters: dict[str, QuarterOut]


class ReportOut(Schema):
    """A message that was made to be handed in."""

    id: int
    number: int = Field(description="Of the year’s messages, from 1.")
    reference: str
    kind: str = Field(description="DPI401 new data, DPI402 corrections, DPI403 nothing to report.")
    made_at: datetime
    made_by: str
    digest: str


class LackOut(Schema):
    """A seller of whom the report lacks something. Asked once, and again after 20 and 40 days."""

    membership: int
    name: str
    fields: list[str]
    asked_at: datetime | None
    reminded_at: datetime | None
    warned_at: datetime | None
    is_withheld: bool = Field(description="Their pay waits until they have said it.")


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

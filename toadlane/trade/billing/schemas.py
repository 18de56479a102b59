from datetime import date

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

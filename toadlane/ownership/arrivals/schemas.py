from datetime import datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema

LARGEST = 3 * 1024 * 1024


class FilesIn(Schema):
    members: str = Field(max_length=LARGEST, description="CSV: number, name, class, joined_on; email, phone, kind.")
    shares: str = Field("", max_length=LARGEST, description="CSV: member, share_class, shares; paid, on.")
    loans: str = Field("", max_length=LARGEST, description="CSV: member, principal, interest (percent a year), ends_on; owed.")
    balances: str = Field("", max_length=LARGEST, description="CSV: account, debit, credit; member.")


class FaultOut(Schema):
    file: str
    line: int = Field(description="As an editor counts; 0 for the file as a whole.")
    column: str
    wrong: str
    todo: str


class PlanOut(Schema):
    id: int | None
    digest: str
    members: int
    shares: int
    loans: int
    lent_minor: int
    owed_minor: int = Field(description="Interest on loans that is owed already.")
    balances: int
    capital_minor: int
    unpaid_minor: int
    currency: str
    is_good: bool
    faults: list[FaultOut]
    more_faults: int


class ArrivalOut(Schema):
    digest: str
    members: int
    shares: int
    loans: int
    balances: int
    made_at: datetime

from datetime import date, datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class DetailsIn(Schema):
    membership: int | None = Field(None, description="None is the co-op's own account.")
    name: str = Field(min_length=1, max_length=70)
    iban: str = Field(min_length=5, max_length=42)


class DetailsOut(Schema):
    name: str
    iban: str = Field(description="Country and the last four.")
    usable_from: datetime


class KnownDetailsOut(DetailsOut):
    membership: int | None


class StatementIn(Schema):
    xml: str = Field(min_length=1, max_length=12_000_000, description="camt.053")


class ImportedOut(Schema):
    read: int
    known: int
    matched: int
    doubtful: int


class LineOut(Schema):
    id: int
    booked_on: date
    name: str
    text: str
    end_to_end: str
    state: str
    why: str
    subject: str
    currency: str
    amount_minor: int


class LinesOut(Schema):
    items: list[LineOut]
    next: str | None


class SettleIn(Schema):
    payment: str = Field(max_length=40)


class WhyIn(Schema):
    why: str = Field(min_length=1, max_length=200)


class BatchIn(Schema):
    pays_on: date


class BatchOut(Schema):
    id: int
    digest: str
    count: int
    currency: str
    total_minor: int
    pays_on: date
    approved_at: datetime | None
    dropped_at: datetime | None
    booked_at: datetime | None


class CreditorIn(Schema):
    identifier: str = Field(min_length=8, max_length=50, description="AT-02, such as DE98ZZZ09999999999.")


class CreditorOut(Schema):
    identifier: str
    given_at: datetime


class MandateIn(Schema):
    """Without a membership it is your own, as a person: for what you promised here without being a member."""

    membership: int | None = None
    name: str = Field(min_length=1, max_length=70)
    iban: str = Field(min_length=5, max_length=42)


class MandateOut(Schema):
    membership: int | None = Field(validation_alias="membership_id")
    reference: str
    name: str
    iban: str = Field(validation_alias="shown", description="Country and the last four.")
    creditor: str
    text: str = Field(description="What was signed, in the language in which it was read.")
    language: str
    signed_at: datetime
    ended_at: datetime | None


class CollectionIn(Schema):
    collects_on: date


class CollectionOut(Schema):
    id: int
    digest: str
    count: int
    currency: str
    total_minor: int
    collects_on: date
    creditor: str
    approved_at: datetime | None
    dropped_at: datetime | None
    booked_at: datetime | None


class WishIn(Schema):
    membership: int
    every: str = Field(description="`day`, `week`, `month` or `hold`.", max_length=5)
    least_minor: int = Field(0, ge=0, le=10**12, description="Below this it is left to come together.")


class WishOut(Schema):
    membership: int = Field(validation_alias="membership_id")
    every: str
    least_minor: int
    longest_hold_days: int = Field(description="What has been due for so long is paid whatever was wished.")

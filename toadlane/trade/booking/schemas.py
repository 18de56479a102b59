from datetime import date, datetime, time
from typing import Annotated, Literal

from ninja import Field
from pydantic import AfterValidator

from toadlane.plumbing.access.schema import Schema


def _local(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a time of the resource's own place, such as 09:00, without an offset")
    return value


LocalTime = Annotated[time, AfterValidator(_local)]
Unit = Literal["hour", "day", "night"]


class ResourceIn(Schema):
    name: str = Field(max_length=120)
    time_zone: str = Field(max_length=64, examples=["Europe/Dublin"])
    listing_id: int | None = Field(None, ge=1, lt=2**63)
    membership_id: int | None = Field(None, ge=1, lt=2**63)
    unit: Unit = "hour"
    capacity: int = Field(1, ge=1, le=500)
    before_minutes: int = Field(0, ge=0, le=1440)
    after_minutes: int = Field(0, ge=0, le=1440)
    slot_minutes: int = Field(60, ge=5, le=1440)
    check_in: LocalTime | None = None
    check_out: LocalTime | None = None
    is_always_open: bool = False


class ResourceChange(Schema):
    name: str | None = Field(None, max_length=120)
    time_zone: str | None = Field(None, max_length=64)
    unit: Unit | None = None
    capacity: int | None = Field(None, ge=1, le=500)
    before_minutes: int | None = Field(None, ge=0, le=1440)
    after_minutes: int | None = Field(None, ge=0, le=1440)
    slot_minutes: int | None = Field(None, ge=5, le=1440)
    check_in: LocalTime | None = None
    check_out: LocalTime | None = None
    is_always_open: bool | None = None


class ResourceOut(ResourceIn):
    id: int


class Resources(Schema):
    items: list[ResourceOut]
    next: str | None


class WindowIn(Schema):
    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    opens: LocalTime
    closes: LocalTime


class DaysIn(Schema):
    first_on: date
    last_on: date
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    note: str = Field("", max_length=120)


class DaysOut(DaysIn):
    id: int


class PlanOut(Schema):
    week: list[WindowIn]
    exceptions: list[DaysOut]


class WeekIn(Schema):
    week: list[WindowIn] = Field(max_length=70)


class SlotOut(Schema):
    starts: datetime
    ends: datetime
    free: int


class EntryOut(Schema):
    allocation_id: int
    starts: datetime
    ends: datetime
    kind: Literal["booking", "block", "outside"]
    label: str
    units: int
    is_held: bool
    subject: str


class BlockIn(Schema):
    starts: datetime
    ends: datetime
    units: int | None = Field(None, ge=1, le=500, description="All of them when left out.")
    note: str = Field("", max_length=120)


class BlockOut(Schema):
    allocation_ids: list[int]


class FeedOut(Schema):
    id: int
    url: str
    made_at: datetime


class OutsideIn(Schema):
    name: str = Field(max_length=80)
    address: str = Field("", max_length=500)
    content: str = Field("", max_length=2_000_000)


class OutsideOut(Schema):
    id: int
    name: str
    address: str
    read_at: datetime | None
    trouble: str
    clashes: int

from datetime import datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class TaskOut(Schema):
    position: int
    room: str
    text: str
    note: str
    ticked_at: datetime | None


class JobOut(Schema):
    id: int
    subject: str
    title: str
    starts: datetime
    ends: datetime
    area: str
    skills: list[str]
    state: str
    membership_id: int | None
    worker: str | None
    worker_id: int | None


class JobWhole(JobOut):
    earliest_at: datetime | None = Field(description="When it may be begun: on its day, or in the last hour before it.")
    tasks: list[TaskOut]


class Jobs(Schema):
    items: list[JobOut]
    next: str | None


class OfferOut(Schema):
    id: int
    job: JobOut
    membership_id: int
    state: str
    reason: str = Field(description="Why this member is asked.")
    offered_at: datetime
    expires_at: datetime


class JobFeedOut(Schema):
    url: str = Field(description="Secret: whoever has it reads the jobs you are sent to, as iCalendar.")
    made_at: datetime


class AssignIn(Schema):
    worker_id: int | None = Field(None, ge=1, lt=2**63, description="Nobody when the member is a person and goes themselves.")


class TickIn(Schema):
    done: bool
    note: str = Field("", max_length=500)

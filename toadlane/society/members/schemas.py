from datetime import date, datetime

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class ClassOut(Schema):
    id: str
    names: dict[str, str]
    who: list[str]
    rights: list[str]
    college: str
    probation: bool
    questions: list[dict[str, object]]


class MemberOut(Schema):
    id: int
    number: int | None
    name: str
    member_class: str
    standing: str
    is_organisation: bool
    joined_on: date | None
    probation_until: date | None
    leaving_on: date | None


class MembersOut(Schema):
    items: list[MemberOut]
    next: str | None


class ApplyIn(Schema):
    member_class: str
    answers: dict[str, str] = Field(default_factory=dict, description="By the id of the question in the bylaws.")
    organisation: str = ""


class ApplicationOut(Schema):
    id: int
    membership: MemberOut
    answers: list[dict[str, str]]
    applied_on: date
    decide_by: date
    silence_admits: bool
    outcome: str
    reason: str
    appeal_until: date | None


class ApplicationsOut(Schema):
    items: list[ApplicationOut]
    next: str | None


class ReasonIn(Schema):
    reason: str = ""


class TextIn(Schema):
    text: str


class AgreeIn(Schema):
    version: int


class WorkerIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    about: str = Field("", max_length=200)
    contact: str = Field(
        "", max_length=120, description="The e-mail address or phone number of their account: they see their jobs there."
    )


class WorkerOut(Schema):
    id: int
    name: str
    about: str
    since: date
    has_account: bool = Field(description="Whether they see their jobs on a desk of their own.")


class DelegateIn(Schema):
    contact: str = Field(max_length=120, description="The e-mail address or phone number that they signed up with.")


class DelegateOut(Schema):
    id: int
    name: str
    since: date


class OfficeOut(Schema):
    office: str
    name: str
    since: date
    until: date | None


class WaitingOut(Schema):
    title: str
    detail: str
    url: str
    action: str
    at: datetime | None


class ChargesIn(Schema):
    charges: str = Field(min_length=1, max_length=8000)


class HearingOut(Schema):
    id: int
    membership: int
    name: str
    charges: str
    opened_on: date
    answer_until: date
    answer: str
    settled_by: str

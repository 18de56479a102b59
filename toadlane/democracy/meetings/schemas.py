from datetime import date, datetime
from typing import Any, Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema

Id = Field(ge=1, lt=2**62)


class MeetingIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    about: str = Field("", max_length=4000)
    starts_at: datetime
    second_at: datetime | None = None
    place: str = Field("", max_length=200)
    link: str = Field("", max_length=300, pattern=r"^(https?://\S+)?$")
    alternates: bool = False
    is_urgent: bool = False
    urgent_because: str = Field("", max_length=1000)


class NewMeeting(MeetingIn):
    office: str = Field("", max_length=40, description="Whose meeting; empty for a general meeting.")
    demand: int | None = Field(None, ge=1, lt=2**62, description="The members who asked for it.")


class ItemIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    kind: Literal["free", "report", "proposal", "election"] = "free"
    subject: str = Field("", max_length=60, description="What is voted on: proposal:31 or election:4.")
    text: str = Field("", max_length=4000)
    minutes: int | None = Field(None, ge=1, le=600)


class ItemOut(Schema):
    id: int
    position: int
    kind: str
    title: str
    text: str
    subject: str
    minutes: int | None
    origin: str
    matter: str
    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    notes: str
    conclusion: str
    ballot: str


class QuorumOut(Schema):
    whole: int
    present: int
    needed: int
    call: int
    by_mode: dict[str, int]
    is_met: bool


class WindowOut(Schema):
    earliest: date
    latest: date | None
    law: str


class DeliveryOut(Schema):
    people: int
    written: int
    unreachable: int
    failed: int
    read: int


class HelperOut(Schema):
    id: int
    person: int
    name: str
    task: str


class MeetingOut(Schema):
    number: int
    kind: str
    office: str
    title: str
    about: str
    place: str
    link: str
    starts_at: datetime
    second_at: datetime | None
    is_urgent: bool
    urgent_because: str
    alternates: bool
    state: str
    called_at: datetime | None
    items_until: datetime | None
    opened_at: datetime | None
    opened_call: int | None
    opened_with: dict[str, int]
    closed_at: datetime | None
    cancelled_because: str
    bylaws_version: int | None


class MeetingsOut(Schema):
    items: list[MeetingOut]
    next: str | None


class WholeMeeting(MeetingOut):
    items: list[ItemOut]
    quorum: QuorumOut
    window: WindowOut = Field(description="When it may be, were it called now.")
    told: DeliveryOut | None
    helpers: list[HelperOut]


class Reason(Schema):
    reason: str = Field(min_length=1, max_length=2000)


class DemandIn(Schema):
    title: str = Field(min_length=1, max_length=160)
    text: str = Field(min_length=1, max_length=4000)
    meeting: int | None = Field(None, ge=1, lt=2**31, description="An item for this meeting; without it, a general meeting.")
    subject: str = Field("", max_length=60)


class DemandOut(Schema):
    id: int
    meeting: int | None
    title: str
    text: str
    opened_at: datetime
    closes_at: datetime
    whole: int
    needed: int
    support: int
    reached_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None


class DemandsOut(Schema):
    items: list[DemandOut]
    next: str | None


class InvitationOut(Schema):
    id: int
    name: str
    number: int | None
    member_class: str
    is_there: bool
    mode: str


class RollOut(Schema):
    items: list[InvitationOut]
    next: str | None


class CheckInIn(Schema):
    mode: Literal["room", "remote"] = "room"
    invitation: int | None = Field(None, ge=1, lt=2**62, description="For which member, where you may come for several.")


class DoorIn(Schema):
    invitation: int = Id
    person: int = Id
    mode: Literal["room", "remote"] = "room"


class LeaveIn(Schema):
    invitation: int = Id


class PresenceOut(Schema):
    invitation: int
    person: str
    deed: str
    mode: str
    at: datetime


class ProxyIn(Schema):
    giver: int = Id
    holder: int = Id
    text: str = Field(min_length=1, max_length=2000)


class ProxyOut(Schema):
    id: int
    giver: str
    holder: str
    given_at: datetime
    revoked_at: datetime | None


class HelperIn(Schema):
    invitation: int = Id
    person: int | None = Field(None, ge=1, lt=2**62, description="Which delegate, for an organisation with several.")
    task: Literal["chair", "minutes", "door", "teller", "signer"]


class NotesIn(Schema):
    notes: str = Field("", max_length=20_000)
    conclusion: str = Field("", max_length=4000)


class ConclusionIn(Schema):
    conclusion: str = Field("", max_length=4000)


class FloorIn(Schema):
    matter: Literal["another_meeting", "audit", "longer", "liability", "recall"]
    title: str = Field("", max_length=160)


class HandOut(Schema):
    person: int
    name: str
    raised_at: datetime
    called_at: datetime | None


class SpeakersOut(Schema):
    speaking: HandOut | None
    queue: list[HandOut]


class MotionIn(Schema):
    text: str = Field(min_length=1, max_length=300)


class CountIn(Schema):
    votes_for: int = Field(ge=0, le=1_000_000)
    votes_against: int = Field(ge=0, le=1_000_000)
    abstained: int = Field(ge=0, le=1_000_000)


class MotionOut(Schema):
    id: int
    text: str
    present: int
    votes_for: int | None
    votes_against: int | None
    abstained: int | None
    counted_at: datetime | None
    is_carried: bool


class VoteIn(Schema):
    minutes: int = Field(15, ge=2, le=7 * 24 * 60, description="How long it is open.")


class VoteOut(Schema):
    ballot: int = Field(description="Its number: votes are cast at /ballots.")
    question: str
    is_open: bool
    closes_at: datetime
    voted: int
    size: int
    outcome: str
    decision: str
    lines: list[str]
    figures: dict[str, int]


class HereOut(Schema):
    place: int
    name: str
    mode: str


class HandsIn(Schema):
    places: list[int] = Field(min_length=1, max_length=500, description="Whose they are, by their place on the roll.")
    choices: list[Any] = Field(min_length=1, max_length=500, description="As a vote's choice; in a secret ballot in any order.")


class HandsOut(Schema):
    state: str = Field(description="once: waits for a second teller; agreed: counted")
    count: int


class RemarkIn(Schema):
    kind: Literal["objection", "statement"]
    text: str = Field(min_length=1, max_length=4000)
    item: int | None = Field(None, ge=1, lt=2**62)


class RemarkOut(Schema):
    kind: str
    name: str
    text: str
    at: datetime


class ReviseIn(Schema):
    opening: str | None = Field(None, max_length=20_000)
    closing: str | None = Field(None, max_length=20_000)
    items: dict[int, NotesIn] = Field(default_factory=dict)


class WordsIn(Schema):
    text: str = Field(min_length=1, max_length=4000)


class AnswerIn(Schema):
    accept: bool
    answer: str = Field("", max_length=4000)


class CorrectionOut(Schema):
    id: int
    name: str
    text: str
    is_accepted: bool | None
    answer: str


class MinutesOut(Schema):
    state: str = Field(description="draft, circulated or approved")
    revision: int
    due_on: date
    document: dict[str, Any]
    corrections: list[CorrectionOut]
    missing: list[str] = Field(description="Whose approval is still needed.")
    number: int | None = None
    hash: str = ""
    signature: str = ""
    key_id: str = ""
    file: str = Field("", description="Fingerprint of the PDF.")


class PageOut(Schema):
    number: int
    meeting: int
    title: str
    approved_at: datetime
    previous_hash: str
    hash: str
    signature: str
    key_id: str


class BookOut(Schema):
    items: list[PageOut]
    next: str | None


class DutyOut(Schema):
    key: str
    title: str
    law: str
    due_on: date
    is_late: bool


class DutyDoneOut(Schema):
    key: str
    title: str
    law: str
    due_on: date
    note: str = Field(description="Where it is found.")
    name: str
    done_at: datetime


class DutiesOut(Schema):
    owed: list[DutyOut]
    done: list[DutyDoneOut]


class DutyIn(Schema):
    key: str = Field(max_length=80)
    note: str = Field(min_length=1, max_length=2000)

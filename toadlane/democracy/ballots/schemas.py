from datetime import datetime
from typing import Any

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class OptionOut(Schema):
    id: str
    label: str
    text: str = ""


class GroupOut(Schema):
    name: str
    members: int
    voted: int


class AbsentOut(Schema):
    name: str
    members: int
    why: str = Field(description="`not_on_roll` or `nobody_voted`.")


class QuorumOut(Schema):
    of: str = Field(description="The class it is about; empty for the whole.")
    counted: int
    needed: int
    reached: bool


class AskedIn(Schema):
    proposal: int = Field(ge=1, le=10**9)


class AskedOut(Schema):
    """How many ask for a secret vote, of how many, and how many it takes."""

    names: int
    whole: int
    needed: int
    at_meeting: bool = Field(description="Whether they are counted of those at the meeting, and not of the roll.")


class DoorOut(Schema):
    """What to do before one can vote, and where."""

    words: str
    url: str


class EntryOut(Schema):
    """A vote that is yours to cast: your own, your organisation's, or one whose proxy you hold."""

    place: int
    name: str
    has_voted: bool
    may_cast: bool
    is_proxy: bool
    door: DoorOut | None = Field(None, description="In a meeting: how to come in, while one has not.")
    choice: Any = Field(None, description="What was cast, where it is not secret.")


class BallotOut(Schema):
    number: int
    name: str
    proposal: int
    round: int
    question: str
    state: str
    method: str
    secrecy: str
    replaceable: bool
    opens_at: datetime
    closes_at: datetime
    roll_size: int
    hash: str
    outcome: str = ""


class BallotsOut(Schema):
    items: list[BallotOut]
    next: str | None


class BallotDetailOut(BallotOut):
    options: list[OptionOut]
    params: dict[str, Any]
    voted: int
    quorums: list[QuorumOut]
    groups: list[GroupOut]
    absent: list[AbsentOut] = Field(description="Groups with no voice in this.")
    hides_little: bool = Field(description="Whether so few can vote that a secret ballot hides little.")
    mine: list[EntryOut]
    lines: list[str] = Field(description="The result in plain words.")
    elected: list[str] = []


class VoteIn(Schema):
    entry: int | None = Field(None, ge=1, le=10**9, description="The place on the roll; needed where you may cast several.")
    choice: Any = Field(
        description="An option's id; a list of ids from best to worst, equals in lists of their own; or whole numbers by id."
    )
    reason: str = Field("", max_length=2000)


class ReceiptOut(Schema):
    """Of a secret vote. It is told once and kept nowhere; throw the nonce away if anybody might make you show it."""

    digest: str
    tracker: str
    nonce: str


class CastOut(Schema):
    receipt: ReceiptOut | None


class LineOut(Schema):
    place: int
    digest: str


class RollEntryOut(Schema):
    place: int
    number: int
    seat: int
    member_class: str
    college: str
    weight: int


class RollOut(Schema):
    items: list[RollEntryOut]
    next: str | None


class ResultOut(Schema):
    result: dict[str, Any]
    hash: str
    signature: str
    key_id: str
    public_key: str | None


class PapersOut(Schema):
    options: list[OptionOut]
    papers: list[dict[str, Any]] = Field(description="`choice`, `college`, `weight` and how many such papers there are.")


class WordsIn(Schema):
    act: str = Field(min_length=1, max_length=24)
    text: str = Field("", max_length=4000)
    about: str = Field("", max_length=80, description="A place on the roll, or the name of an expert.")


class SaidOut(Schema):
    number: int
    place: int | None
    name: str
    act: str
    about: str
    text: str
    at: datetime


class TalkOut(Schema):
    state: str
    outcome: str
    round: int
    awaited: list[str]
    said: list[SaidOut]


class BoxIn(Schema):
    label: str = Field("", max_length=120)
    places: list[int] = Field(min_length=1, max_length=500)
    choices: list[Any] = Field(min_length=1, max_length=500)


class BoxOut(Schema):
    id: int
    label: str
    count: int
    state: str


class ProxyIn(Schema):
    entry: int = Field(ge=1, le=10**9, description="Whose vote it is: the place on the roll.")
    member: int = Field(ge=1, le=10**9, description="Who holds it: their number in the register.")


class ProxyOut(Schema):
    entry: int
    holder: int


class DelegationIn(Schema):
    member: int = Field(ge=1, le=10**9, description="Who votes for you: their number in the register.")
    ballot: int | None = Field(None, ge=1, le=10**9, description="In this ballot alone.")


class DelegationOut(Schema):
    id: int
    giver: str
    receiver: str
    ballot: int | None
    given_at: datetime


class PresentIn(Schema):
    present: int = Field(ge=0, le=10**7)


class TieIn(Schema):
    passed: bool
    reason: str = Field(min_length=1, max_length=2000)


class ElsewhereIn(Schema):
    text: str = Field(
        max_length=1_000_000,
        description="The result file, as it was published. A larger one is brought on the page of the ballot.",
    )


class DigestIn(Schema):
    digest: str = Field(min_length=64, max_length=64)


class ElsewhereOut(Schema):
    digest: str
    counts: dict[str, int]
    is_confirmed: bool


class ClassIn(Schema):
    member_class: str = Field(max_length=40)


class ClassOut(Schema):
    member_class: str


class SilentOut(Schema):
    count: int
    names: list[str]

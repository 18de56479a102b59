from datetime import datetime
from typing import Any

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class ProvenanceOut(Schema):
    version: int
    # Both empty of a rule that the members have not decided.
    decision: str
    decided_on: datetime | None
    url: str


class AdoptionOut(Schema):
    """The op by which members would adopt a rule as it holds now; value, guard and words are theirs to choose."""

    rule: str
    expect: None
    adopt: dict[str, Any]
    set: Any
    procedure: str
    text: dict[str, str]


class RuleOut(Schema):
    id: str
    type: str
    value: Any
    unit: str
    tier: str
    procedure: str
    delay_days: int
    applies_from: str
    floor: dict[str, Any] | None
    cap: dict[str, Any] | None
    only: dict[str, Any] | None = Field(description="The only values that the law allows, where it allows no others.")
    text: dict[str, str]
    reads: str
    guard: str
    is_decided: bool
    decided: ProvenanceOut
    # Of a rule that the members have not decided.
    adoption: AdoptionOut | None


class BylawsOut(Schema):
    version: int
    hash: str
    pack: str
    enacted_at: datetime
    rules: list[RuleOut]
    undecided: list[RuleOut]
    procedures: dict[str, Any]
    organs: dict[str, Any]


class VersionOut(Schema):
    number: int
    decision: str
    enacted_at: datetime
    changed: list[str]
    previous_hash: str
    hash: str


class ChainOut(Schema):
    versions: int
    first_broken_link: int | None


class SignatureOut(Schema):
    name: str
    signed_at: datetime


class FoundingOut(Schema):
    version: VersionOut
    signatures: list[SignatureOut]

from datetime import datetime
from typing import Any

from ninja import Schema


class ProvenanceOut(Schema):
    version: int
    decision: str
    decided_on: datetime
    url: str


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
    text: dict[str, str]
    reads: str
    guard: str
    decided: ProvenanceOut


class BylawsOut(Schema):
    version: int
    hash: str
    pack: str
    enacted_at: datetime
    rules: list[RuleOut]
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

from datetime import datetime
from uuid import UUID

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class MoneyOut(Schema):
    minor: int = Field(description="In the smallest unit of the currency; positive is a debit.")
    currency: str
    text: str


class AccountOut(Schema):
    code: str
    name: str
    kind: str = Field(description="asset, liability, equity, income or expense")
    is_restricted: bool
    balance: MoneyOut


class HolderOut(Schema):
    holder: str
    name: str
    balance: MoneyOut


class PostingOut(Schema):
    account: str
    name: str
    amount: MoneyOut
    holder: str
    purpose: str
    rule: str
    rule_version: int | None


class EntryLine(Schema):
    id: UUID
    number: int | None = Field(description="Place in the sealed log; null until it is sealed.")
    at: datetime
    narration: str
    subject: str
    digest: str


class EntriesOut(Schema):
    items: list[EntryLine]
    next: str | None


class ProofOut(Schema):
    entry: str
    number: int
    digest: str
    index: int
    path: list[str] = Field(description="Neighbors from the entry up to the root, nearest first (RFC 6962, SHA-256).")
    seal: dict[str, object] = Field(description="What the hash of the seal is taken over, as canonical JSON.")
    seal_hash: str
    signature: str = Field(description="Ed25519 over the 32 bytes of the hash.")
    key_id: str
    public_key: str


class EntryOut(EntryLine):
    postings: list[PostingOut]
    proof: ProofOut | None


class SealOut(Schema):
    number: int
    first: int
    last: int
    count: int
    root: str
    previous_hash: str
    hash: str
    signature: str
    key_id: str
    sealed_at: datetime


class SealsOut(Schema):
    items: list[SealOut]
    next: str | None

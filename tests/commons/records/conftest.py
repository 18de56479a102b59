"""A co-op with a past: a rule that was voted on and is in force, a secret election, minutes, sealed books and shares."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conftest import run_jobs
from tests.democracy.ballots.conftest import as_member, join, propose
from toadlane.commons.records import services
from toadlane.commons.records.policies.checks import verify
from toadlane.commons.records.policies.variants import Variant
from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots import services as balloting
from toadlane.democracy.meetings.models import ApprovedMinutes, Meeting
from toadlane.democracy.proposals import services as proposing
from toadlane.democracy.proposals.models import Decision
from toadlane.democracy.proposals.queries import procedures
from toadlane.kernel import canonical
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.shares.models import Movement
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import documents
from toadlane.society.people.models import Person

ROLL = {"who": "members", "classes": ["worker"], "min_days": 300}
TRIED = {"kind": "majority", "roll": ROLL, "threshold": "1/2", "op": "gt", "of": "cast", "min_days": 7, "rank": 4}
CHOSEN = {"kind": "election", "roll": ROLL, "method": "stv", "secrecy": "secret", "seats": 2, "min_days": 7, "rank": 2}
NAMES = ("Wilhelmina Okonkwo", "Ragnhild Jääskeläinen", "Thaddeus O’Shaughnessy", "Xóchitl Peña", "Ottoline Vandersloot")


@pytest.fixture(autouse=True)
def _procedures(monkeypatch):
    """Two ways of deciding that stand in the bylaws from the founding on."""
    monkeypatch.setitem(documents.PROCEDURES, "tried", TRIED)
    monkeypatch.setitem(documents.PROCEDURES, "chosen", CHOSEN)


@pytest.fixture
def voters(inside):
    found = join(len(NAMES))
    for one, name in zip(found, NAMES, strict=True):
        Person.objects.filter(pk=one.person_id).update(name=name, email=f"{name.split()[0].lower()}@sparkle.test")
        one.person.refresh_from_db()
    return found


def vote(voters, at, *, procedure: str, contents: Any, title: str, choices: list[Any]):
    """Put something to the vote, vote, and close."""
    job = Principal.job(voters[0].coop_id)
    ballot = balloting.open_ballot(
        proposal=propose(voters[0], at, procedure=procedure, contents=contents, title=title), by=job, at=at
    )
    for voter, choice in zip(voters, choices, strict=False):
        by = as_member(voter)
        balloting.cast(ballot=ballot, entry=ballots.my_entries(ballot, by)[0], choice=choice, by=by, at=at)
    run_jobs()
    ballot.refresh_from_db()
    return balloting.close(ballot=ballot, by=job, at=ballot.closes_at)


@pytest.fixture
def past(inside, voters, at, board, monkeypatch):
    """Let it happen."""
    monkeypatch.setattr(procedures, "faults", lambda *_args, **_more: [])
    op = {"rule": "meetings.minutes_days", "expect": 15, "set": 20}
    contents = [{"kind": "patch", "payload": {"base": bylaws.book().number, "ops": [op]}}]
    choices = ["for", "for", "against", "abstain", "for"]
    vote(voters, at, procedure="tried", contents=contents, title=f"More time, says {NAMES[3]}", choices=choices)
    candidates = [{"person": one.person_id, "name": one.person.name, "statement": ""} for one in voters[:4]]
    payload = {"office": "board", "seats": 2, "method": "stv", "candidates": candidates}
    ids = [str(one["person"]) for one in candidates]
    rankings = [[ids[0], ids[1]], [ids[0], ids[1]], [ids[0], ids[2]], [ids[3]], [ids[2], ids[1]]]
    vote(voters, at, procedure="chosen", contents=[{"kind": "elect", "payload": payload}], title="The board", choices=rankings)
    enactment = Decision.objects.get(number=1).enactment
    proposing.enact(enactment=enactment, by=Principal.job(inside.pk), at=enactment.due_at)
    _books(voters, at, board)
    _minutes(voters, at)
    return inside


def _books(voters, at, board):
    for n, voter in enumerate(voters[:3], 1):
        legs = [Leg("1100", Money(2500 * n, "EUR")), Leg("3000", Money(-2500 * n, "EUR"), holder=f"membership:{voter.pk}")]
        ledger.post(key=f"shares:{n}", narration="Shares", postings=legs, by=board, at=at)
        Movement.objects.create(
            membership=voter, share_class="ordinary", kind="subscribed", shares=n, currency="EUR", nominal_minor=2500 * n,
            key=f"shares:{n}", rule_version=1, on=date(2027, 3, 1), at=at, by="test",
        )  # fmt: skip
    ledger.seal(by=board, at=at)
    legs = [Leg("2100", Money(-700, "EUR")), Leg("1100", Money(700, "EUR"))]
    ledger.post(key="tail", narration="Not sealed yet", postings=legs, by=board, at=at)


def _minutes(voters, at):
    before = ""
    for number in (1, 2):
        kind = {"kind": "general"} if number == 1 else {"kind": "circle", "office": "board"}
        meeting = Meeting.objects.create(
            number=number, title="Spring meeting", starts_at=at, drafted_at=at, drafted_by="test", **kind
        )
        name = voters[number].person.name
        document = {
            "meeting": {"title": "Spring meeting"}, "helpers": [{"task": "chair", "name": name}],
            "attendance": [{"number": 1, "name": name, "member_class": "worker", "stays": []}], "opening": f"{name} opens.",
            "items": [], "remarks": [], "closing": "", "approved_by": [],
        }  # fmt: skip
        row = ApprovedMinutes(number=number, meeting=meeting, document=document, previous_hash=before, approved_at=at)
        row.claim()
        row.hash = canonical.digest(row.contents())
        row.signature, row.key_id = signatures.sign(row.hash)
        row.save(force_insert=True)
        before = row.hash


@dataclass
class Parts:
    """A file taken apart, to be changed and put together again."""

    lines: dict[str, list[Any]]
    manifest: dict[str, Any]
    signature: dict[str, Any]
    extra: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path) -> "Parts":
        with zipfile.ZipFile(file) as packed:
            read = {name: packed.read(name) for name in packed.namelist()}
        lines = {
            name.removesuffix(".jsonl"): [json.loads(line) for line in text.splitlines()]
            for name, text in read.items()
            if name.endswith(".jsonl")
        }
        return cls(lines, json.loads(read["manifest.json"]), json.loads(read["signature.json"]))

    def fix_manifest(self) -> None:
        for name, lines in self.lines.items():
            text = _written(lines)
            digest = hashlib.sha256(text).hexdigest()
            self.manifest["parts"][name] = {"sha256": digest, "lines": len(lines), "bytes": len(text)}

    def sign_as_a_stranger(self) -> None:
        """Sign it all anew, with a key that somebody made for this."""
        self.fix_manifest()
        key = Ed25519PrivateKey.generate()
        digest = hashlib.sha256(canonical.text(self.manifest).encode()).hexdigest()
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        self.signature = {
            "digest": digest, "signature": key.sign(bytes.fromhex(digest)).hex(), "key_id": signatures.id_of(key.public_key()),
            "public_key": public,
        }  # fmt: skip

    def pack(self, file: Path) -> Path:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, lines in self.lines.items():
                packed.writestr(f"{name}.jsonl", _written(lines))
            for name, text in self.extra.items():
                packed.writestr(name, text)
            packed.writestr("manifest.json", canonical.text(self.manifest))
            packed.writestr("signature.json", canonical.text(self.signature))
        return file


def _written(lines: list[Any]) -> bytes:
    return "".join(canonical.text(line) + "\n" for line in lines).encode()


@pytest.fixture
def export(tmp_path, at) -> Callable[..., Path]:
    def write(variant: str = "full") -> Path:
        file, held, by = tmp_path / f"{variant}.zip", io.BytesIO(), Principal.job(current_coop_id())
        services.export(file=held, variant=Variant(variant), by=by, at=at + timedelta(days=60))
        file.write_bytes(held.getvalue())
        return file

    return write


def wrong(file: Path, **more: Any) -> dict[str, list[str]]:
    """Return the faults of a file by invariant; only of those that have some."""
    return {name: found.faults for name, found in verify(file, **more).items() if found.faults}

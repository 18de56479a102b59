"""Proof that an entry is in the books, which anyone can check with the public key and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from toadlane.kernel import canonical, merkle
from toadlane.money.ledger.models import Seal, SealedEntry
from toadlane.plumbing.keys import signatures


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The way from an entry up to a signed seal. `path` lists the neighbors, nearest first (RFC 6962)."""

    entry: str
    number: int
    digest: str
    index: int
    path: list[str]
    seal: dict[str, object]
    seal_hash: str
    signature: str
    key_id: str
    public_key: str


def proof(entry_id: UUID) -> Proof | None:
    """Return the proof of a sealed entry, or None while it is in the tail."""
    sealed = SealedEntry.objects.select_related("seal").filter(entry_id=entry_id).first()
    if not sealed:
        return None
    seal: Seal = sealed.seal
    digests = list(seal.entries.order_by("number").values_list("entry__digest", flat=True))
    index = sealed.number - seal.first
    return Proof(
        entry=str(entry_id), number=sealed.number, digest=digests[index], index=index, path=merkle.path(digests, index),
        seal=seal.contents(), seal_hash=seal.hash, signature=seal.signature, key_id=seal.key_id,
        public_key=signatures.public_key(seal.key_id) or "",
    )  # fmt: skip


def proof_holds(proof: Proof) -> bool:
    """Check a proof against the signed seal it names."""
    seal = proof.seal
    return (
        canonical.digest(seal) == proof.seal_hash
        and signatures.is_signed(proof.seal_hash, proof.signature, proof.key_id)
        and merkle.leads_to(proof.digest, proof.index, int(str(seal["count"])), proof.path, str(seal["root"]))
    )

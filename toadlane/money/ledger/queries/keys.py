"""Public keys that seals are checked with. A key that was replaced stays, since old seals were made with it."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


def folder() -> Path:
    return Path(settings.DATA) / "keys"


def id_of(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def public_key(key_id: str) -> str | None:
    """Return a public key of this server in hexadecimal, or None when it has no such key."""
    file = folder() / f"ledger.{key_id}.pub"
    return file.read_text().strip() if key_id.isalnum() and file.exists() else None


def is_signed(digest: str, signature: str, key_id: str) -> bool:
    if not (text := public_key(key_id)):
        return False
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    if id_of(key) != key_id:
        return False
    try:
        key.verify(bytes.fromhex(signature), bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True

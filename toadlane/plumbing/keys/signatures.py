"""Ed25519, made once and kept with the server's other keys: seals of the books, results of votes, minutes.

A key that was replaced keeps its public half here, since old signatures were made with it.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

# The books were the first to be sealed, and the files keep that name: a server that exists keeps its key.
NAME = "ledger"


def folder() -> Path:
    return Path(settings.DATA) / "keys"


def id_of(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def sign(digest: str) -> tuple[str, str]:
    """Return the signature over the bytes of a hexadecimal digest, and the id of the key that made it."""
    key = _private_key(folder())
    return key.sign(bytes.fromhex(digest)).hex(), id_of(key.public_key())


def public_key(key_id: str) -> str | None:
    """Return a public key of this server in hexadecimal, or None when it has no such key."""
    file = folder() / f"{NAME}.{key_id}.pub"
    return file.read_text().strip() if key_id.isalnum() and file.exists() else None


def is_signed(digest: str, signature: str, key_id: str) -> bool:
    """Say whether a key of this server signed a digest."""
    text = public_key(key_id)
    return bool(text) and is_signed_with(digest, signature, key_id, str(text))


def is_signed_with(digest: str, signature: str, key_id: str, public: str) -> bool:
    """Say whether the key that somebody holds is the one named, and signed a digest: for whoever checks far from the server."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        if id_of(key) != key_id:
            return False
        key.verify(bytes.fromhex(signature), bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def _private_key(folder: Path) -> Ed25519PrivateKey:
    file = folder / f"{NAME}.key"
    if not file.exists():
        _make(file)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text().strip()))


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    public = key.public_key()
    secret = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()
    # Linked into place whole: of two workers that start at once, one makes the key and both use it.
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secret)
    public_file = file.parent / f"{NAME}.{id_of(public)}.pub"
    public_file.write_text(public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex())
    try:
        os.link(draft, file)
    except FileExistsError:
        public_file.unlink()
    draft.unlink()

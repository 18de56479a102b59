"""The server's signing key: Ed25519, made once, kept with the server's other keys."""

import os
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from toadlane.money.ledger import queries


def sign(digest: str) -> tuple[str, str]:
    """Return the signature over a digest, and the id of the key that made it."""
    key = _private_key(queries.keys.folder())
    return key.sign(bytes.fromhex(digest)).hex(), queries.keys.id_of(key.public_key())


@cache
def _private_key(folder: Path) -> Ed25519PrivateKey:
    file = folder / "ledger.key"
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
    public_file = file.parent / f"ledger.{queries.keys.id_of(public)}.pub"
    public_file.write_text(public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex())
    try:
        os.link(draft, file)
    except FileExistsError:
        public_file.unlink()
    draft.unlink()

"""Envelopes for secret votes while a ballot is open: all of one length, and opened only when it has closed.

The key is made from the server's secret and the ballot's salt; neither alone opens anything, and the salt is thrown away
with the last envelope. Whoever runs the server while it is open can still look over its shoulder: where that matters, a
ballot is cast elsewhere and its result brought here.
"""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG, STEP = 12, 16, 64


class Unopenable(Exception):
    """The envelope was sealed with another secret, or it is not whole."""


def new_salt() -> str:
    return secrets.token_hex(32)


def key_of(secret: str, salt: str) -> bytes:
    return HKDF(SHA256(), 32, bytes.fromhex(salt), b"toadlane ballot slips").derive(secret.encode())


def length_of(longest: int) -> int:
    """Return how long an envelope has to be for a text of so many bytes."""
    return NONCE + TAG + STEP * (longest // STEP + 1)


def seal(text: str, *, key: bytes, length: int) -> bytes:
    """Return an envelope of the given length that holds a text.

    :raises ValueError: when the text does not fit
    """
    content, room = text.encode(), length - NONCE - TAG
    if len(content) >= room:
        raise ValueError("the envelope is too small")
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content + b"\x00" * (room - len(content)), None)


class Opener:
    """Opens many envelopes with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def open(self, sealed: bytes) -> str:
        """:raises Unopenable: when it was sealed with another key, or is not whole"""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).rstrip(b"\x00").decode()
        except Exception as error:
            raise Unopenable from error

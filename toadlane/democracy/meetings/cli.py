"""Checking paper far from the page it came from: is this the file that was signed, and by whose key."""

import hashlib
import json
from pathlib import Path
from typing import Any

from toadlane.plumbing.keys import signatures


def check_paper(pdf: Path, slip: Path, key: str) -> dict[str, Any]:
    """Return what is known of a printed file and the signature that came with it.

    :param key: a public key in hexadecimal that whoever checks holds; else it has to be a key of this server
    :raises ValueError: when the slip is no signature at all
    """
    said = json.loads(slip.read_text(encoding="utf-8"))
    if not isinstance(said, dict):
        raise ValueError(f"{slip} holds no signature")
    digest = hashlib.sha256(pdf.read_bytes()).hexdigest()
    fields = {name: str(said.get(name, "")) for name in ("signature", "key_id", "public_key", "file", "minutes")}
    held = key.strip().lower() or signatures.public_key(fields["key_id"]) or ""
    is_signed = signatures.is_signed_with(digest, fields["signature"], fields["key_id"], fields["public_key"])
    is_own_key = bool(held) and signatures.is_signed_with(digest, fields["signature"], fields["key_id"], held)
    return {
        "ok": digest == fields["file"] and is_own_key, "is_the_file": digest == fields["file"], "is_signed": is_signed,
        "is_own_key": is_own_key, "file": digest, "key_id": fields["key_id"], "minutes": fields["minutes"],
        "coop": said.get("coop"), "meeting": said.get("meeting"), "number": said.get("number"),
    }  # fmt: skip

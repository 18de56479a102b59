"""Is it the file that was signed, and are its parts those of the manifest?"""

import hashlib

from toadlane.commons.records.policies.findings import Found
from toadlane.commons.records.policies.packing import PARTS, Pack
from toadlane.plumbing.keys import signatures


def signature(pack: Pack, key: str) -> Found:
    """The manifest is what was signed, with the key that is expected."""
    found, slip = Found(1), pack.signature
    digest = hashlib.sha256(pack.written).hexdigest()
    found.expect(slip.get("digest") == digest, "the manifest is not the one that was signed")
    held = key.strip().lower() or str(slip.get("public_key", ""))
    signed = signatures.is_signed_with(digest, str(slip.get("signature", "")), str(slip.get("key_id", "")), held)
    found.expect(signed, "it is not signed with the key you gave" if key else "it is not signed with the key that came with it")
    return found


def manifest(pack: Pack) -> Found:
    """Each part is the one in the manifest, byte for byte; there are no others, and what is not there is said to be left out."""
    found = Found()
    for name, said in pack.parts.items():
        found.looked_at += 1
        whole, count = hashlib.sha256(), 0
        try:
            for line in pack.raw(f"{name}.jsonl"):
                whole.update(line)
                count += 1
        except Exception as error:
            found.expect(False, f"{name} cannot be read: {error}")
            continue
        found.expect(whole.hexdigest() == said["sha256"] and count == said["lines"], f"{name} is not what the manifest says")
    for name in {*PARTS} - {*pack.parts} - {*pack.withheld}:
        found.expect(False, f"{name} is missing, and nothing says why")
    for name in {*pack.names} - {f"{part}.jsonl" for part in pack.parts}:
        found.expect(False, f"{name} is in no manifest")
    return found


def is_signed(pack: Pack, digest: str, signature: str, key_id: str) -> bool:
    """Say whether a signature in a part was made with a key that the manifest names."""
    public = pack.keys.get(key_id, "")
    return bool(public) and signatures.is_signed_with(digest, signature, key_id, public)

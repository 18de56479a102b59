"""The hash of a roll."""

import hashlib
from collections.abc import Iterable


def digest(lines: Iterable[str]) -> str:
    """Return the hash of a roll: of its lines as they are published, each ended by a line feed."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(f"{line}\n".encode())
    return whole.hexdigest()

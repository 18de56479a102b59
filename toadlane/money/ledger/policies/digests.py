"""The digests that hold an entry to what it says, and a seal to its entries. Pure: whoever checks a file uses them too."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from toadlane.kernel import canonical, merkle

# code, currency, minor, holder, purpose, rule, rule version
Said = tuple[str, str, int, str, str, str, int | None]


# The spelling of `kernel.canonical`, without its search for floats: what is said are texts and whole numbers.
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode


def encoded(said: Sequence[Said] | Mapping[str, object]) -> str:
    """Return an entry or its sides as the JSON that is hashed, and that the database reads the sides from."""
    return _encode(said)


def intent_of(subject: str, said: Sequence[Said]) -> str:
    """Return the digest of what is asked. Not of the words: a retry may speak another language."""
    return intent_over(subject, encoded(said))


def intent_over(subject: str, legs: str) -> str:
    """Return the digest over sides that are encoded already."""
    return hashlib.sha256(f"[{_encode(subject)},{legs}]".encode()).hexdigest()


def seal_faults(seal: Mapping[str, object], hash: str, log: Sequence[tuple[int, str]], *, previous: str, first: int) -> list[str]:
    """Say what is wrong with a seal.

    :param seal: what its hash is taken over; `log` the numbers and digests of the entries under it, in order
    :param previous: the hash of the seal before it, and `first` the number its first entry has to have
    """
    found = []
    if seal["previous"] != previous or hash != canonical.digest(seal):
        found.append(f"seal {seal['number']} does not follow the one before it")
    numbers = range(first, first + int(str(seal["count"])))
    if seal["first"] != first or [number for number, _ in log] != list(numbers):
        found.append(f"seal {seal['number']} has a gap in its entries")
    elif merkle.root([digest for _, digest in log]) != seal["root"]:
        found.append(f"seal {seal['number']} no longer stands for its entries")
    return found

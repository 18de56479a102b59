"""Merkle trees as in RFC 6962: a root that stands for a list of entries, and short proofs that one of them is in it."""

import hashlib
from collections.abc import Sequence


def leaf(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def node(left: bytes, right: bytes) -> bytes:
    # Another first byte than a leaf's, so that no inner node can be passed off as an entry.
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(digests: Sequence[str]) -> str:
    """Return the root over the entries in order; of none, the hash of nothing."""
    return _root([leaf(digest) for digest in digests]).hex() if digests else hashlib.sha256().hexdigest()


def path(digests: Sequence[str], index: int) -> list[str]:
    """Return the neighbors that lead from the entry at `index` up to the root, nearest first."""
    return [neighbor.hex() for neighbor in _path([leaf(digest) for digest in digests], index)]


def sides(index: int, count: int) -> list[str]:
    """Return on which side of the way up each neighbor of a `path` stands: `left` or `right`, nearest first."""
    if count == 1:
        return []
    split = _split(count)
    if index < split:
        return [*sides(index, split), "right"]
    return [*sides(index - split, count - split), "left"]


def leads_to(digest: str, index: int, count: int, neighbors: Sequence[str], expected_root: str) -> bool:
    """Say whether an entry is number `index` of the `count` entries under a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < count:
        return False
    position, last, found = index, count - 1, leaf(digest)
    for text in neighbors:
        if last == 0:
            return False
        neighbor = bytes.fromhex(text)
        if position & 1 or position == last:
            found = node(neighbor, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node(found, neighbor)
        position, last = position >> 1, last >> 1
    return last == 0 and found.hex() == expected_root


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node(_root(leaves[:split]), _root(leaves[split:]))


def _path(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*_path(leaves[:split], index), _root(leaves[split:])]
    return [*_path(leaves[split:], index - split), _root(leaves[:split])]


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1

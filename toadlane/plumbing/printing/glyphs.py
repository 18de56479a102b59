"""Which signs we can set: those of our own fonts, read from their tables (OpenType, `cmap`, formats 4 and 12)."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from struct import unpack_from

FONTS = Path(__file__).parent / "fonts"
# What stands for a sign that no font of ours has.
MISSING = "?"


# What the typesetter's own font (Libertinus) has for the rest: letters of Europe, Greek and Cyrillic, punctuation and currencies.
LENT = (range(0x00A0, 0x0250), range(0x0386, 0x03CF), range(0x0400, 0x0460), range(0x2010, 0x2028), range(0x20A0, 0x20AD))


def printable(text: str, *, own_only: bool = False) -> str:
    """Return a text with a question mark for each sign that we cannot set, and without what is never seen."""
    known = _known()
    seen = (sign for sign in text if unicodedata.category(sign) != "Cf")
    return "".join(
        sign if sign.isspace() or ord(sign) in known or (not own_only and _is_lent(sign)) else MISSING for sign in seen
    )


def _is_lent(sign: str) -> bool:
    return any(ord(sign) in some for some in LENT)


@cache
def _known() -> frozenset[int]:
    return frozenset(sign for path in sorted(FONTS.glob("*.ttf")) for sign in _signs(path.read_bytes()))


def _signs(font: bytes) -> Iterator[int]:
    count = unpack_from(">H", font, 4)[0]
    tables = {font[12 + 16 * n : 16 + 16 * n]: unpack_from(">I", font, 20 + 16 * n)[0] for n in range(count)}
    cmap = tables[b"cmap"]
    for number in range(unpack_from(">H", font, cmap + 2)[0]):
        at = cmap + unpack_from(">I", font, cmap + 8 + 8 * number)[0]
        kind = unpack_from(">H", font, at)[0]
        if kind == 4:
            segments = unpack_from(">H", font, at + 6)[0] // 2
            ends = unpack_from(f">{segments}H", font, at + 14)
            starts = unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
            yield from (sign for start, end in zip(starts, ends, strict=True) for sign in range(start, min(end, 0xFFFE) + 1))
        elif kind == 12:
            for group in range(unpack_from(">I", font, at + 12)[0]):
                start, end = unpack_from(">II", font, at + 16 + 12 * group)
                yield from range(start, end + 1)

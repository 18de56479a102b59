"""Where lines may end: a word longer than a line is given places to break, which nobody sees, hears or copies."""

import re
import unicodedata
from typing import Final

# As long as a line of a phone's body text is not yet; names and words of people are shorter.
_LONG: Final = re.compile(r"[^\s<>&;\u00ad\u200b]{28,}")
_STEP: Final = 12  # letters
_PIECES: Final = re.compile(r"<(textarea|script|style|title|option|svg|select|pre|code)\b.*?</\1>|>[^<]{28,}", re.DOTALL)
# A mark, a joiner or a skin tone belongs to the letter before it.
_CLINGS: Final = frozenset({"Mn", "Mc", "Me", "Cf", "Sk"})
_JOINER: Final = "\u200d"


def breakable(html: str) -> str:
    """Return the page with places to break in its very long words; what holds no elements is passed over."""
    return _PIECES.sub(lambda found: found[0] if found[1] else _LONG.sub(lambda word: _broken(word[0]), found[0]), html)


def _broken(word: str) -> str:
    pieces, begun = [], 0
    for at in range(1, len(word)):
        clings = unicodedata.category(word[at]) in _CLINGS or word[at - 1] == _JOINER
        if at - begun >= _STEP and not clings:
            pieces.append(word[begun:at])
            begun = at
    return "<wbr>".join([*pieces, word[begun:]])

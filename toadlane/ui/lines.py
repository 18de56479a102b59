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

# Between a sign and a currency's own sign a line may end, as browsers have it: −/€4.84.
_SIGNED: Final = re.compile(r"[−+](?:[$\u00a2-\u00a5\u20a0-\u20cf]|[A-Z]{1,3}[$\u00a0])[\d.,]*\d")
_SAID: Final = re.compile(r"<(textarea|script|style|title|option|svg|select|pre)\b.*?</\1>|>[^<]*[−+][^<]*", re.DOTALL)


def together(html: str) -> str:
    """Return the page with signed amounts that stay on one line; one that stands alone in its element does so already."""
    if not _SIGNED.search(html):
        return html
    return _SAID.sub(lambda found: found[0] if found[1] else _kept(found[0]), html)


def _kept(text: str) -> str:
    return text if _SIGNED.fullmatch(text[1:]) else _SIGNED.sub(lambda sum: f'<span class="nowrap">{sum[0]}</span>', text)


# French puts a space before these, at which no line ends.
_SPACED: Final = re.compile(r"(?<=[^\s>]) (?=[:;!?»](?:[\s<]|$))|(?<=«) ")
_FRENCH: Final = re.compile(r"<(textarea|script|style|title|option|svg|select|pre|code)\b.*?</\1>|>[^<]*[:;!?«»][^<]*", re.DOTALL)


def french(html: str) -> str:
    """Return a French page on which no line begins with a mark or ends after an opening one."""
    return _FRENCH.sub(lambda found: found[0] if found[1] else _SPACED.sub("\u00a0", found[0]), html)


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

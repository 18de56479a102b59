"""Taking the names of people out of what is shown to strangers. Pure: the names come in, and what stands in their place."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_WORD = re.compile(r"\w+")
# Words of the file itself, such as `passed` or `class:worker`: nobody's name, whatever somebody calls themselves.
_CODE = re.compile(r"[a-z0-9_.:\-]*\Z")


class Names:
    """Finds names in texts however many there are, by the first word of each."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        """:param known: a name or an address, and what to say instead"""
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        for name, instead in known:
            plain = name.strip()
            if first := _WORD.search(plain):
                self._by_word.setdefault(first[0].lower(), []).append((plain[first.start() :], instead))
        for names in self._by_word.values():
            names.sort(key=lambda one: -len(one[0]))

    def out_of(self, text: str) -> str:
        """Return a text with every name in it replaced."""
        if _CODE.match(text):
            return text
        found, end = [], 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for name, instead in self._by_word.get(word[0].lower(), ()):
                if self._stands(name, text, word.start()):
                    found += [text[end : word.start()], instead]
                    end = word.start() + len(name)
                    break
        return "".join(found) + text[end:] if found else text

    @staticmethod
    def _stands(name: str, text: str, start: int) -> bool:
        there = text[start : start + len(name)]
        # An address is the same in capitals; a name that is a word as well is only meant as it is written.
        same = there.lower() == name.lower() if "@" in name else there == name
        after = text[start + len(name) : start + len(name) + 1]
        return same and not (after.isalnum() or after == "_")

    def without(self, node: Any) -> Any:
        """Return a document with the names in its texts replaced; the same document where there are none."""
        if isinstance(node, str):
            return self.out_of(node)
        if isinstance(node, Mapping):
            values = {key: self.without(value) for key, value in node.items()}
            return values if any(values[key] is not value for key, value in node.items()) else node
        if isinstance(node, list | tuple):
            items = [self.without(item) for item in node]
            return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
        return node

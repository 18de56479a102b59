"""What a co-op calls things. A word stands by itself (a heading, a link): no language lets it be put into any sentence."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

# By key: what the word is for. The plural has a word of its own, for no rule makes one in every language.
KEYS: Final = {
    "worker": _("Somebody who does the work: cleaner, driver, artist"),
    "workers": _("Several of them: cleaners, drivers, artists"),
    "member": _("A member: owner, partner, co-op"),
    "members": _("Several members: owners, partners, co-ops"),
    "order": _("An order: visit, ride, booking"),
    "orders": _("Several orders: visits, rides, bookings"),
    "listing": _("Something on offer: piece, tour, course"),
    "listings": _("All that is on offer: pieces, tours, courses"),
}


def own(coop: Any, key: str) -> str:
    """Return the co-op's own word in the reader's language, with a capital as it stands by itself; empty where it has none."""
    words: Mapping[str, Any] = getattr(coop, "words", None) or {}
    word = str(words.get(translation.get_language() or "en", {}).get(key, ""))
    return word[:1].upper() + word[1:]

"""Secrets we hand out and what we keep of them; names as they can be read."""

import hashlib
import unicodedata

from toadlane.ui import formats


def digest(secret: str) -> str:
    """Return what is kept of a token or a ticket: long random secrets need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def readable_name(value: str) -> str:
    """Return a name without signs that nobody can see or that turn the line around; any script is welcome.

    Empty when nothing is left that can be read.
    """
    unseen = ("Cc", "Cs", "Cn", "Co")
    turning = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    kept = "".join(sign for sign in value if unicodedata.category(sign) not in unseen and sign not in turning)
    kept = " ".join(kept.split())
    return kept if any(unicodedata.category(sign)[0] in "LNSP" for sign in kept) else ""


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Return what a device is in a word or two, `Firefox, Android`; what it says of itself where we know neither."""
    found = [next((name for sign, name in known if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return formats.listed(word for word in found if word) or user_agent[:60]

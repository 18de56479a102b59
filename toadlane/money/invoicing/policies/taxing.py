"""Who charges VAT, and why where nobody does: small businesses, and businesses that buy from another state of the Union.

Directive 2006/112/EC: articles 44 and 196 (services: the buyer owes the tax), 138 (goods that go to another state), 47 and 56
(what is bound to a place is taxed there), 284 (small businesses).
"""

import re
from typing import Literal

from stdnum.eu import vat

Why = Literal["", "small", "reverse", "intra"]
REVERSE_NOTE = "Reverse charge"
INTRA_NOTE = "Intra-Community supply (Article 138 of Directive 2006/112/EC)"
CATEGORIES = {"small": "E", "reverse": "AE", "intra": "K"}
# Greece writes EL before its numbers. Northern Ireland is one of them for goods only.
STATES = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL",
     "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
_FORM = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,18}")
_COUNTRIES = {"EL": "GR", "XI": "GB"}


def number(said: str) -> str:
    """Return a number for VAT as it is written, or nothing where it cannot be one.

    Numbers of the Union are held against the check digits of their state. Nobody is asked whether they are given out.
    """
    plain = re.sub(r"[\s.\-/]", "", said).upper()
    plain = f"EL{plain[2:]}" if plain.startswith("GR") else plain
    if not _FORM.fullmatch(plain):
        return ""
    return plain if plain[:2] not in STATES | {"XI"} or vat.is_valid(plain) else ""


def is_in_the_union(country: str) -> bool:
    """Whether a country (ISO 3166) is a state of the European Union."""
    return (country if country != "GR" else "EL") in STATES


def country(number: str) -> str:
    """Return the country (ISO 3166) of a number for VAT, or nothing."""
    return _COUNTRIES.get(number[:2], number[:2])


def why_untaxed(*, is_small: bool, seller: str, buyer: str, goods: bool = False, place_bound: bool = False) -> Why:
    """Say why no VAT is charged on a supply, or nothing where it is.

    :param seller, buyer: their numbers for VAT
    :param place_bound: it is taxed where it is done, whoever buys it: rooms, work on houses, vehicles for a while
    """
    if is_small:
        return "small"
    known = STATES | {"XI"} if goods else STATES
    apart = seller[:2] in known and buyer[:2] in known and seller[:2] != buyer[:2]
    if not apart or place_bound:
        return ""
    return "intra" if goods else "reverse"

"""Account numbers, as people type them."""

import re
from functools import cache

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

# Who joined the area after the list of `schwifty` was made (EPC409-09, version 6.0).
JOINED = frozenset({"AL", "MD", "ME", "MK", "RS"})


def iban(said: str) -> str:
    """Return the number of an account without spaces, or nothing where it is none."""
    try:
        return str(IBAN(said.replace(" ", "").upper(), validate_bban=True))
    except (SchwiftyException, ValueError):
        return ""


@cache
def _is_reached(country: str) -> bool:
    return country in JOINED or IBAN(f"{country}00", allow_invalid=True).in_sepa_zone


def takes_sepa(number: str) -> bool:
    """Whether a transfer in euro reaches an account by the rules of SEPA; another one goes as banks abroad take it."""
    return _is_reached(number[:2])


_CREDITOR = re.compile(r"([A-Z]{2})(\d{2})[A-Z0-9]{3}([A-Z0-9]{1,28})")


def creditor(said: str) -> str:
    """Return the identifier of a creditor (AT-02) without spaces, or nothing where its check digits do not fit.

    They are those of ISO 7064, mod 97-10, over the country and what follows the business code, which does not count (EPC262-08).
    """
    plain = "".join(said.split()).upper()
    if not (plain.isascii() and (found := _CREDITOR.fullmatch(plain))):
        return ""
    country, digits, national = found.groups()
    return plain if int("".join(str(int(letter, 36)) for letter in f"{national}{country}{digits}")) % 97 == 1 else ""

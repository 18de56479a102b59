"""Account numbers, as people type them."""

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

"""Account numbers, as people type them."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException


def iban(said: str) -> str:
    """Return the number of an account without spaces, or nothing where it is none."""
    try:
        return str(IBAN(said.replace(" ", "").upper(), validate_bban=True))
    except (SchwiftyException, ValueError):
        return ""

"""How often a password may be guessed by whoever is in already: with a session left open, or a token that was found."""

from allauth.core import ratelimit
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest


class TooManyGuesses(Expected):
    words = lazy("Too many tries. Wait five minutes, then try again.")
    status = 429
    field = "password"


def count_one(request: CoopRequest) -> None:
    """Count a guess, together with those at the page that asks for the password once more.

    :raises TooManyGuesses: after ten in a minute
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise TooManyGuesses

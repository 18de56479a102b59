"""What was sent is taken in, whatever is answered."""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse

MOST = 1_000_000  # bytes


class Intake:
    """Read the rest of a request that was answered before it was read, as a refusal is.

    Left unread, it costs the connection: the web process closes it, often without a word, and the next request that a browser
    or a proxy sends on it is lost. Of a large upload nobody waits for the end; there closing is right.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and len(length) < 10 and 0 < int(length) <= MOST:
            with suppress(OSError):
                request.read()
        return answer

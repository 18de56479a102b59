"""Pages for when nothing else can be shown: what went wrong, in plain words, and a way on."""

from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from toadlane.ui import typed

# By status, and `forged` for what did not come from a page of ours: title, what happened, what to do.
PAGES: Final = {
    "400": (
        _("This cannot be read"),
        _("What was sent is not in a form that this page understands."),
        _("Go back, load the page anew, and try once more."),
    ),
    "405": (
        _("This page takes no such request"),
        _("The address is there, but only for what a form on another page sends to it."),
        _("Go back to that page and use its button."),
    ),
    "409": (
        _("Somebody was quicker"),
        _("Somebody else did something here at the very same moment. Nothing was done."),
        _("Go back, load the page anew, and try once more."),
    ),
    "413": (
        _("That is too large"),
        _("More was sent at once than this server takes: twelve megabytes in a form, and not many more with its files."),
        _("Send a smaller file, or fewer at a time."),
    ),
    "429": (
        _("Wait a little"),
        _("That was asked for very often just now, from here or for this account. Wait five minutes, then go on."),
        "",
    ),
    "500": (
        _("Something broke on our side"),
        _("It has been noted. Nothing that you did caused it, and nothing was done by halves."),
        _("Go back and try once more. If it happens again, tell the people who run this server."),
    ),
    "forged": (
        _("This form is no longer good"),
        _("It was open for a long time, or you signed in or out since, or your browser keeps no cookies."),
        _("Go back, load the page anew, and send it once more. What you typed may have to be typed again."),
    ),
}
_WAIT = "300"

log = structlog.get_logger()


def page(request: HttpRequest, kind: str, *, status: int = 0) -> HttpResponse:
    """Return the page for a status, with a way on."""
    title, what, then = PAGES[kind]
    # What could not be read, or came from elsewhere, is not told again.
    said = typed.words(request) if kind in ("409", "429") else []
    about = {"title": title, "what": what, "then": then, "typed": said}
    response = render(request, "ui/sorry.html", about, status=status or int(kind))
    if kind == "429":
        response["Retry-After"] = _WAIT
    return response


def bare_page(kind: str) -> HttpResponse:
    """Return the same page with nothing asked of the database, which may be what broke."""
    title, what, then = PAGES[kind]
    about = {
        "title": title, "what": what, "then": then, "server_name": settings.TOADLANE_NAME, "home_url": "/",
        "LANGUAGE_CODE": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }  # fmt: skip
    try:
        return HttpResponse(render_to_string("ui/sorry.html", about), status=int(kind))
    except Exception as error:  # Whatever it is: somebody still has to be told something.
        log.error("sorry.unshown", error=repr(error))
        return HttpResponse(f"{title}. {what} {then}", status=int(kind), content_type="text/plain; charset=utf-8")

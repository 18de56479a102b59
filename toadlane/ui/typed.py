"""What somebody wrote, when the page it was written on does not come back: it is shown again, so that nobody writes it twice."""

import re
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

_SECRET: Final = re.compile(r"password|secret|token|csrf|card|code|key|nonce", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")


def words(request: HttpRequest) -> list[str]:
    """Return what was sent in words: several of them, in a field that holds no secret."""
    if request.method != "POST":
        return []
    said = (value.strip() for name, values in request.POST.lists() if not _SECRET.search(name) for value in values)
    return [value for value in said if " " in value and _LETTER.search(value)]


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Tell it again on the next page, where a refusal leads on to another page than the form's."""
    queued = getattr(messages.get_messages(request), "_queued_messages", [])
    if 300 <= response.status_code < 400 and any(one.level >= messages.ERROR for one in queued):
        for said in words(request):
            messages.info(request, _("You had typed: “%(words)s”") % {"words": said})

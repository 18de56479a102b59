"""What every template may rely on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import translation

from toadlane.ui import nav

# Each language in its own words: whoever looks for it may read no other.
TONGUES = [("en", "English", "ltr"), ("es", "Español", "ltr"), ("fr", "Français", "ltr"), ("ar", "العربية", "rtl")]


def page(request: HttpRequest) -> dict[str, Any]:
    coop = getattr(request, "coop", None)
    board: nav.Place = "coop" if coop else "server"
    boards = nav.boards(request, board, "foot", "street")
    return {
        "coop": coop,
        "by": getattr(request, "by", None),
        "now": getattr(request, "now", None),
        "server_name": settings.TOADLANE_NAME,
        # A co-op at a host name of its own has the server at another address; all others live below it.
        "server_home": "/" if get_script_prefix() != "/" else f"{settings.TOADLANE_ORIGIN}/",
        "server_is_sandbox": settings.TOADLANE_SANDBOX,
        "board": boards[board],
        "foot": boards["foot"],
        "street": boards["street"],
        "home_url": nav.home(request),
        "source_url": settings.TOADLANE_SOURCE_URL,
        "tiles": settings.TOADLANE_TILES,
        "tongues": TONGUES,
        "LANGUAGE_CODE": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }

"""What stands on the board over the door. Rooms say it in their `wiring`; a template may not link upwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix
from django.utils.translation import gettext

Place = Literal["coop", "server", "street", "foot", "desk"]
# Asked with the request; None is for everyone.
Audience = Callable[[Any], bool] | None


@dataclass(frozen=True)
class Item:
    place: Place
    order: int
    label: str
    url_name: str
    audience: Audience


_items: list[Item] = []


def declare(place: Place, order: int, label: str, url_name: str, audience: Audience = None) -> None:
    """Put a link on the board of the co-op or the server, on the street line above it, on the desk, or at the foot of the page.

    :param label: English source text; mark it with `gettext_noop` so that it is translated
    """
    _items.append(Item(place, order, label, url_name, audience))


def declared() -> list[Item]:
    return sorted(_items, key=lambda item: (item.place, item.order, item.label))


def links(place: Place, request: Any) -> list[dict[str, Any]]:
    found = []
    for item in declared():
        if item.place == place and (item.audience is None or item.audience(request)):
            url = _address(item.url_name, request)
            if url:
                current = request.path == url or (len(url) > 1 and url != home(request) and request.path.startswith(url))
                found.append({"label": gettext(item.label), "url": url, "current": current})
    return found


def home(request: Any) -> str:
    """Return the front page of the co-op, or of the server."""
    return get_script_prefix() if getattr(request, "coop", None) else "/"


def _address(name: str, request: Any) -> str | None:
    """Return the address of a page of this co-op, or of the server where the co-op has no such page."""
    urlconf = getattr(request, "urlconf", None)
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        if urlconf is None:
            return None
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, urlconf=settings.ROOT_URLCONF)
    except NoReverseMatch:
        return None
    finally:
        set_script_prefix(before)

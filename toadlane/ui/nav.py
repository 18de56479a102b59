"""What stands on the board over the door. Rooms say it in their `wiring`; a template may not link upwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

Place = Literal["coop", "server", "foot", "desk"]
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
    """Put a link on the board of the co-op or the server, on the desk, or at the foot of the page.

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
                current = request.path == url or (len(url) > 1 and url != _home(request) and request.path.startswith(url))
                found.append({"label": gettext(item.label), "url": url, "current": current})
    return found


def _home(request: Any) -> str | None:
    return _address("directory:home", request)


def _address(name: str, request: Any) -> str | None:
    try:
        return reverse(name, urlconf=getattr(request, "urlconf", None))
    except NoReverseMatch:
        return None

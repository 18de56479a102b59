"""What stands on the board over the door. Rooms say it in their `wiring`; a template may not link upwards."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix
from django.utils.translation import gettext, gettext_noop

from toadlane.ui import words

Place = Literal["coop", "server", "street", "foot", "desk", "settings"]
# What the links of the desk are about.
Group = Literal["work", "money", "together", "office"]
GROUPS: dict[Group, str] = {
    "work": gettext_noop("Work and orders"), "money": gettext_noop("Money"), "together": gettext_noop("Among ourselves"),
    "office": gettext_noop("Keeping the co-op"),
}  # fmt: skip
# Asked with the request; None is for everyone.
Audience = Callable[[Any], bool] | None


@dataclass(frozen=True)
class Item:
    place: Place
    order: int
    label: str
    url_name: str
    audience: Audience
    word: str = ""
    group: Group = "together"


@dataclass(frozen=True)
class Written:
    """A link that a co-op put up itself: its words are its own and are not translated."""

    place: Place
    order: int
    label: str
    url: str


_items: list[Item] = []
_sources: list[Callable[[Any], list[Written]]] = []


def declare(
    place: Place, order: int, label: str, url_name: str, audience: Audience = None, *, word: str = "", group: Group = "together",
) -> None:  # fmt: skip
    """Put a link on the board of the co-op or the server, on the street line above it, on the desk, in settings, or at the foot.

    :param label: English source text; mark it with `gettext_noop` so that it is translated
    :param word: what the co-op may call it instead: a key of `words.KEYS`
    :param group: under which heading it stands on the desk
    """
    _items.append(Item(place, order, label, url_name, audience, word, group))


def declare_source(source: Callable[[Any], list[Written]]) -> None:
    """Add links that are rows of a co-op; asked once for each page shown."""
    _sources.append(source)


def declared() -> list[Item]:
    return sorted(_items, key=lambda item: (item.place, item.order, item.label))


@lru_cache(maxsize=64)
def _declared_at(places: tuple[Place, ...], _known: int) -> list[Item]:
    return [item for item in declared() if item.place in places]


def boards(request: Any, *places: Place) -> dict[Place, list[dict[str, Any]]]:
    """Return the links of each place, in order, with the one that is being looked at marked."""
    found: list[tuple[int, Place, str, str, Group]] = []
    for item in _declared_at(places, len(_items)):
        if (url := address(item.url_name, request)) is None:
            continue
        # Asked last: what is a co-op's alone has no address, and no answer, on the server's own pages.
        if item.audience is None or item.audience(request):
            own = words.own(getattr(request, "coop", None), item.word) if item.word else ""
            found.append((item.order, item.place, own or gettext(item.label), url, item.group))
    for source in _sources:
        found += [(link.order, link.place, link.label, link.url, "together") for link in source(request) if link.place in places]
    front = home(request)
    return {
        place: [
            {"label": label, "url": url, "current": _is_current(request.path, url, front), "group": group}
            for _order, where, label, url, group in sorted(found, key=lambda link: link[0])
            if where == place
        ]
        for place in places
    }


def grouped(links: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return links under their headings, without headings that have none."""
    found = [(gettext(name), [link for link in links if link["group"] == group]) for group, name in GROUPS.items()]
    return [(name, some) for name, some in found if some]


def _is_current(path: str, url: str, front: str) -> bool:
    return path == url or (url not in (front, "/") and path.startswith(url))


def home(request: Any) -> str:
    """Return the front page of the co-op, or of the server."""
    return get_script_prefix() if getattr(request, "coop", None) else "/"


def address(name: str, request: Any, *args: object) -> str | None:
    """Return the address of a page of this co-op, else of the server; None where neither has such a page."""
    return _address(name, getattr(request, "urlconf", None), settings.ROOT_URLCONF, get_script_prefix(), args)


@lru_cache(maxsize=4096)
def _address(name: str, urlconf: str | None, servers: str, below: str, args: tuple[object, ...]) -> str | None:
    """Look it up once: every page asks for all that stands on its board.

    :param below: the prefix of the co-op's addresses
    """
    try:
        return reverse(name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        if urlconf is None:
            return None
    set_script_prefix("/")
    try:
        return reverse(name, urlconf=servers, args=args)
    except NoReverseMatch:
        return None
    finally:
        set_script_prefix(below)

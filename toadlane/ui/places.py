"""Small maps drawn by the server: pins on the outlines of the land."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from toadlane.ui import formats
from toadlane.ui.shapes import Pin

LAND = Path(__file__).parent / "static" / "ui" / "land.json"
SCALE = 1_000_000  # The width of the world in the units of that file.
WIDTH, HEIGHT = 520, 380
# A single pin still shows some country around it, and the pins of one town some streets: units across the frame.
_COUNTRY, _TOWN, _MARGIN, _EDGE = 36_000, 56, 0.16, 8
# Nearer than this the outlines are too coarse to say what is water: a degree and a half of longitude.
_TOO_COARSE = 4_000
# Two pins nearer than this many pixels are pushed apart, in so many rounds at most.
_APART, _ROUNDS = 30, 12
# Two points nearer than this many pixels are drawn as one.
_FINE = 2.2
_STRETCH = 48
# The equator, in meters.
_EARTH = 40_075_016.7

Point = tuple[float, float]
Frame = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    number: int
    # Text, so that no language writes a comma into a drawing.
    x: str
    y: str
    pin: Pin


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    land: Sequence[str]
    spots: Sequence[Spot]
    # A length as people say it, and how many pixels it is long here; and lines that far apart where no land gives a measure.
    scale: tuple[str, int] = ("", 0)
    grid: str = ""

    @property
    def data(self) -> str:
        """Return the pins as the script reads them: latitude, longitude, label, address, number."""
        return json.dumps([[s.pin.latitude, s.pin.longitude, s.pin.label, s.pin.url, s.number] for s in self.spots])


def mercator(latitude: float) -> float:
    """Return the northing of a latitude, the world's width being one (spherical Mercator)."""
    bounded = max(-85.0, min(85.0, latitude))
    return math.log(math.tan(math.pi / 4 + math.radians(bounded) / 2)) / (2 * math.pi)


@dataclass(frozen=True)
class Ring:
    """An outline, cut into stretches that each know their frame: most of a continent is far from any small map."""

    stretches: Sequence[tuple[Sequence[Point], Frame]]
    frame: Frame

    def near(self, frame: Frame) -> list[Point]:
        """Return the outline without what lies wholly to one side of a frame: of such a stretch only the ends matter."""
        west, north, east, south = frame
        found: list[Point] = []
        for points, (left, top, right, bottom) in self.stretches:
            is_aside = right < west or left > east or bottom < north or top > south
            found += (points[0], points[-1]) if is_aside else points
        return found


@lru_cache(maxsize=1)
def _rings() -> list[Ring]:
    found = []
    for steps in json.loads(LAND.read_text()):
        x = y = 0
        points: list[Point] = []
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        stretches = [(points[at : at + _STRETCH], _around(points[at : at + _STRETCH])) for at in range(0, len(points), _STRETCH)]
        found.append(Ring(stretches, _around(points)))
    return found


def _around(points: Sequence[Point]) -> Frame:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def chart(pins: Sequence[Pin]) -> Chart:
    """Fit the pins into a frame, with the land around them."""
    points = [(pin.longitude / 360 * SCALE, -mercator(pin.latitude) * SCALE) for pin in pins]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    north, south = min(y for _, y in points), max(y for _, y in points)
    span = max(east - west, (south - north) * WIDTH / HEIGHT)
    span = max(span, _TOWN) if span else _COUNTRY
    scale = WIDTH * (1 - 2 * _MARGIN) / span
    left, top = (west + east) / 2 - WIDTH / 2 / scale, (north + south) / 2 - HEIGHT / 2 / scale
    drawn = _pushed_apart([((x - left) * scale, (y - top) * scale) for x, y in points])
    spots = [Spot(n, f"{x:.1f}", f"{y:.1f}", pin) for n, ((x, y), pin) in enumerate(zip(drawn, pins, strict=True), 1)]
    land = _land(round(left), round(top), round(scale, 9)) if span > _TOO_COARSE else (f"M0 0h{WIDTH}v{HEIGHT}H0z",)
    is_close = span <= _TOO_COARSE
    length, pixels = _measure(scale, sum(pin.latitude for pin in pins) / len(pins))
    return Chart(WIDTH, HEIGHT, land, spots, (length, pixels), _grid(pixels) if is_close else "")


def _measure(scale: float, latitude: float) -> tuple[str, int]:
    """Return a round length that is at most a quarter of the frame wide, and its pixels."""
    meters_of_one = _EARTH * math.cos(math.radians(latitude)) / SCALE / scale
    most = WIDTH / 4 * meters_of_one
    power = 10 ** math.floor(math.log10(most))
    length = next(step * power for step in (5, 2, 1) if step * power <= most)
    kilometers = formats.number(int(length / 1000) if length >= 1000 else round(length / 1000, 3))
    text = _("%(n)s km") % {"n": kilometers} if length >= 1000 else _("%(n)s m") % {"n": formats.number(round(length))}
    return text, round(length / meters_of_one)


def _grid(step: int) -> str:
    """Draw lines a measure apart, so that one sees how far things are from each other where there is no coast."""
    upright = "".join(f"M{x} 0v{HEIGHT}" for x in range(WIDTH // 2 % step, WIDTH, step))
    level = "".join(f"M0 {y}h{WIDTH}" for y in range(HEIGHT // 2 % step, HEIGHT, step))
    return upright + level


def _pushed_apart(points: Sequence[Point]) -> Sequence[Point]:
    """Move pins that would cover each other, so that every number can be read; none leaves the frame."""
    spots = [[x, y] for x, y in points]
    for _round in range(_ROUNDS):
        is_clear = True
        for n, one in enumerate(spots):
            for m, other in enumerate(spots[n + 1 :], n + 1):
                across, down = other[0] - one[0], other[1] - one[1]
                if (apart := math.hypot(across, down)) >= _APART - 0.5:
                    continue
                is_clear = False
                # Two on one spot part in a direction of their own, or a whole row of them would stay a row.
                turn = (math.cos(n + m), math.sin(n + m)) if apart < 0.1 else (across / apart, down / apart)
                step = (_APART - apart) / 2
                for spot, way in ((one, -step), (other, step)):
                    spot[0] = min(max(spot[0] + turn[0] * way, _APART / 2), WIDTH - _APART / 2)
                    spot[1] = min(max(spot[1] + turn[1] * way, _APART / 2), HEIGHT - _APART / 2)
        if is_clear:
            break
    return [(x, y) for x, y in spots]


@lru_cache(maxsize=256)
def _land(left: int, top: int, scale: float) -> tuple[str, ...]:
    edge = _EDGE / scale
    frame = (left - edge, top - edge, left + WIDTH / scale + edge, top + HEIGHT / scale + edge)
    drawn = []
    for ring in _rings():
        west, north, east, south = ring.frame
        if west < frame[2] and east > frame[0] and north < frame[3] and south > frame[1]:
            path = _path(_clipped(ring.near(frame), frame), left, top, scale)
            if path:
                drawn.append(path)
    return tuple(drawn)


def _clipped(points: Sequence[Point], frame: Frame) -> Sequence[Point]:
    """Cut a ring to the frame, one side after the other (Sutherland and Hodgman, 1974)."""
    sides = ((0, frame[0], 1), (0, frame[2], -1), (1, frame[1], 1), (1, frame[3], -1))
    for axis, limit, sign in sides:
        if not points:
            break
        kept: list[Point] = []
        last = points[-1]
        was_in = sign * (last[axis] - limit) >= 0
        for point in points:
            is_in = sign * (point[axis] - limit) >= 0
            if is_in != was_in:
                kept.append(_crossing(last, point, axis, limit))
            if is_in:
                kept.append(point)
            last, was_in = point, is_in
        points = kept
    return points


def _crossing(one: Point, other: Point, axis: int, limit: float) -> Point:
    part = (limit - one[axis]) / (other[axis] - one[axis])
    across = one[1 - axis] + part * (other[1 - axis] - one[1 - axis])
    return (limit, across) if axis == 0 else (across, limit)


def _path(points: Sequence[Point], left: int, top: int, scale: float) -> str:
    """Write a ring as steps of tenths of a pixel. What is smaller than a pixel or two is left out."""
    steps: list[str] = []
    start = last = (0.0, 0.0)
    for x, y in points:
        here = (round((x - left) * scale, 1), round((y - top) * scale, 1))
        if not steps:
            start = last = here
            steps.append("")
        elif abs(here[0] - last[0]) + abs(here[1] - last[1]) > _FINE:
            steps.append(f"{here[0] - last[0]:.1f} {here[1] - last[1]:.1f}".replace(".0", "").replace("-0 ", "0 "))
            last = here
    return f"M{start[0]:g} {start[1]:g}l{'l'.join(steps[1:])}z" if len(steps) > 3 else ""

"""A co-op's paint. A theme sets custom properties and nothing else, and is refused where people could not read it."""

import colorsys
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from toadlane.ui import contrast

# Each token has a light and a dark value: {"paint": ["#1c4b8c", "#a9c8f2"], ...}
Theme = Mapping[str, object]
TOKENS = ("paint", "on-paint", "accent", "fascia", "on-fascia", "tint", "spot")

# Paper and ink are the same in every co-op; a theme is measured against them.
_FIXED = {
    "paper": ("#f5efe2", "#17140f"), "sheet": ("#fdfaf3", "#211d17"), "sunk": ("#ebe3d2", "#100e0a"),
    "ink": ("#221d16", "#f2eadb"), "ink-2": ("#5a5142", "#beb39f"),
}  # fmt: skip
_OWN = {
    "paint": ("#1f5140", "#a5d3bd"), "on-paint": ("#fdfaf3", "#10261d"), "accent": ("#1f5140", "#a5d3bd"),
    "fascia": ("#1f5140", "#173c30"), "on-fascia": ("#fbf4e4", "#fbf4e4"), "tint": ("#dfe8dc", "#1f2d26"),
    "spot": ("#e3b54a", "#b98d2c"),
}  # fmt: skip


def _palette(light: str, dark: str, on_dark: str, **more: str) -> dict[str, list[str]]:
    """Build a theme around one color: `fascia` is its shade after dark, `tint` and `spot` are given as "light dark"."""
    return {
        "paint": [light, dark], "on-paint": ["#fdfaf3", on_dark], "accent": [light, dark], "fascia": [light, more["fascia"]],
        "tint": more["tint"].split(), "spot": more["spot"].split(),
    }  # fmt: skip


# Paints to begin from, each readable by day and after dark.
PALETTES = {
    "bottle": _palette("#1f5140", "#a5d3bd", "#10261d", fascia="#173c30", tint="#dfe8dc #1f2d26", spot="#e3b54a #b98d2c"),
    "harbor": _palette("#1c4b8c", "#a9c8f2", "#0f2038", fascia="#1a3a68", tint="#dde6ed #1c2735", spot="#f3b93c #c9942a"),
    "brick": _palette("#a3301c", "#f3ad98", "#3a120a", fascia="#76261a", tint="#f3e0d5 #342019", spot="#7fb3a6 #4f8578"),
    "plum": _palette("#5a2d5e", "#dcb4df", "#2b112d", fascia="#4a2650", tint="#ebdfe6 #2b202c", spot="#f0c24b #b88a1f"),
    "sea": _palette("#0d5964", "#93d2da", "#06272c", fascia="#0e434b", tint="#d9e7e4 #172a2c", spot="#ee9a6c #bd6b3d"),
    "honey": _palette("#704600", "#e8bf76", "#2b1b02", fascia="#543608", tint="#f1e4c6 #2d2413", spot="#93b2c9 #55788f"),
    "oak": _palette("#3c5717", "#bfd794", "#1b2808", fascia="#324813", tint="#e4e9cf #242b17", spot="#e79aa0 #a9585f"),
}


def around(color: str) -> dict[str, list[str]]:
    """Build a theme around any color: its hue stays, and its lightness goes as far as it must to be read by day and after dark.

    :raises ValueError: when it is not a hexadecimal color
    """
    hue, lightness, fullness = colorsys.rgb_to_hls(*(value / 255 for value in contrast.channels(color)))

    def shade(light: float, full: float = fullness) -> str:
        return "#" + "".join(f"{round(255 * value):02x}" for value in colorsys.hls_to_rgb(hue, light, full))

    def readable(start: float, step: int, on: Sequence[str]) -> str:
        """Return the first shade from a lightness on, darker or lighter by hundredths, that can be read on all of these."""
        shades = (shade(start + step * n / 100) for n in range(100) if 0 <= start + step * n / 100 <= 1)
        return next(one for one in shades if all(contrast.ratio(one, other) >= contrast.TEXT for other in on))

    tint = [shade(0.9, min(fullness, 0.35)), shade(0.13, min(fullness, 0.3))]
    paint = readable(lightness, -1, [_FIXED["paper"][0], _FIXED["sheet"][0], tint[0], "#fbf4e4"])
    night = readable(max(lightness, 0.6), 1, [_FIXED["paper"][1], _FIXED["sheet"][1], tint[1]])
    return {
        "paint": [paint, night], "on-paint": ["#fdfaf3", readable(0.2, -1, [night])], "accent": [paint, night],
        "fascia": [paint, readable(0.25, -1, ["#fbf4e4"])], "tint": tint, "spot": list(_OWN["spot"]),
    }  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A pair of colors, how well one can be read on the other, and how well it has to be."""

    text: str
    on: str
    scheme: str
    ratio: float
    least: float


# Which token has to be read on which, and how well: words at 4.5, marks and edges at 3.
_PAIRS = (
    ("on-paint", "paint", contrast.TEXT), ("on-fascia", "fascia", contrast.TEXT), ("accent", "paper", contrast.TEXT),
    ("accent", "sheet", contrast.TEXT), ("accent", "tint", contrast.TEXT), ("ink", "tint", contrast.TEXT),
    ("ink-2", "tint", contrast.TEXT), ("paint", "paper", contrast.MARKS),
    ("paint", "sheet", contrast.MARKS),
)  # fmt: skip
_LIGHT_DARK = re.compile(r"^light-dark\(\s*(#[0-9a-fA-F]{3,6})\s*,\s*(#[0-9a-fA-F]{3,6})\s*\)$")
_DECLARATION = re.compile(r"--([-a-z]+)\s*:\s*([^;}]+)")


def _pair(value: object) -> tuple[str, str]:
    """Return the light and the dark value of a token, however it was written.

    :raises ValueError: when it is not one or two hexadecimal colors
    """
    if isinstance(value, str) and (found := _LIGHT_DARK.match(value.strip())):
        pair = found[1], found[2]
    elif isinstance(value, str):
        pair = value.strip(), value.strip()
    elif isinstance(value, Mapping):
        pair = str(value.get("light")), str(value.get("dark"))
    elif isinstance(value, Sequence):
        light, dark = value
        pair = str(light), str(dark)
    else:
        raise ValueError(value)
    for color in pair:
        contrast.channels(color)
    return pair


def tokens(theme: Theme) -> dict[str, tuple[str, str]]:
    """Return the tokens that a theme sets, and no other key it may hold.

    :raises ValueError: when a value is not a color
    """
    return {token: _pair(theme[token]) for token in TOKENS if theme.get(token)}


def parse(css: str) -> dict[str, list[str]]:
    """Read a blueprint's `theme.css`, which may hold our tokens and nothing else.

    :raises ValueError: for a property that a theme may not set
    """
    found = {name: value.strip() for name, value in _DECLARATION.findall(css)}
    if strange := set(found) - set(TOKENS):
        raise ValueError(f"a theme may not set {', '.join(sorted(strange))}")
    return {token: list(pair) for token, pair in tokens(found).items()}


def declarations(theme: Theme | None) -> str:
    """Return the theme as CSS declarations. Only colors come through: the value goes into a page."""
    try:
        pairs = tokens(theme or {})
    except (TypeError, ValueError):
        return ""
    return "".join(f"--{token}:light-dark({light},{dark});" for token, (light, dark) in pairs.items())


def whole(theme: Theme) -> dict[str, tuple[str, str]]:
    """Return every color of a page under a theme, by token: by day and after dark.

    :raises ValueError: when a value is not a color
    """
    return {**_FIXED, **_OWN, **tokens(theme)}


def measured(theme: Theme) -> list[Measured]:
    """Return how well everything under a theme can be read, by day and after dark.

    :raises ValueError: when a value is not a color
    """
    colors = whole(theme)
    return [
        Measured(text, on, scheme, contrast.ratio(colors[text][at], colors[on][at]), least)
        for text, on, least in _PAIRS
        for at, scheme in enumerate(("light", "dark"))
    ]


def unreadable(theme: Theme) -> list[Measured]:
    """Return every pair of colors of a theme that people could not read, by day and after dark.

    :raises ValueError: when a value is not a color
    """
    return [replace(one, ratio=round(one.ratio, 2)) for one in measured(theme) if one.ratio < one.least]

"""Contrast as WCAG 2.2 counts it: relative luminance of sRGB colors (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

import re

_HEX = re.compile(r"^#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$")
# Success criteria 1.4.3 (text) and 1.4.11 (marks, edges of controls).
TEXT, MARKS = 4.5, 3.0


def channels(color: str) -> tuple[int, int, int]:
    """Return red, green and blue of "#1c4b8c" or "#abc".

    :raises ValueError: when it is not a hexadecimal color
    """
    if not _HEX.match(color):
        raise ValueError(f"not a color: {color}")
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(color: str) -> float:
    linear = [
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in channels(color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colors, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)

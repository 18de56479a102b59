"""Gather the drawings in tools/drawings into one sprite that every page shares: `python -m tools.sprite`.

A drawing is one or more <symbol>s that use the classes below. In a sprite of its own a page's style sheet cannot reach
them, but custom properties can: so each class is written out as attributes that use the co-op's paint.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
SPRITE = HERE.parent / "toadlane" / "ui" / "static" / "ui" / "sprite.svg"
_LINE = 'fill="none" stroke="var(--ink)" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"'
_EDGE = 'stroke="var(--ink)" stroke-width="2.4" stroke-linejoin="round"'
CLASSES = {
    "i-l": _LINE,
    "i-f": f'fill="var(--sheet)" {_EDGE}',
    "i-p": 'fill="var(--spot)"',
    "i-q": 'fill="var(--fascia)"',
    "i-k": 'fill="var(--ink)"',
    "i-t": 'fill="var(--tint)"',
    "i-o": _EDGE,
    "i-a": 'fill="var(--fascia)"',
    "i-b": 'fill="var(--sheet)"',
    "i-c": 'fill="none" stroke="var(--fascia)" stroke-width="1.5"',
    "i-apron": 'fill="var(--apron)" stroke="none"',
    "i-hair": 'fill="#2b2118" stroke="var(--ink)" stroke-width="1.4"',
    "i-eye": 'fill="#221d16"',
    "i-smile": 'fill="none" stroke="#221d16" stroke-width="2.2" stroke-linecap="round"',
    "i-pinny": 'fill="light-dark(#fdfaf3,#efe6d3)" stroke="#221d16" stroke-width="2.4" stroke-linejoin="round"',
    "i-sk1": 'fill="#d9a06e"',
    "i-sk2": 'fill="#8a5a3b"',
    "i-sk3": 'fill="#f0cfa8"',
}


def written_out(drawing: str) -> str:
    return re.sub(r'class="([^"]+)"', lambda found: " ".join(CLASSES[name] for name in found[1].split()), drawing)


def sprite() -> str:
    symbols = "\n".join(path.read_text().strip() for path in sorted((HERE / "drawings").glob("*.svg")))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{written_out(symbols)}\n</svg>\n'


if __name__ == "__main__":
    SPRITE.write_text(sprite())
    print(f"{SPRITE.name}: {len(sprite())} bytes")
